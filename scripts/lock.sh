#!/usr/bin/env bash
# Resolves requirements.in into the lock (versions and hashes) and, from the same versions, writes the
# requirements files that `pulumi install` reads, which pip refuses to mix with editable packages and hashes.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=$(command -v uv || echo .venv/bin/uv)
compile() { "$uv" pip compile --quiet --universal --python-version 3.11 --no-header "$@"; }

compile --generate-hashes "${@}" requirements.in --output-file requirements.lock
# The engine's own language host: the same versions again.
compile --generate-hashes --no-annotate --constraints requirements.lock \
  sandbox/engine/requirements.in --output-file sandbox/engine/requirements.lock
versions() { # versions OUTPUT LOCAL_PACKAGES -- SOURCES: the lock's versions, without hashes
  local output=$1 local_packages=$2
  shift 3
  {
    echo "# Made by 'make lock' for 'pulumi install': the versions of requirements.lock and the local packages."
    compile --no-annotate --constraints requirements.lock "$@"
    for package in $local_packages; do echo "-e $package"; done
  } >"$output.new"
  mv "$output.new" "$output"
}
versions requirements.txt "./components ./policies ./sandbox" -- requirements.in
versions components/requirements.txt . -- components/pyproject.toml
versions policies/requirements.txt . -- policies/pyproject.toml
