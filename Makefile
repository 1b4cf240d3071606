# Kariz: the commands of its developers. `make` alone lists them.

PYTHON ?= python3
BIN := .venv/bin
SIZE ?= 100k
PO := $(wildcard kariz/locale/*/LC_MESSAGES/*.po)
VENDOR := kariz/web/static/vendor/icons.svg

.DEFAULT_GOAL := help
.PHONY: help setup run test lint audit bench messages rows lock

help:
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/installed $(VENDOR) $(PO:.po=.mo) ## Install everything from the lock files (quick when nothing changed)

run: setup ## Serve Kariz on SQLite with a sample company, at a printed address
	$(BIN)/kariz run --demo $(or $(DEMO),en)

test: setup ## Set up, then run all tests on SQLite, PostgreSQL and in a real browser
	$(BIN)/python scripts/test.py

lint: setup ## Style, types, holes, layers and templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/bandit --quiet --configfile pyproject.toml --recursive kariz
	$(BIN)/lint-imports
	git ls-files '*.html' | xargs --no-run-if-empty $(BIN)/djade --check --target-version 5.2

audit: ## Look up known holes in the locked dependencies (needs uv, npm and the network)
	uv tool run pip-audit --disable-pip --require-hashes --requirement requirements.lock
	npm audit --package-lock-only --omit=dev

bench: setup ## Time whole pages and jobs beside the raw SQL of the same rows
	$(BIN)/python -m bench --size $(SIZE)

messages: setup ## Bring the Persian and Turkish catalogues up to date with the texts in the source
	$(BIN)/python scripts/messages.py

rows: setup ## Which requirements the tests that passed last claim, and which none does
	$(BIN)/python scripts/rows.py

lock: ## Resolve the dependencies anew (needs uv and npm)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		--output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --upgrade \
		--constraint requirements.lock --group dev --output-file requirements-dev.lock pyproject.toml
	npm update --ignore-scripts

.venv/installed: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kariz needs Python 3.11 or newer: make PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements-dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

node_modules/installed: package-lock.json
	npm ci --ignore-scripts --loglevel=error
	@touch $@

$(VENDOR): .venv/installed node_modules/installed scripts/vendor.py kariz/web/static/web/icons.txt
	$(BIN)/python scripts/vendor.py

%.mo: %.po | .venv/installed
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
