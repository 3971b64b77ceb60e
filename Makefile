# Four commands: `make site`, `make report`, `make measure`, `make test`. Each sets up what it needs in .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: site report measure test clean

# A site from fresh results does without what measures them: torch alone is larger than all the rest together.
site: $(VENV)/.build
	@side=$$($(BIN)/python scripts/side.py) && $(MAKE) --silent $(VENV)/.$$side
	$(BIN)/bifolio build

# The site comes last: it offers its readers the files that are there.
report: site
	$(BIN)/bifolio export html
	$(BIN)/bifolio export pdf
	$(BIN)/bifolio build

measure: $(VENV)/.run
	$(BIN)/bifolio run

test: $(VENV)/.test
	scripts/check

# The stamps say when the environment was last made to match the settings. Byte-compiling is said aloud because
# PYTHONDONTWRITEBYTECODE may be set, and a start without compiled files costs two to three times as much.
$(VENV)/.build: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[build]'
	$(BIN)/python -m compileall -q generator
	touch $@

$(VENV)/.run: experiments/requirements.txt $(VENV)/.build
	$(PIP) --editable '.[run]' --requirement $<
	touch $@

$(VENV)/.test: $(VENV)/.run
	$(PIP) --editable '.[test]'
	touch $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bifolio needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) .cache site dist
