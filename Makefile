# `make run` and `make test` are all a newcomer needs; each sets up what it needs first.

PYTHON ?= python3
BIN := .venv/bin
# The CPU build of torch, where pip has no folder of wheels of its own; `make setup TORCH_INDEX=` takes the GPU build.
TORCH_INDEX ?= $(if $(PIP_FIND_LINKS),,https://download.pytorch.org/whl/cpu)
WORKERS ?= 2
# Of each fuzz target.
FUZZ_SECONDS ?= 600

.PHONY: setup run test fast check fix e2e reliability demo docs pictures picture messages wheel clean

setup: .venv/.ready

.venv/.ready: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -U pip
	$(BIN)/pip install -q $(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX)) -c constraints.txt -e '.[dev]'
	$(BIN)/python -m compileall -q workbench
	$(BIN)/workbench model prepare
	@touch $@

run: setup
	$(BIN)/workbench --workspace . evidence sync
	$(BIN)/workbench --workspace . serve

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m 'not long and not scale' --durations=15

fast: setup
	$(BIN)/python -m pytest -n $(WORKERS) -m 'not model and not process and not browser and not scale'

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/deptry .

fix: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

e2e: setup
	$(BIN)/python -m pytest -m browser

reliability: setup
	$(BIN)/python -m pytest -m long
	$(BIN)/python -m tests.reliability
	$(BIN)/python -m tests.reliability contention-8 contention-32 tokens model --url postgres --part 1/10
	WORKBENCH_KILLS=50 $(BIN)/python -m pytest tests/test_cli_crash.py tests/test_intake_crash.py
	$(BIN)/python -m tests.fuzz --seconds $(FUZZ_SECONDS)

# Beyond one machine (docs/scaling.md): a Ray cluster that loses a node, 200,000 passages in a Milvus collection. Ray is 236 MB.
scale: setup
	$(BIN)/pip install -q -c constraints.txt -e '.[ray]'
	$(BIN)/python -m pytest -q -s -m scale

# The documentation as a site, in site/: warnings are errors, links are checked, no network is needed.
docs: setup
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The pictures of the tutorial, taken by the browser test that carries it out.
pictures: setup
	WORKBENCH_TUTORIAL_PICTURES=$(CURDIR)/build/pictures $(BIN)/python -m pytest tests/e2e/test_tutorial.py
	for one in docs/images/tutorial/*.jpg; do cp build/pictures/$$(basename $$one) $$one; done

# The picture of docs/architecture.md, from its table and the imports.
picture: setup
	PYTHONPATH=. $(BIN)/python docs/house.py

# What `pip install dist/*.whl` makes a workbench of, anywhere, with the versions it was tested with beside it (docs/install.md).
wheel: setup
	$(BIN)/python -m hatchling build -t wheel -d dist
	cp constraints.txt dist/

# The texts of the interface, taken out of the source into the catalogs of every language: docs/translating.md.
messages: setup
	$(BIN)/pybabel extract -k counted:2,3 --no-wrap --add-location=file --sort-by-file -o .messages.pot workbench
	$(BIN)/pybabel update -i .messages.pot -d workbench/locale -D workbench --no-wrap --no-fuzzy-matching --ignore-obsolete
	$(BIN)/pybabel compile -d workbench/locale -D workbench
	rm -f .messages.pot

demo: setup
	$(BIN)/python -m workbench.cli.demo

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis
