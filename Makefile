# Four commands: `make site`, `make report`, `make measure`, `make test`. Each sets up what it needs in .venv first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt
# pip compiles one file after another; this takes all cores, and leaves out the libraries' own tests. A library may have
# a file for a newer Python, which is no error. It is done at all because PYTHONDONTWRITEBYTECODE may be set, and a start
# without compiled files costs two to three times as much.
COMPILE := $(BIN)/python -m compileall -qq -j 0 -x '/tests/' $(VENV)/lib generator || true

.PHONY: site report measure test clean

# A site from fresh results does without what measures them: torch alone is larger than all the rest together.
site: $(VENV)/.build
	@side=$$($(BIN)/python scripts/side.py) && $(MAKE) --silent $(VENV)/.$$side
	$(BIN)/bifolio build

# The site comes last: it offers its readers the files that are there.
report: site
	$(BIN)/bifolio export html
	$(BIN)/bifolio export pdf --volume report
	$(BIN)/bifolio export pdf --volume evidence
	$(BIN)/bifolio build

measure: $(VENV)/.run
	$(BIN)/bifolio run

test: $(VENV)/.test
	scripts/check

# The stamps say when the environment was last made to match the settings.
$(VENV)/.build: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[build]'
	$(COMPILE)
	touch $@

$(VENV)/.run: experiments/requirements.txt $(VENV)/.build
	$(PIP) --editable '.[run]' --requirement $<
	$(COMPILE)
	touch $@

# The tests need all there is, and take it at once: what others wait for is then there too.
$(VENV)/.test: experiments/requirements.txt pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) --editable '.[build,run,test]' --requirement $<
	$(COMPILE)
	touch $(VENV)/.build $(VENV)/.run $@

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bifolio needs Python 3.11 or newer; name one with make PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

clean:
	rm -rf $(VENV) .cache site dist
