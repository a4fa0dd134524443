# Everything installs itself into .venv; PYTHON chooses the interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The extractors of the benchmark want older releases than the project runs with.
BENCH := $(VENV)-bench
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: help demo test check format docs messages torture bench clean

help:
	@echo "make demo     crawl the included local newspaper and show the result"
	@echo "make test     run the tests"
	@echo "make check    lint, types, import layers, container and shell files, documents"
	@echo "make format   format the code"
	@echo "make docs     write the generated pages of docs/ again"
	@echo "make messages collect the texts to translate, compile the catalogues"
	@echo "make torture  test with faults, kills and damage; writes docs/reliability.md"
	@echo "make bench    compare the speed with other programs; writes docs/benchmarks.md"
	@echo "make clean    remove .venv, .venv-bench, caches and builds"

# A stamp for each set of extras: installing happens once, and again when the pins change.
$(VENV)/%.stamp: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --constraint constraints.txt --editable '.$(if $(filter-out base,$*),[$*])'
	touch $@

$(BENCH)/bench.stamp: pyproject.toml benchmarks/constraints.txt
	test -x $(BENCH)/bin/python || $(PYTHON) -m venv $(BENCH)
	# The pip of Python 3.11 stumbles over lxml's extras, which two of the peers ask for.
	$(BENCH)/bin/python -m pip --quiet install 'pip>=25'
	$(BENCH)/bin/python -m pip --disable-pip-version-check --quiet install \
		--constraint benchmarks/constraints.txt --editable '.[bench]'
	touch $@

demo: $(VENV)/base.stamp
	$(BIN)/newscrawler demo

test: $(VENV)/test.stamp
	$(BIN)/python -m pytest -n 4 --dist loadfile

check: $(VENV)/check.stamp
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/hadolint deploy/Containerfile
	$(BIN)/shellcheck deploy/daily-crawl .ci/run
	$(BIN)/python -m pytest -q tests/docs tests/store/test_data_dictionary.py

docs: $(VENV)/test.stamp
	$(BIN)/python -m newscrawler.config.settings_reference > docs/settings.md
	$(BIN)/python -m newscrawler.store.data_dictionary > docs/data-dictionary.md

# Names what is untranslated; write it into the .po and run it again.
messages: $(VENV)/check.stamp
	$(BIN)/python -m scripts.messages

# The fleet's trials need its extras, and the tests' papers and object store.
torture: $(VENV)/test.stamp
	$(BIN)/python -m scripts.torture $(TORTURE)
	$(BIN)/python -m scripts.torture_fleet $(FLEET)

bench: $(BENCH)/bench.stamp
	$(BENCH)/bin/python -m benchmarks

format: $(VENV)/check.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf $(VENV) $(BENCH) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
