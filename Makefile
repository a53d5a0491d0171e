# Everything a person or CI runs. `make help` lists it.
SHELL := /bin/bash
PYTHON ?= python3
UV_VERSION := 0.13.9
UV := .tools/uv/bin/uv
BIN := .venv/bin
SAM := .tools/sam/bin
# The runtime's own Python, to compile for it; pyenv has it where it is not on the path.
PYTHON313 := $(firstword $(wildcard $(HOME)/.pyenv/versions/3.13*/bin/python3.13) $(shell command -v python3.13))
# A folder with ev_rain.txt and {id}_FOPR.xlsx files for `make demo`; empty means the simulator.
DATA ?=
MACHINE := $(if $(filter aarch64 arm64,$(shell uname -m)),arm64,x86_64)
OTHER_MACHINE := $(if $(filter arm64,$(MACHINE)),x86_64,arm64)

# Certificates of the machine: agencies' networks like to look into TLS with a certificate of their own.
export UV_SYSTEM_CERTS := 1
# Images like to forbid Python to keep its bytecode. Here hundreds of processes import the same libraries.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

# ---- What people run ----------------------------------------------------------------------------

.PHONY: setup
setup: .venv/.ready ## Make .venv with the `gaugehouse` command
	@test -n "$(MAKECMDGOALS:setup=)" || echo "Ready: $(BIN)/gaugehouse"

.PHONY: demo
demo: setup ## Run the main job on this machine (DATA=folder serves real files)
	@$(BIN)/gaugehouse demo $(if $(DATA),--data "$(DATA)")

.PHONY: up
up: setup ## Run the whole system on this machine until Ctrl-C
	@$(BIN)/gaugehouse up $(if $(DATA),--data "$(DATA)")

# The checks two at a time, then the tests. In CI the browser comes meanwhile: there its tests are never skipped.
.PHONY: test
test: ## Everything that CI runs
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target $(if $(filter true,$(CI)),browser) \
		lint types imports verify-template artifact
	@$(MAKE) --no-print-directory pytest

.PHONY: bench
bench: .venv/.peers ## Measure, and print the ratios against the peers and the limits
	@$(BIN)/python -m pytest benchmarks --quiet

.PHONY: fuzz
fuzz: setup ## Feed mutated documents to every parser for some minutes (SECONDS=120 for each)
	@$(BIN)/python -m tests.fuzz --seconds $(or $(SECONDS),120)

.PHONY: format
format: setup ## Format the code
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

.PHONY: browser
browser: ## Install Chromium for the tests of the dashboard (on Debian or Ubuntu, as root)
	@tools/browser.sh

.PHONY: publish-web
publish-web: setup ## Bring the dashboard to a stack: make publish-web STACK=name
	@$(BIN)/python -m tools.publish_web $(STACK)

.PHONY: vendor-web
vendor-web: setup ## Renew what the dashboard takes of others from the npm registry, as it is pinned
	@$(BIN)/python -m tools.vendor_web

.PHONY: clean
clean: ## Delete what was built and the local data (not .venv and .tools)
	@rm -rf .gaugehouse .artifacts .aws-sam .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks

# ---- The checks, one by one ---------------------------------------------------------------------

.PHONY: lint
lint: setup ## Style, formatting, and whether the pinned files agree with each other
	@echo "== lint"
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check .
	@$(UV) lock --quiet --check
	@$(EXPORT_LAYER) --output-file .tools/requirements.txt > /dev/null
	@diff <(grep -v '^#' .tools/requirements.txt) <(grep -v '^#' layers/common/requirements.txt) \
		|| { echo "layers/common/requirements.txt is not what uv.lock pins: run make requirements"; exit 1; }

.PHONY: types
types: setup ## mypy --strict
	@echo "== types"
	@$(BIN)/mypy

.PHONY: imports
imports: setup ## Imports run one way
	@echo "== imports"
	@$(BIN)/lint-imports --no-logo

.PHONY: verify-template
verify-template: .tools/sam/.ready .tools/checkov/.ready ## sam validate, its lint, cfn-lint and checkov on the template
	@echo "== template"
	@$(SAM)/python tools/sam/check_template.py

# A worker that has no test left takes half of the other's: files differ a hundredfold in what they cost.
.PHONY: pytest
pytest: setup ## The tests
	@echo "== tests"
	@$(BIN)/python -m pytest --quiet --numprocesses auto --dist worksteal

EXPORT_LAYER = $(UV) export --quiet --frozen --no-dev --no-emit-project --format requirements-txt

.PHONY: requirements
requirements: $(UV) ## Compile layers/common/requirements.txt from uv.lock
	@$(EXPORT_LAYER) --output-file layers/common/requirements.txt > /dev/null

# ---- What is deployed, built and run here -------------------------------------------------------

.PHONY: artifact
artifact: $(if $(PYTHON313),.aws-sam/artifact/.built .aws-sam/$(OTHER_MACHINE)/.built) ## Build what is deployed, for this machine, and print its size
	@echo "== artifact"
	@$(if $(PYTHON313),$(BIN)/python tools/artifact_size.py $(MACHINE)=.aws-sam/artifact/CommonLayer \
		$(OTHER_MACHINE)=.aws-sam/$(OTHER_MACHINE)/CommonLayer,echo "  skipped: no python3.13 here")

.PHONY: bench-cold
bench-cold: setup .aws-sam/artifact/.built ## Measure the cold starts of the built functions against their floor
	@$(BIN)/python -m benchmarks.cold_starts

SOURCES = template.yaml layers/common/Makefile layers/common/requirements.txt \
	$(shell find layers/common/gaugehouse functions -type f -not -name '*.pyc')

# Beside it lies what Lambda itself brings along: awslambdaric and boto3.
.aws-sam/artifact/.built: $(SOURCES) uv.lock .tools/sam/.ready | .venv/.ready
	@echo "Building the artifact for $(MACHINE)"
	@PATH="$(dir $(PYTHON313)):$$PATH" UV="$(CURDIR)/$(UV)" ARCHITECTURE=$(MACHINE) SAM_CLI_TELEMETRY=0 \
		$(SAM)/sam build --build-dir .aws-sam/artifact --parameter-overrides Architecture=$(MACHINE) > .tools/sam-build.log 2>&1 \
		|| { cat .tools/sam-build.log; exit 1; }
	@$(UV) export --quiet --frozen --only-group lambda-runtime --no-hashes --output-file .tools/runtime.txt > /dev/null
	@$(UV) pip install --quiet --no-deps --only-binary :all: --python-version 3.13 \
		--requirement .tools/runtime.txt --target .aws-sam/artifact/runtime
	@$(PYTHON313) -m compileall -q -j 0 .aws-sam/artifact/runtime
	@echo $(PYTHON313) > $@

# The layer for the other processor cannot run here, but weighs as much as it does there.
.aws-sam/$(OTHER_MACHINE)/.built: $(SOURCES) uv.lock | .venv/.ready
	@rm -rf $(@D)
	@$(MAKE) --no-print-directory --silent --directory layers/common build-CommonLayer ARCHITECTURE=$(OTHER_MACHINE) \
		ARTIFACTS_DIR="$(CURDIR)/$(@D)/CommonLayer" UV="$(CURDIR)/$(UV)" PYTHON=$(PYTHON313)
	@touch $@


# ---- What is made -------------------------------------------------------------------------------

.PHONY: digest
digest: setup ## Write the migrations' digest into template.yaml, after a new migration
	@$(BIN)/python tools/write_digest.py

.PHONY: openapi
openapi: setup ## Write docs/openapi.json, after a change of the API
	@$(BIN)/python tools/write_openapi.py

.PHONY: build
build: .tools/sam/.ready ## Build what is deployed, as `sam build` does, with the tools that are pinned here
	@SAM_CLI_TELEMETRY=0 UV="$(CURDIR)/$(UV)" $(if $(PYTHON313),PATH="$(dir $(PYTHON313)):$$PATH") $(SAM)/sam build

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Gaugehouse needs Python 3.11 or later. Name one: make setup PYTHON=python3.13"; exit 1; }
	@$(PYTHON) -m venv .tools/uv
	@.tools/uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

# uv does not find every interpreter by itself, so it is given the path of the one that runs here.
INTERPRETER = "$$($(PYTHON) -c 'import sys; print(sys.executable)')"

.venv/.ready: uv.lock pyproject.toml | $(UV)
	@echo "Installing what uv.lock pins into .venv"
	@$(UV) sync --quiet --frozen --all-extras --python $(INTERPRETER)
	@touch $@

# What is only measured against.
.venv/.peers: .venv/.ready
	@$(UV) sync --quiet --frozen --all-extras --group bench --python $(INTERPRETER)
	@touch $@

.tools/checkov/.ready: tools/checkov/uv.lock tools/checkov/pyproject.toml | $(UV)
	@echo "Installing checkov into .tools/checkov"
	@UV_PROJECT_ENVIRONMENT="$(CURDIR)/.tools/checkov" $(UV) sync --quiet --frozen --project tools/checkov --python $(INTERPRETER)
	@touch $@

.tools/sam/.ready: tools/sam/uv.lock tools/sam/pyproject.toml | $(UV)
	@echo "Installing the SAM CLI into .tools/sam"
	@UV_PROJECT_ENVIRONMENT="$(CURDIR)/.tools/sam" $(UV) sync --quiet --frozen --project tools/sam --python $(INTERPRETER)
	@touch $@
