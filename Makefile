# Two commands do everything: `make demo` and `make test`. The rest is for developers.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready

.PHONY: demo test lint bench pictures train clean

demo: $(READY)  ## draw the bundled story, and say where picture and page are
	$(BIN)/lineage demo -o out/demo

test: $(READY) lint  ## everything tested
	$(BIN)/python -m pytest -n auto --dist loadgroup -q

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(READY)  ## every figure of docs/benchmarks.md; needs LINEAGE_DATA (default ../shared/data)
	$(BIN)/python -m tests.bench

pictures: $(READY)  ## the pictures of README and tutorial; needs Chromium
	$(BIN)/python -m tests.browser.pictures

train: $(READY)  ## learn the shipped models again from LINEAGE_DATA
	$(BIN)/lineage train

$(READY): pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "lineage needs Python 3.11 or newer; try: make PYTHON=python3.11 $(MAKECMDGOALS)")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $(READY)

clean:
	rm -rf $(VENV) out build dist *.egg-info
