# Every target sets up what it needs: an interpreter of Python 3.11 or later is all that has to be there.
#
#   make run      start the PetClinic sample on http://127.0.0.1:9966/petclinic/api
#   make test     run the tests                    PYTEST_ARGS="-k name" narrows them down
#   make check    everything that has to hold before a change is merged
#   make bench    measure, and write benchmarks/REPORT.md
#   make faults   the fault tests                  TIER=gate (default) or TIER=nightly
#   make nightly  the tests that take long, with every server present
#   make format   let ruff format and mend the sources
#   make docs     build the documentation into site/
#   make clean    remove everything that was generated, the environment included

PYTHON ?= python3
TIER ?= gate
PYTEST_ARGS ?=

VENV := .venv
BIN := $(VENV)/bin
RUN_READY := $(VENV)/.ready-run
ALL_READY := $(VENV)/.ready-all
PYTEST := $(BIN)/python -m pytest
# What holds a figure of time is run when nothing else is.
SIDE_BY_SIDE := -n auto -m "not nightly and not timed"
ALONE := -m "timed and not nightly"
OR_NONE := || [ $$? -eq 5 ]
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DELETE_ON_ERROR:
.PHONY: run test check lint types layers bench faults nightly format docs wheel clean

run: $(RUN_READY)
	@cd samples/petclinic && exec ../../$(BIN)/pyfly run

test: $(ALL_READY)
	$(PYTEST) $(SIDE_BY_SIDE) $(PYTEST_ARGS) $(OR_NONE)
	$(PYTEST) $(ALONE) $(PYTEST_ARGS) $(OR_NONE)

check: lint types layers
	$(PYTEST) $(SIDE_BY_SIDE) --cov --cov-report=term $(PYTEST_ARGS)
	$(PYTEST) $(ALONE) $(PYTEST_ARGS)
	$(MAKE) docs wheel

lint: $(ALL_READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(ALL_READY)
	$(BIN)/mypy
	cd samples/petclinic && ../../$(BIN)/mypy --strict petclinic

layers: $(ALL_READY)
	$(BIN)/lint-imports

bench: $(ALL_READY)
	$(BIN)/python -m benchmarks

faults: $(ALL_READY)
	$(PYTEST) tests/faults $(if $(filter nightly,$(TIER)),-m "nightly or not nightly") $(PYTEST_ARGS)

nightly: $(ALL_READY)
	$(PYTEST) --require-servers -m "nightly or not nightly" $(PYTEST_ARGS)

format: $(ALL_READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(ALL_READY)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

wheel: $(ALL_READY)
	scripts/check-wheel

clean:
	rm -rf $(VENV) .venv-bench .cache build dist site .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The sample needs few libraries, so that the first `make run` is quick; the rest is installed on top when asked for.
$(RUN_READY): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing what the sample needs (once) ..."
	@$(INSTALL) --editable '.[web,data-relational,cli]'
	@touch $@

$(ALL_READY): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing what development needs (once) ..."
	@$(INSTALL) --editable '.[dev,docs]'
	@touch $(RUN_READY) $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	    || { echo "pyfly needs Python 3.11 or later; name one: make PYTHON=/path/to/python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	    || { rm -rf $(VENV); echo "The venv module is missing; on Debian: apt-get install python3-venv" >&2; exit 1; }
