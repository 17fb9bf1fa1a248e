# Every task of the project. `make` alone lists them.

PYTHON ?= python3
VENV ?= .venv
# Processes the tests run in; two are quickest on two cores, 0 runs them in one.
JOBS ?= 2
# How many articles `make bench-store` makes up.
ARTICLES ?= 1000000
# Where the labelled pages lie that `make bench` measures with.
WARTA_EVAL ?= ../shared/eval
export WARTA_EVAL
# Where `make screenshots` puts its pictures.
SCREENSHOTS ?= screenshots

BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test test-slow test-native test-browser test-cluster screenshots chromium lint format types native pure bench bench-store bench-copies bench-crawl bench-watch bench-serve bench-cluster clean

help: ## list the tasks
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## crawl the small news web that comes with Warta and show what was stored
	$(BIN)/warta demo

serve: $(VENV)/installed ## serve the small news web only, for a crawl of your own
	$(BIN)/warta demo --serve

test: $(VENV)/installed-dev ## run the tests
	$(BIN)/python -m pytest -n $(JOBS)

test-slow: $(VENV)/installed-dev ## run those that take long: watches, a cluster, memory
	$(BIN)/python -m pytest -n $(JOBS) -m slow

test-native: $(VENV)/installed-dev ## run the reader's tests on its compiled modules, in a copy under build/
	@rm -rf build/native && mkdir -p build/native
	@cp -R crawler pipelines fixtures tests setup.py pyproject.toml build/native
	cd build/native && WARTA_NATIVE=0 $(abspath $(BIN))/python setup.py --quiet build_ext --inplace --force
	cd build/native && $(abspath $(BIN))/python -m pytest -n $(JOBS) tests/crawler/extractors
	@rm -rf build

test-browser: $(VENV)/installed-browser chromium ## look at the reading room in a headless Chromium
	$(BIN)/python -m pytest tests/browser

screenshots: $(VENV)/installed-browser chromium ## take pictures of every page of the reading room, into $SCREENSHOTS
	PYTHONPATH=. $(BIN)/python tests/browser/screenshots.py $(SCREENSHOTS)

chromium:
	@command -v chromium chromedriver >/dev/null || { test "$$(id -u)" = 0 && apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver; } || \
	  { echo "Install chromium and chromedriver (Debian: apt install chromium chromium-driver)." >&2; exit 1; }

lint: $(VENV)/installed-dev ## check code and formatting
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: $(VENV)/installed-dev ## format the code and mend what can be mended
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

types: $(VENV)/installed-dev ## check types, strictly
	$(BIN)/mypy

native: $(VENV)/installed-dev ## compile the reader: a page takes about a quarter less time
	WARTA_NATIVE=1 $(BIN)/python setup.py --quiet build_ext --inplace --force

pure: ## take the compiled modules away: code that changes is then the code that runs
	@find crawler -name '*.so' -delete
	@rm -rf build

bench: $(VENV)/installed-bench ## measure accuracy and speed on the labelled pages in $WARTA_EVAL
	$(BIN)/python tests/benchmarks/accuracy.py
	@$(MAKE) --no-print-directory native
	$(BIN)/python tests/benchmarks/speed.py
	@$(MAKE) --no-print-directory pure
	$(BIN)/python tests/benchmarks/pages.py

bench-store: $(VENV)/installed-dev ## build a large file of made-up articles and measure it (ARTICLES=1000000)
	$(BIN)/python tests/benchmarks/store.py --articles $(ARTICLES)

bench-serve: $(VENV)/installed-dev ## time the pages of the reading room over a large file (ARTICLES=1000000)
	$(BIN)/python tests/benchmarks/reading_room.py --articles $(ARTICLES)

bench-copies: $(VENV)/installed-dev ## measure which edited copies are found, by kind
	$(BIN)/python tests/benchmarks/copies.py
	$(BIN)/python tests/benchmarks/copies.py --held-out

bench-crawl: $(VENV)/installed-dev ## measure whole crawls and what kills cost, on loopback
	$(BIN)/python tests/benchmarks/crawl.py
	$(BIN)/python tests/benchmarks/kills.py

bench-watch: $(VENV)/installed-dev ## watch made-up outlets: half an hour, with kills, and a month by another clock
	$(BIN)/python tests/benchmarks/watch.py
	$(BIN)/python tests/benchmarks/watch.py --minutes 12 --kills 6
	$(BIN)/python tests/benchmarks/month.py

test-cluster: $(VENV)/installed-dev ## run the tests that need redis-server, a small cluster among them
	$(BIN)/python -m pytest -n 0 -m 'slow or not slow' tests/crawler/cluster

bench-cluster: $(VENV)/installed-dev ## kill parts of a cluster and look what is stored (needs redis-server)
	PYTHONPATH=.:tests $(BIN)/python tests/benchmarks/cluster.py

clean: ## remove what was built, cached or crawled here, the virtual environment too
	rm -rf $(VENV) build dist ./*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .scrapy
	rm -f demo.db demo.db-wal demo.db-shm demo-pages.db demo-pages.db-wal demo-pages.db-shm
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

# The stamps are older than these two files when a dependency has changed: only then pip runs again.
$(VENV)/installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable .
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[dev]'
	@touch $(VENV)/installed $@

$(VENV)/installed-browser: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[dev,browser]'
	@touch $(VENV)/installed $(VENV)/installed-dev $@

$(VENV)/installed-bench: pyproject.toml constraints.txt | $(VENV)/bin/python
	$(INSTALL) --editable '.[bench]'
	@touch $(VENV)/installed $@
