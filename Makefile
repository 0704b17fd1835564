# Every command does its own set-up. `make help` lists them.
SHELL := bash
.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench docs lock setup engine node clean
export PYTHONDONTWRITEBYTECODE :=
BIN := .venv/bin
PYTHON_SOURCES := components policies sandbox scripts tests examples __main__.py
WORKERS ?= 2
TESTS ?=

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## the whole story on this machine, without a cloud account (half a minute; the first time it builds the engine, about 5 minutes)
	@$(BIN)/python scripts/demo.py

test: setup engine node ## every test, engine tests included (TESTS="tests/unit -k name" narrows, WORKERS=n)
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(TESTS)

lint: setup ## ruff format and lint, mypy --strict
	@$(BIN)/ruff format --check --quiet . || { echo "ruff format: run 'make format'" >&2; exit 1; }
	@$(BIN)/ruff check --quiet .
	@scripts/typecheck.sh

format: setup ## format the sources and sort imports
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format .

bench: setup engine ## measure; prints the table that docs/performance.md keeps
	@$(BIN)/python scripts/bench.py

docs: setup ## write the generated pages again
	@$(BIN)/python scripts/docs.py

lock: setup ## resolve requirements.in again (versions and hashes), and the files that `pulumi install` reads
	@scripts/lock.sh

setup: ## the environment in .venv, from requirements.lock
	@scripts/setup.sh

engine: setup ## the Pulumi engine: the one on PATH, else built once for this user
	@$(BIN)/python -m aws_sandbox.engine >/dev/null

node:
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null || \
	  { echo "error: Node.js 20 or newer is needed by the test tools: install it, then run make test again" >&2; exit 1; }
	@scripts/node.sh

clean: ## remove the environment and everything that was built in this checkout (the engine's cache stays)
	@rm -rf .venv components/.venv policies/.venv build .aws-sandbox .mypy_cache .pytest_cache .ruff_cache .hypothesis tests/node/node_modules
	@find . -name __pycache__ -prune -exec rm -rf {} +
