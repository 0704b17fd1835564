#!/usr/bin/env bash
# Makes the development environment in .venv from requirements.lock: versions and hashes, nothing else.
# Safe to run again at any time; does nothing when nothing changed.
set -euo pipefail
cd "$(dirname "$0")/.."

stamp=.venv/.complete
key=$(cat requirements.lock components/pyproject.toml policies/pyproject.toml sandbox/pyproject.toml "$0" | cksum)
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$key" ] && .venv/bin/python -c '' 2>/dev/null; then
  exit 0
fi

say() { printf '%s\n' "$*" >&2; }
fail() { say "error: $*"; exit 1; }

# Python: PYTHON from the environment, else the first of these that is 3.11 or newer.
python=
for candidate in "${PYTHON:-}" python3.11 python3 python3.12 python3.13 python3.14 python; do
  [ -n "$candidate" ] && command -v "$candidate" >/dev/null 2>&1 || continue
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    python=$candidate
    break
  fi
done
[ -n "$python" ] || fail "Python 3.11 or newer is needed: install it, or name it with PYTHON=/path/to/python3 make …"

say "Setting up .venv (first time about a minute) …"
rm -f "$stamp"
if ! .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  rm -rf .venv
  "$python" -m venv .venv || fail "'$python -m venv' failed: on Debian and Ubuntu install the package python3-venv"
fi

# uv: the one on PATH, else the version that the lock names, checked by its hashes.
uv=$(command -v uv || true)
if [ -z "$uv" ]; then
  uv=.venv/bin/uv
  if [ ! -x "$uv" ]; then
    wanted=$(mktemp)
    trap 'rm -f "$wanted"' EXIT
    awk '/^uv==/ {keep = 1} keep && /^[a-z]/ && !/^uv==/ {keep = 0} keep' requirements.lock >"$wanted"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$wanted" ||
      fail "uv could not be installed with pip: see above"
  fi
fi

# Compiled at once: without .pyc files each engine test would pay seconds for importing pulumi_aws.
export UV_COMPILE_BYTECODE=1 UV_NO_PROGRESS=1 UV_LINK_MODE="${UV_LINK_MODE:-copy}" VIRTUAL_ENV="$PWD/.venv"
"$uv" pip sync --quiet --require-hashes requirements.lock
"$uv" pip install --quiet --no-deps --no-build-isolation \
  --editable ./components --editable ./policies --editable ./sandbox

# The component package and the policy pack say `virtualenv: .venv`; in the checkout that is the root's.
for inner in components policies; do
  if [ -d "$inner/.venv" ] && [ ! -L "$inner/.venv" ]; then
    continue # made by `pulumi install` there
  fi
  ln -sfn ../.venv "$inner/.venv"
done
printf '%s' "$key" >"$stamp"
