# Everything from a fresh machine with git, make and Python 3.11 or newer with pip.

PYTHON ?= python3
UV = $(PYTHON) .ci/uv
BIN = .venv/bin
export PUHUI_DATA ?= $(CURDIR)/data

.PHONY: install lan run test check bench docs lock format clean

## run: the demo county on http://127.0.0.1:8000; Ctrl-C ends it
run: .venv/.installed
	@exec $(BIN)/puhui up

## lan: the demo for the phones in this room, its address as a code to scan
lan: .venv/.installed
	@exec $(BIN)/puhui up --lan $(ADDRESS)

## install: the program for a server of its own, see docs/install.md
install: .venv/.installed

## test: every test, those in a real browser too
test: .venv/.installed-dev
	@.ci/browser
	$(BIN)/python -m pytest -n 2 --dist loadscope --ignore tests/journeys $(ARGS)
	@if [ -d tests/journeys ]; then exec $(BIN)/python -m pytest tests/journeys $(ARGS); fi

## check: lint, types, import contracts and the fast tests, in under three minutes
check: .venv/.installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist loadscope -m "not slow" --ignore tests/journeys

## bench: ratios against the physical limit of this machine
bench: .venv/.installed-dev
	$(BIN)/python -m bench $(ARGS)

## docs: the documents that are written from the code
docs: .venv/.installed
	$(BIN)/python -m puhui.program.documents

## lock: pin what pyproject.toml allows, with hashes
lock:
	$(UV) pip compile -q pyproject.toml --group build $(PINS) -o requirements.lock
	$(UV) pip compile -q pyproject.toml --group build --group dev -c requirements.lock $(PINS) -o requirements-dev.lock

PINS = --generate-hashes --universal --python-version 3.11 --no-header --no-annotate \
       --no-emit-index-url --no-emit-find-links $(UPGRADE)

format: .venv/.installed-dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf .venv .tools

.venv/bin/python:
	$(UV) venv -q --python $$(.ci/python $(PYTHON)) .venv

.venv/.installed: .venv/bin/python requirements.lock pyproject.toml
	$(UV) pip install -q --python .venv --require-hashes -r requirements.lock
	$(UV) pip install -q --python .venv --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q puhui
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.lock
	$(UV) pip install -q --python .venv --require-hashes -r requirements-dev.lock
	@touch $@
