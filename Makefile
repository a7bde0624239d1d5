# Everything a maintainer does. The first call sets up .venv from the hashed lock; any Python from 3.11 on will do.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LOCK := requirements/all.lock

.PHONY: report test check calibrate bench docs serve lock clean
.DELETE_ON_ERROR:

report: $(READY)  ## answer every question on the bundled snapshot, into report.html
	$(BIN)/ascent report --out report.html

test: $(READY)  ## the whole suite: tests, doctests, format, lint, types, walls, documents in step
	$(BIN)/pytest -n 2

check: $(READY)  ## the static half of `make test`, in seconds
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python tools/documents.py --check

calibrate: $(READY)  ## the long studies: do intervals hold what they say?
	$(BIN)/python tests/calibration/index_study.py --worlds 1000
	$(BIN)/python tests/calibration/published_study.py --worlds 30
	ASCENT_CALIBRATE=full $(BIN)/pytest -m calibration tests

bench: $(READY)  ## timings against their budgets
	for each in benchmarks/[!_]*.py; do $(BIN)/python "$$each" || exit 1; done

docs: $(READY)  ## rewrite what is generated: docs/questions and the picture of the README
	$(BIN)/python tools/documents.py

serve:
	@echo "There is no dashboard yet; make report writes everything into one file, report.html." >&2; exit 2

lock: $(READY)  ## choose versions anew, for every supported Python on Linux and macOS
	$(BIN)/python tools/lock.py

clean:
	rm -rf $(VENV) build dist report.html .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .benchmarks

$(READY): $(LOCK) pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Ascent needs Python 3.11 or newer: make PYTHON=python3.12")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r $(LOCK)
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src/ascent  # so that the first start is as quick as the next
	touch $(READY)
