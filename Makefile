# Juandi: everything starts here. Needs make and a Python 3.11 or newer; nothing else is assumed.
# `make help` lists the targets. PYTHON=/path/to/python chooses the interpreter.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

UV_VERSION := 0.13.9
UV := .tools/uv/bin/uv
BIN := .venv/bin
SYNCED := .venv/.synced
PREPARED := dbt_project/target/prepared/made-from

# Downloads stay inside the project unless a shared cache is named; no interpreter is fetched.
export UV_CACHE_DIR ?= $(CURDIR)/.cache/uv
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := $(CURDIR)/.venv
# No tool reports home.
export DAGSTER_TELEMETRY_ENABLED := false
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false

# Where Dagster keeps its record of runs: in the warehouse, so that `make dev` shows them.
# Settings that are there are somebody's own, and stay.
dagster_yaml := pipelines/definitions/dagster.yaml
dagster_home = home=$${DAGSTER_HOME:-$${JUANDI_WAREHOUSE:-warehouse}/.dagster}; mkdir -p "$$home"; \
	export DAGSTER_HOME=$$(cd "$$home" && pwd); \
	test -f "$$DAGSTER_HOME/dagster.yaml" || cp $(dagster_yaml) "$$DAGSTER_HOME/dagster.yaml"

# Two workers: a night uses both cores of a small machine by itself, and half a gigabyte.
WORKERS ?= 2
PYTEST = $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder --durations 25 --durations-min 10

core = 'import sys; print("sysmon" if sys.version_info >= (3, 12) else "ctrace")'

# Spark is large and needs Java 17: it comes where `make spark` has once asked for it, and stays.
WITH_SPARK := .venv/.spark
without_spark = $(if $(wildcard $(WITH_SPARK)),,--no-extra spark)

PYTHON ?=
# The first interpreter that runs (version managers leave shims that do not) and is new enough.
find_python = found=; for p in $(PYTHON) $(if $(PYTHON),,python3.13 python3.12 python3.11 python3 python); do \
	  if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found=$$("$$p" -c 'import sys; print(sys.executable)'); break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "juandi: no Python 3.11 or newer found; install one, or say make PYTHON=/path/to/python" >&2; exit 2; fi

.PHONY: help demo refresh generate spark test test-spark coverage fuzz lint lint-python lint-sql format types dev serve bench docs wheel clean distclean setup

help:  ## list the targets
	@awk 'BEGIN {FS = ":.*  ## "} /^[a-z]+:.*  ## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(PREPARED)  ## install the locked tools and libraries into .venv, have dbt parse its project

$(UV):
	@$(find_python); \
	if ! "$$found" -c 'import ensurepip, venv' >/dev/null 2>&1; then \
	  echo "juandi: $$found has no venv/ensurepip; on Debian or Ubuntu: apt-get install python3-venv" >&2; exit 2; fi; \
	echo "juandi: uv $(UV_VERSION) -> .tools/uv (with $$found)"; \
	rm -rf .tools/uv; "$$found" -m venv .tools/uv && \
	.tools/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$(UV_VERSION)"

$(SYNCED): uv.lock pyproject.toml | $(UV)
	@$(find_python); \
	echo "juandi: libraries of uv.lock -> .venv (with $$found)"; \
	$(UV) sync --frozen --all-extras $(without_spark) --quiet --compile-bytecode --python "$$found" && touch $@

spark: $(SYNCED)  ## also install Apache Spark, another engine for the models (docs/scale-out.md)
	@$(UV) sync --frozen --all-extras --quiet --compile-bytecode && touch $(WITH_SPARK)
	@$(BIN)/python -m pipelines.stages.build.project

# dbt's project, parsed once for every warehouse; a refresh does it itself where this is stale.
$(PREPARED): $(SYNCED) pipelines/stages/build/project.py \
		$(shell find dbt_project -path dbt_project/target -prune -o -type f -print)
	@echo "juandi: dbt_project -> dbt_project/target/prepared"; $(BIN)/python -m pipelines.stages.build.project

demo: $(PREPARED)  ## write sample exports (a quarter of the campaign's gifts) and refresh: the main job
	@$(dagster_home); $(BIN)/juandi demo --scale 0.25

refresh: $(PREPARED)  ## pull, load what is new, build, gate, publish
	@$(dagster_home); $(BIN)/juandi refresh

generate: $(SYNCED)  ## yml of models and sources, pages of columns: whatever follows from the declarations
	@$(BIN)/python -m pipelines.tables.generate

# A file's tests stay on one worker and files keep their order (tests/conftest.py: long ones first).
# COVERAGE=yes traces every line, for half as much time again on Python 3.11; from 3.12 on the
# interpreter counts lines itself. The floor stands in pyproject.toml.
test: $(PREPARED)  ## everything that must hold: lint, types, tests (WORKERS=4 where there are cores)
	@$(MAKE) --no-print-directory -j2 --output-sync=target lint-python lint-sql types
	$(if $(COVERAGE),COVERAGE_CORE=$$($(BIN)/python -c $(core)) )$(PYTEST) -m "not spark"$(if $(COVERAGE), --cov --cov-report=term)

# A job of its own: a Java process beside each test. Without Java or Spark it says what is missing.
test-spark: $(PREPARED)  ## both engines make the same release; a cluster on loopback (LARGER=yes: more inputs)
	$(BIN)/python -m pytest -m "spark$(if $(LARGER),, and not larger)" --numprocesses 0 --durations 5 -rP tests/spark
	$(BIN)/python -m pytest -m spark --numprocesses 0 tests/dbt

coverage:  ## make test, and that the tests still reach as much of pipelines/ and sample/
	@$(MAKE) --no-print-directory test COVERAGE=yes

fuzz: $(SYNCED)  ## 20,000 damaged files of all sources against the reader (FUZZ="--seed 20000")
	$(BIN)/python -m tests.fuzz.run 20000 $(FUZZ)

# `.pre-commit-config.yaml` calls these by name: what a commit and a build are held to is said here.
lint: lint-python lint-sql  ## ruff and sqlfluff

lint-python: $(SYNCED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

lint-sql: $(SYNCED)
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project

format: $(SYNCED)  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar dbt_project

types: $(SYNCED)  ## mypy, strict
	$(BIN)/mypy

dev: $(PREPARED)  ## Dagster's pages on http://localhost:3000, with the nightly schedule
	@$(dagster_home); cmp -s $(dagster_yaml) "$$DAGSTER_HOME/dagster.yaml" || \
	  echo "juandi: $$DAGSTER_HOME/dagster.yaml is not $(dagster_yaml): docs/dagster.md says what each setting is for" >&2; \
	exec $(BIN)/dagster dev -w workspace.yaml $(DEV)

serve: $(SYNCED)  ## the reviewers' pages on http://127.0.0.1:8300 (SERVE="--port 8400")
	@exec $(BIN)/juandi serve $(SERVE)

bench: $(PREPARED)  ## time and memory: loading, a whole Giving Day (BENCH="--scale 1 --night")
	$(BIN)/python -m benchmarks.run $(BENCH)

docs: $(SYNCED)  ## the page written from the contracts, and the site of all pages: docs/site/index.html
	$(BIN)/python -m pipelines.cli.reference > docs/sources.md
	$(BIN)/python -m tools.docs_site

# Nothing but uv's cache and an empty folder: what it needs of this checkout must be in the wheel.
EXTRAS ?= --all-extras --no-extra spark

wheel: $(SYNCED)  ## the wheel in dist/, and the locked libraries (EXTRAS="--extra pull"); tried: it publishes a demo in an empty folder
	rm -rf dist && $(UV) build --wheel --offline --quiet --out-dir dist
	$(UV) export --frozen --no-dev --no-emit-project --no-header --quiet $(EXTRAS) -o dist/requirements.txt
	@set -e; try=$$(mktemp -d); trap 'rm -rf "$$try"' EXIT; \
	$(UV) export --frozen --no-dev --no-emit-project --no-header --quiet -o "$$try/locked.txt"; \
	$(UV) venv --quiet --python $(BIN)/python "$$try/venv"; \
	$(UV) pip install --quiet --python "$$try/venv" -r "$$try/locked.txt" dist/*.whl; \
	find "$$try/venv" -type f ! -name '*.pyc' | sort > "$$try/before"; mkdir "$$try/empty"; cd "$$try/empty"; \
	env -u JUANDI_WAREHOUSE -u JUANDI_LANDING PYTHONPATH= "$$try/venv/bin/juandi" demo --scale 0.01; \
	test -f warehouse/juandi.duckdb; \
	find "$$try/venv" -type f ! -name '*.pyc' | sort | diff "$$try/before" - ; \
	echo "juandi: the wheel stands by itself"

clean:  ## remove what can be made again (never landing, archive or releases)
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .cache/coverage dist docs/site dbt_project/target dbt_project/logs
	find pipelines sample pages tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## … and the installed tools and libraries
	rm -rf .venv .tools .cache
