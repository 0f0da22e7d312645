# The manual of this project: `make help`. A target that does not work yet is not listed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --custom-compile-command 'make lock'
# Proofs that run a file at a time on every core, the longest first; the others share their work among processes of their own.
SIDE_BY_SIDE := $(addprefix tests/proof/,security form delivery)
.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run demo test proof proof-full verify-content foreign bench screens check fix migration lock clean

help:  ## show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

setup: $(VENV)/.run-installed  ## build .venv/ with the locked dependencies and the `svarbro` command

setup-dev: $(VENV)/.dev-installed

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Svarbro needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-installed: $(BIN)/python requirements.lock pyproject.toml
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev-installed: $(VENV)/.run-installed requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

run: setup  ## start web, worker and simulator with a demo clinic; Ctrl-C stops them
	$(BIN)/svarbro run

demo: setup  ## tell one patient's way in the terminal, against real processes
	$(BIN)/svarbro demo

test: setup-dev  ## run all tests on every core, with the coverage gate (SQLite and PostgreSQL)
	$(BIN)/python -m pytest --cov -n auto --dist loadscope --no-loadscope-reorder

proof: setup-dev  ## prove scores, answers and delivery, quick (docs/verification.md, docs/reliability.md)
	$(BIN)/python -m pytest tests/proof $(addprefix --ignore ,$(SIDE_BY_SIDE))
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -n auto --dist loadscope --no-loadscope-reorder

proof-full: setup-dev  ## the same as far as it goes, and verify-content likewise, for hours
	SVARBRO_PROOF=full $(MAKE) proof
	SVARBRO_PROOF=full $(MAKE) verify-content

verify-content: setup-dev  ## compute every score with fhirpath.js and LForms too (needs Node 18 or newer, and npm)
	if command -v npm >/dev/null; then node tests/verify/install.mjs; fi
	$(BIN)/python -m pytest tests/verify

foreign: setup-dev  ## sign in with a client and a provider that are not ours (needs Node 20.19 or newer, and npm)
	if command -v npm >/dev/null; then node tests/foreign/install.mjs; fi
	$(BIN)/python -m pytest tests/foreign

bench: setup-dev  ## measure speed against its gates (SVARBRO_BENCH=full: longer, PostgreSQL too); docs/benchmarks.md
	$(BIN)/python -m tests.bench

screens: setup-dev  ## draw pages of patient and clinic into docs/screens, with Chromium
	$(BIN)/python -m tests.browser.screens

check: setup-dev  ## format, lint, types, import contracts, migrations, content
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/svarbro db check
	$(BIN)/svarbro content check

fix: setup-dev  ## format and repair what can be repaired
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

migration: setup-dev  ## draft a migration from the table classes: make migration name="..." (look it over before use)
	$(BIN)/svarbro db upgrade
	$(BIN)/flask --app app:create_app db revision --autogenerate -m "$(name)"

lock: setup-dev  ## write both locks anew from pyproject.toml
	$(LOCK) pyproject.toml -o requirements.lock
	$(LOCK) --extra dev pyproject.toml -c requirements.lock -o requirements-dev.lock

clean:  ## remove .venv/, caches and the local database
	rm -rf $(VENV) build *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find instance -mindepth 1 ! -name README.md -delete
