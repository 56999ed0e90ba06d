# Only Python 3.11 or newer, pip and make are assumed. Everything else is installed into .venv, once:
# the files .venv/.runtime and .venv/.dev say that it was, and nothing is fetched again until pyproject.toml changes.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The first of these that is set says in which language the demo speaks.
DEMO_LANG ?= $(if $(filter zh%,$(firstword $(LC_ALL) $(LC_MESSAGES) $(LANG))),zh,en)

# How many residents the simulated county has, and how many processes count them.
COUNTY_PATIENTS ?= 20000
COUNTY_WORKERS ?= 1

.PHONY: demo county test check coverage deep bench docs clean

demo: $(VENV)/.runtime
	@$(BIN)/python -m singledisease.cli.demo demo-data --program $(BIN)/singledisease --lang $(DEMO_LANG)

county: $(VENV)/.runtime
	@$(BIN)/python -m singledisease.cli.county county-data --patients $(COUNTY_PATIENTS) --workers $(COUNTY_WORKERS)

test: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto -m "not deep"

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -n auto -m "not deep" tests/spec tests/unit tests/docs

coverage: $(VENV)/.dev
	$(BIN)/python -m pytest -n auto -m "not deep" --cov --cov-report=term

deep: $(VENV)/.dev
	SINGLEDISEASE_DEEP=1 $(BIN)/python -m pytest -n auto

bench: $(VENV)/.bench
	$(BIN)/python -m singledisease.catalogue.precompile
	$(BIN)/python -m benchmarks

docs: $(VENV)/.docs
	$(BIN)/python -m sphinx -n -W --keep-going -b html docs docs/_build/html
	@echo "docs/_build/html/index.html"

clean:
	rm -rf $(VENV) src/singledisease/catalogue/precompiled demo-data county-data build dist docs/_build docs/reference/_generated .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage*
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python without ensurepip (as Debian ships it) makes a bare environment; the pip outside then fills it.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("make: Python 3.11 or newer is needed, this is %d.%d; name another: make PYTHON=python3.12" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV) || { $(PYTHON) -m venv --without-pip --clear $(VENV) && $(PYTHON) -m pip --python $(BIN)/python install pip; }

$(VENV)/.runtime: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --editable ".[all]"
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --group dev
	@touch $@

$(VENV)/.bench: pyproject.toml $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --group bench
	@touch $@

$(VENV)/.docs: pyproject.toml $(VENV)/.runtime
	$(BIN)/python -m pip install --quiet --group docs
	@touch $@
