# Everything one types here; `make` alone says what there is.
# A bare machine needs Python 3.11, 3.12 or 3.13 and make: the rest is fetched into .venv.

.DEFAULT_GOAL := help
SHELL := /bin/sh

BIN := .venv/bin
UV_VERSION := 0.13.9
DATA_DIR ?= .chungtay
BROKER ?= embedded
WORKERS ?= 2
# The first Python on the path that will do; `make PYTHON=... setup` chooses another.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && { echo $$p; break; }; done)

.PHONY: help setup demo down test privacy check format bench

help: ## say what can be done here
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.ready ## fetch what is needed into .venv (demo and test do it by themselves)

demo: .venv/.ready ## play scenario 1 through the whole platform and leave it running (BROKER=kafka: on Apache Kafka)
	@$(BIN)/chungtay demo --data-dir $(DATA_DIR) --broker $(BROKER)

down: .venv/.ready ## stop the platform
	@$(BIN)/chungtay down --data-dir $(DATA_DIR)

test: check ## check, then run every test that this machine can; what was left out is named at the end
	@$(BIN)/python -m compileall -q events infra projections services # or where Python may write nothing, every start does it
	@$(BIN)/pytest --numprocesses $(WORKERS) --dist loadscope --no-loadscope-reorder --no-fold-skipped

privacy: .venv/.ready ## attack every wall of privacy at length, while nothing else runs: the figures of each, and which bars held
	@$(BIN)/python -m tests.privacy.long

check: .venv/.ready ## lint, types and import rules
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo 'Not in form: run `make format`.'; exit 1; }
	@$(BIN)/mypy --no-error-summary .
	@$(BIN)/mypy --no-error-summary --python-version 3.10 client/chungtay_client # agencies' servers may be older
	@$(BIN)/lint-imports --no-logo

format: .venv/.ready ## put the code in form
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench: .venv/.ready ## measure the demo, the time from accepted to visible, and what privacy and a policy cost, while nothing else runs
	@$(BIN)/python -m bench.demo
	@$(BIN)/python -m bench.freshness
	@$(BIN)/python -m bench.privacy
	@$(BIN)/python -m bench.rulings

.venv/.ready: pyproject.toml client/pyproject.toml uv.lock
	@if [ -z "$(PYTHON)" ]; then \
		echo 'No Python 3.11, 3.12 or 3.13 was found: install one, or name it by `make PYTHON=/path/to/python setup`.' >&2; exit 2; fi
	@if [ ! -x $(BIN)/python ]; then $(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo 'Python cannot make a virtual environment: install its venv package (on Debian: apt-get install python3-venv).' >&2; exit 2; }; fi
	@if ! $(BIN)/uv --version 2>/dev/null | grep -qF 'uv $(UV_VERSION)'; then \
		$(BIN)/python -m ensurepip --default-pip >/dev/null 2>&1; \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION) || { \
		echo 'Could not fetch uv: the package index must be reachable for the first set-up.' >&2; exit 2; }; fi
	@UV_SYSTEM_CERTS=true UV_PROJECT_ENVIRONMENT=.venv UV_PYTHON_DOWNLOADS=never $(BIN)/uv sync --quiet --locked --compile-bytecode
	@touch $@
