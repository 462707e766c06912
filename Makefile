# make run: everything from nothing to a page in the browser. make test: every check.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help install install-dev run fetch build check test lint types imports tests evals lock docs browser clean

help: ## Show this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 16

# The lock names the CPU build of torch. `--no-deps` keeps pip from adding what the lock does not name,
# such as gigabytes of CUDA libraries.
$(VENV)/.installed: requirements.lock
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --no-deps -r requirements.lock
	@$(BIN)/python -c "import torch; assert torch.version.cuda is None, 'a CUDA build of torch was installed; see README, Torch'"
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --no-deps -r requirements-dev.lock
	@touch $@

install: $(VENV)/.installed ## Make the environment
install-dev: $(VENV)/.installed-dev ## Make the environment with what the tests need

run: install ## Fetch texts, build the index, start the page
	$(BIN)/python ingest.py fetch
	$(BIN)/python ingest.py build
	$(BIN)/python app.py

fetch: install ## Bring official texts
	$(BIN)/python ingest.py fetch

build: install ## Build the index
	$(BIN)/python ingest.py build

check: install-dev ## List every problem of the corpus
	$(BIN)/python ingest.py check

lint: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: install-dev
	$(BIN)/mypy

imports: install-dev
	$(BIN)/lint-imports

tests: install-dev browser
	$(BIN)/pytest

test: lint types imports check tests ## Run every check

browser: ## Install the browser that the tests of the page need
	@command -v chromium >/dev/null || (apt-get update -qq && apt-get install -y -qq chromium fonts-noto-core) >/dev/null

evals: install-dev ## Measure retrieval beside two baselines
	$(BIN)/python -m evals run retrieval

docs: install-dev ## Write the generated parts of the README anew
	$(BIN)/python ingest.py docs

lock: install-dev ## Write the lock files anew
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-find-links --no-emit-index-url --no-emit-options --allow-unsafe -o requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-find-links --no-emit-index-url --no-emit-options --allow-unsafe --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean: ## Remove the index and what was fetched
	rm -rf data corpus/texts test-output
