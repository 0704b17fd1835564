#!/usr/bin/env bash
# Installs the Node tools of the tests from their lock file; does nothing when they are there.
set -euo pipefail
cd "$(dirname "$0")/../tests/node"
stamp=node_modules/.complete
key=$(cat package.json package-lock.json | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ]; then
  exit 0
fi
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null
printf '%s' "$key" >"$stamp"
