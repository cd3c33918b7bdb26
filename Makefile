# make extract   set everything up, then extract policies and measures from seeds/ into out/
# make test      set everything up, then run the test suite (no network, no model)
# make record    record the cassettes anew        make bench     speed and size, and load at scale
# make chaos     faults, kills, full disks        make hostile   documents that attack
# make chaos-long  100,000 documents, 20 kills (an hour; N=5000: fewer)
# make check     ruff, mypy, import-linter        make report    evaluation report in report.html
# make ray       what the tests and the trial of a cluster need
# make browser   the pages in a real browser      make baseline  accept the scores as they are now
# make reference docs/cli.md, the tables of docs/records.md from the code and of docs/scale.md from its figures
# make docs      the documentation as a site, in build/site/

PYTHON ?= python3
ENDPOINT ?= embedded
DOCS ?= seeds
OUT ?= out
N ?= 100000
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.ready
DOCS_BIN := build/site-venv/bin

.PHONY: setup extract test ray check record bench chaos chaos-long hostile report browser baseline reference docs lock clean

setup: $(STAMP)

$(STAMP): requirements-dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

extract: $(STAMP)
	$(BIN)/pams extract $(DOCS) --out $(OUT) --endpoint $(ENDPOINT)

# One more than the two cores it is meant for: in some tests a process waits for another's end, a time to pass, a page.
test: $(STAMP)
	$(BIN)/python -m pytest -n 3 --durations=20 --durations-min=1

# The cluster's library is large, and only its trial and tests need it: into the same environment, once.
ray: $(VENV)/.ray

$(VENV)/.ray: $(STAMP) requirements-ray.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ray.txt
	@touch $@

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

record: $(STAMP)
	$(BIN)/pams models fetch
	$(BIN)/pams record

bench: $(STAMP)
	$(BIN)/python -m eval.trials.bench; one=$$?; $(BIN)/python -m eval.trials.wire || one=5; \
	$(BIN)/python -m eval.trials.load && exit $$one

chaos: $(STAMP)
	$(BIN)/python -m eval.trials.chaos

chaos-long: $(STAMP)
	$(BIN)/python -m eval.trials.chaos --long $(N)

hostile: $(STAMP)
	$(BIN)/python -m eval.trials.hostile

report: $(STAMP)
	$(BIN)/pams eval --endpoint draft --report report.html

browser: $(STAMP) docs
	$(BIN)/python -m pytest -n 2 tests/browser

baseline: $(STAMP)
	$(BIN)/python -m eval.gate.replayed --accept

reference: $(STAMP)
	$(BIN)/python -m pipeline.cli.reference > docs/cli.md
	$(BIN)/python -m schemas.reference
	$(BIN)/python -m eval.trials.capacity --page > /dev/null

# The pages lie in build/pages as they lie here, so their links are the same in both places. A warning ends the build.
docs: $(DOCS_BIN)/zensical
	rm -rf build/pages build/site && mkdir -p build/pages
	git ls-files -z '*.md' docs/site LICENSE ':!tests/files' | tar --null -T - -cf - | tar -xf - -C build/pages
	$(DOCS_BIN)/zensical build --strict --clean
	@echo "look at it: $(PYTHON) -m http.server --directory build/site"

$(DOCS_BIN)/zensical: requirements-docs.txt
	$(PYTHON) -m venv build/site-venv
	$(DOCS_BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-docs.txt
	@touch $@

# Locks without any address; needs `pip install uv`.
lock:
	uv pip compile pyproject.toml --quiet --generate-hashes --no-header --python-version 3.11 -o requirements.txt
	uv pip compile pyproject.toml --quiet --extra dev --generate-hashes --no-header --python-version 3.11 -o requirements-dev.txt
	uv pip compile pyproject.toml --quiet --extra dev --extra ray --generate-hashes --no-header --python-version 3.11 -c requirements-dev.txt -o requirements-ray.txt
	uv pip compile --group docs --quiet --generate-hashes --no-header --python-version 3.11 -o requirements-docs.txt

clean:
	rm -rf $(VENV) $(OUT) build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
