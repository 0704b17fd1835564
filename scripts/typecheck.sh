#!/usr/bin/env bash
# mypy --strict on everything we ship and test; each __main__.py alone, since they share one module name.
set -euo pipefail
cd "$(dirname "$0")/.."
mypy=(.venv/bin/mypy --strict --no-error-summary)
status=0
"${mypy[@]}" components/timestream_baseline policies/timestream_policies sandbox/aws_sandbox scripts tests || status=1
for program in __main__.py components/__main__.py policies/__main__.py examples/*/__main__.py; do
  [ -f "$program" ] || continue
  "${mypy[@]}" "$program" || status=1
done
exit "$status"
