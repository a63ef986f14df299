# Needs Debian or Ubuntu with Python >= 3.11 (python3-venv), make, and this folder. `make help` lists the targets.

PYTHON ?= python3
# Passed to pip as it is, such as PIP_ARGS="--no-index --find-links /media/wheels" (setuptools must be among them).
PIP_ARGS ?=
# Passed to the command that a target runs.
ARGS ?=
# A checkout of Frigate, for bench-peers.
FRIGATE ?=

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
SOURCES := protocol edge_agent central provisioning tests bench docs
MADE := build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .grimp_cache .hypothesis

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install test check demo bench bench-scenes bench-peers clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Make .venv with the gridwarden command and all run-time parts

test: $(INSTALLED_DEV) ## Install what the tests need, then run every check and every test (ARGS for pytest)
	@tests/support/debian_packages.sh
	@status=0; \
	$(MAKE) --no-print-directory check || status=1; \
	$(BIN)/pytest $(ARGS) || status=1; \
	exit $$status

check: $(INSTALLED_DEV) ## Format, lint, types, import contracts, tidiness, ansible: one line each
	@$(BIN)/python tests/tidy/check.py

demo: $(INSTALLED) ## Run the whole chain on this machine until Ctrl-C (ARGS=--check proves it and ends)
	@exec $(BIN)/gridwarden demo $(ARGS)

bench: $(INSTALLED_DEV) ## Measure what is promised (ARGS="NAME ..." for some of bench/)
	@exec $(BIN)/python bench/run.py $(ARGS)

bench-scenes: $(INSTALLED_DEV) ## Score every scene on drawn streets, about an hour (ARGS="--seeds 1000:4" for some)
	@exec $(BIN)/python -m bench.scenes $(ARGS)

bench-peers: $(INSTALLED_DEV) ## Measure beside Frigate's own code (FRIGATE=its checkout, yours)
	@PIP_ARGS='$(PIP_ARGS)' exec $(BIN)/python bench/peers/run.py '$(FRIGATE)' $(ARGS)

clean: ## Remove .venv and everything that was built
	rm -rf $(VENV) $(VENV)-peers $(MADE)
	find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +

# Progress goes to standard error: the standard output of `make demo` is the demo's own.
$(INSTALLED): pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing Gridwarden into $(VENV) (once, some minutes)" >&2
	@$(PIP) install --quiet $(PIP_ARGS) --constraint constraints.txt --editable '.[demo]' >&2
	@touch $@

$(INSTALLED_DEV): pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Installing Gridwarden and its tests' tools into $(VENV) (once, some minutes)" >&2
	@$(PIP) install --quiet $(PIP_ARGS) --constraint constraints.txt --editable '.[dev]' >&2
	@touch $(INSTALLED) $@

$(BIN)/pip:
	@command -v $(PYTHON) >/dev/null || \
	    { echo "$(PYTHON) is missing: sudo apt-get install python3 python3-venv" >&2; exit 3; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	    { echo "Gridwarden needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) -V 2>&1): name another with PYTHON=..." >&2; exit 3; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	    { echo "A part of Python is missing: sudo apt-get install python3-venv" >&2; exit 3; }
	@$(PYTHON) -m venv --clear $(VENV) >&2
