# The two commands of README are `make run` and `make test`; `make` alone lists the targets.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PEERS := $(VENV)/.peers

.DEFAULT_GOAL := help
.PHONY: help setup run demo test peers bench pictures lint fmt vendor messages clean

help: ## list the targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(STAMP): requirements/develop.lock requirements/install
	@PYTHON="$(PYTHON)" sh requirements/install "$(VENV)" requirements/develop.lock
	@touch $@

setup: $(STAMP) ## make .venv with the muster command

run: setup ## start everything with the demonstration; Ctrl-C stops it
	@exec $(BIN)/muster up --demonstration

demo: setup ## walk the demonstration district once and exit
	@$(BIN)/muster demo

test: setup ## run every test, browser tests included
	@$(BIN)/python -m pytest -n 2 --dist loadfile -q

$(PEERS): $(STAMP) requirements/peers.lock
	@PYTHON="$(PYTHON)" sh requirements/install "$(VENV)" requirements/peers.lock add
	@touch $@

peers: $(PEERS) ## add the programs that benchmarks and a few tests compare with

bench: peers ## measure each capability beside its peer
	@$(BIN)/python -m tests.benchmarks

pictures: setup ## take README's pictures from the running demonstration
	@$(BIN)/python -m tests.browser.pictures

lint: setup ## style, types, contracts, missing migrations
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m tests.contracts.migrations

fmt: setup ## format the code
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

vendor: ## rebuild the browser's third-party bundles (needs Node)
	@cd backend/web/vendor && npm ci --ignore-scripts && node build.mjs

messages: setup ## gather and compile translations (needs GNU gettext)
	@$(BIN)/python -m backend.web.messages

clean: ## remove the environment and the data folder of trials
	rm -rf $(VENV) .data build *.egg-info
