# Everything a newcomer or a developer runs. Needs Python 3.11 or newer and make; nothing else, and no root.
#   make demo     sets Kierto up and serves a demonstration on 127.0.0.1:$PORT (5000 unless set)
#   make test     every test that this machine can run (what it cannot is skipped, with what to install)
#   make quick    the tests worth running after each change: unit, and feature on SQLite (about a minute);
#                 make quick only="seats or rounds" those with the words in their names (seconds)
#   make lint     style, types, layers, templates, dependencies
#   make bench    measurements; make docs: the generated pages of docs/; make wheel: dist/*.whl
#   make words    the catalogues of translations brought up to date with the source strings
#   make locks    requirements/ and package-lock.json anew, with today's versions; make clean: as cloned
# Each step of set-up leaves a stamp, so that it is done once, and again when what it depends on has changed.

PYTHON ?= python3

venv := .venv
bin := $(venv)/bin
stamps := $(venv)/stamps
locked := --require-hashes --only-binary :all: --quiet
pip := $(bin)/python -m pip --disable-pip-version-check
# uv installs the tests' ninety packages in 3 s, pip in 28 s; pip knows more ways to a registry, so it stands in.
install = $(bin)/uv pip install --python $(bin)/python $(locked) $(1) || $(pip) install $(locked) $(1)
node = $(shell command -v npm >/dev/null || echo -r requirements/node.txt)

vendor := kierto/static/vendor/designsystemet/designsystemet.css
catalogues := $(patsubst %.po,%.mo,$(wildcard kierto/translations/*/LC_MESSAGES/*.po))
ready := $(stamps)/kierto $(vendor) $(catalogues)

.PHONY: help demo test quick lint format bench docs words wheel locks ready dev clean
.DELETE_ON_ERROR:

help:
	@sed -n 's/^#   //p' Makefile

demo: export KIERTO_DEMO := 1
demo: export KIERTO_HELP_PHONE ?= 010 000 0000
demo: ready
	@$(bin)/kierto upgrade
	@$(bin)/kierto demo
	@exec $(bin)/kierto serve

test: dev
	$(bin)/pytest -n 2

quick: dev
	KIERTO_TEST_DATABASES=sqlite $(bin)/pytest -n 2 tests/unit tests/feature $(if $(only),-k "$(only)")

lint: dev
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/lint-imports
	$(bin)/djlint --lint --quiet templates
	$(bin)/deptry .

format: dev
	$(bin)/ruff check --fix
	$(bin)/ruff format

bench: dev
	for measured in weight words feed sign_ups killed_sign_ups stateful imports registers meetings experts kill; do $(bin)/python -m tests.bench.$$measured || exit 1; done

docs: dev
	$(bin)/python -m tools.docs
	$(bin)/python -m tools.screenshots

words: dev
	$(bin)/pybabel --quiet extract --mapping babel.cfg --keywords N_ --keywords lazy_gettext --keywords plural:1,2 \
	  --keywords _setting:1 \
	  --sort-output --no-location --output $(stamps)/messages.pot .
	for language in fi sv; do \
	  $(bin)/pybabel --quiet update --input-file $(stamps)/messages.pot --output-dir kierto/translations \
	    --locale $$language --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date || exit 1; done

wheel: dev
	$(bin)/hatchling build -t wheel

ready: $(ready)
dev: ready $(stamps)/dev

$(stamps)/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kierto needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@echo "Making $(venv) …"
	@$(PYTHON) -m venv $(venv)
	@$(pip) install $(locked) -r requirements/uv.txt
	@mkdir -p $(stamps) && touch $@

$(stamps)/run: requirements/run.txt requirements/build.txt requirements/node.txt $(stamps)/uv
	@echo "Installing what Kierto runs on …"
	@$(call install,-r requirements/run.txt -r requirements/build.txt $(node))
	@touch $@

$(stamps)/kierto: pyproject.toml $(stamps)/run
	@$(bin)/uv pip install --python $(bin)/python --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(vendor): package.json package-lock.json tools/assets.py $(stamps)/run
	@echo "Fetching the pages' styles …"
	@$(bin)/python tools/assets.py

%.mo: %.po $(stamps)/run
	@$(bin)/pybabel --quiet compile -i $< -o $@

$(stamps)/dev: requirements/dev.txt requirements/postgres.txt $(stamps)/run
	@echo "Installing what tests need …"
	@$(call install,-r requirements/dev.txt)
	@$(bin)/python tests/postgres.py 2>/dev/null || { $(call install,-r requirements/postgres.txt); }
	@touch $@

compile = $(bin)/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--custom-compile-command 'make locks'

locks: dev
	$(compile) pyproject.toml -o requirements/run.txt
	$(compile) pyproject.toml --group dev -c requirements/run.txt -o requirements/dev.txt
	for group in build node postgres uv; do \
	  $(compile) --group $$group -c requirements/dev.txt -o requirements/$$group.txt || exit 1; done
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean:
	rm -rf $(venv) node_modules kierto/static/vendor dist instance build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find kierto tests -name '*.mo' -delete -o -name __pycache__ -prune -exec rm -rf {} +
