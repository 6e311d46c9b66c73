# The doors of the project. `make help` lists them.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
# The locks name every package, so pip never resolves: its search would stumble over a release newer than the lock.
PIP := $(BIN)/pip --disable-pip-version-check

help: ## List these commands.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

setup: $(VENV)/.installed ## Install what running needs into .venv, by hash.

$(VENV)/.installed: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "contentlib needs Python 3.11 or later (PYTHON=... chooses one)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing into $(VENV) ..."
	@$(PIP) install --quiet --require-hashes --no-deps --requirement requirements.txt
	@$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	@$(PIP) check --quiet
	@touch $@

$(VENV)/.developing: $(VENV)/.installed requirements-dev.txt
	@echo "Installing what tests need into $(VENV) ..."
	@$(PIP) install --quiet --require-hashes --no-deps --requirement requirements-dev.txt
	@$(PIP) check --quiet
	@touch $@

$(VENV)/.benchmarking: $(VENV)/.installed requirements-bench.txt
	@echo "Installing what search is measured beside into $(VENV) ..."
	@$(PIP) install --quiet --require-hashes --no-deps --requirement requirements-bench.txt
	@$(PIP) check --quiet
	@touch $@

demo: setup ## Start the product with demo data on http://127.0.0.1:8000 (PORT=...).
	@CONTENTLIB_DEMO=true CONTENTLIB_BASE_URL=http://127.0.0.1:$(PORT) $(BIN)/contentlib demo
	@CONTENTLIB_DEMO=true CONTENTLIB_BASE_URL=http://127.0.0.1:$(PORT) $(BIN)/contentlib serve --port $(PORT) --with-worker

run: setup ## Start an empty product; the first admin enters by a one-time link (PORT=...).
	@$(BIN)/contentlib db upgrade
	@$(BIN)/contentlib serve --port $(PORT) --with-worker

check: $(VENV)/.developing ## Lint and test without browser and PostgreSQL (four to five minutes on two cores).
	@tests/run.sh check

test: $(VENV)/.developing ## Install the parts that tests need and run everything.
	@tests/run.sh all

coverage: $(VENV)/.developing ## Tell which lines no test reaches; fewer than 88 % reached is a failure.
	@tests/run.sh coverage

bench: $(VENV)/.developing ## Measure every page and search on 6,000 assets, 24,000 deals, 800,000 events.
	@$(BIN)/python -m tests.bench.pages

bench-search: $(VENV)/.benchmarking ## Measure search on 10,000 and 100,000 documents beside Whoosh's own, tantivy and FTS5.
	@$(BIN)/python -m tests.bench.search

relevance: $(VENV)/.developing ## Measure how good the search is on the judged set of sales content.
	@$(BIN)/python -m tests.relevance

simulate: $(VENV)/.developing ## Measure the like-for-like win rate in simulated firms, where the truth is known.
	@$(BIN)/python -m tests.simulation

faults: $(VENV)/.developing ## Let everything go wrong that can while files come in, and count what is lost: nothing.
	@$(BIN)/python -m tests.bench.faults --write

bench-uploads: $(VENV)/.developing ## Measure uploads of 1 GiB, alone and four at once, into a folder and an S3 server.
	@status=0; for store in folder swift $${CONTENTLIB_TEST_MINIO:+minio}; do \
	  $(BIN)/python -m tests.bench.uploads $$([ $$store = folder ] || echo --s3 $$store) || status=1; done; \
	  [ -n "$$CONTENTLIB_TEST_MINIO" ] || echo "MinIO is measured too where CONTENTLIB_TEST_MINIO names its program (tests/real/minio.py)."; \
	  exit $$status

bench-hostile: $(VENV)/.developing ## Measure an ordinary search while twenty others ask the worst at once.
	@$(BIN)/python -m tests.bench.hostile

bench-buyers: $(VENV)/.developing ## Measure 50 buyer pages and 1,000 reported events a second for two minutes.
	@$(BIN)/python -m tests.bench.buyers

translations: $(VENV)/.developing ## Bring the Portuguese catalogue up to date with the texts in the code.
	@$(BIN)/pybabel -q extract -F contentlib/translations/extract.cfg -k N_ -k _l -k _n:1,2 --no-location --sort-output --omit-header -o $(VENV)/messages.pot .
	@$(BIN)/pybabel -q update -i $(VENV)/messages.pot -o contentlib/translations/pt_BR.po -l pt_BR --no-fuzzy-matching --ignore-obsolete --omit-header --ignore-pot-creation-date --width=100

vendor: ## Fetch the front-end parts that the lock names and rebuild the icon sprite (needs npm).
	@$(PYTHON) tools/vendor.py

lock: ## Choose the newest allowed packages anew (needs uv).
	@for set in "requirements|--group build pyproject.toml|runs" "requirements-dev|--group dev pyproject.toml|is developed and tested" \
	  "requirements-bench|--group pyproject.toml:bench|is compared"; do IFS='|' read -r file what words <<< "$$set"; \
	  uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header $$what -o $$file.txt; \
	  sed -i "1i # The exact packages contentlib $$words with, by hash. Made by: make lock" $$file.txt; done

.PHONY: help setup demo run check test coverage bench relevance simulate bench-search faults bench-uploads bench-hostile bench-buyers translations vendor lock
