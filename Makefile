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
dagster_home = home=$${DAGSTER_HOME:-$${JUANDI_WAREHOUSE:-warehouse}/.dagster}; mkdir -p "$$home"; \
	export DAGSTER_HOME=$$(cd "$$home" && pwd); test -f "$$home/dagster.yaml" || printf '%s\n' \
	  'telemetry: {enabled: false}' 'nux: {enabled: false}' \
	  'compute_logs: {module: dagster._core.storage.noop_compute_log_manager, class: NoOpComputeLogManager}' \
	  > "$$home/dagster.yaml"

PYTHON ?=
# The first interpreter that runs (version managers leave shims that do not) and is new enough.
find_python = found=; for p in $(PYTHON) $(if $(PYTHON),,python3.13 python3.12 python3.11 python3 python); do \
	  if "$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	    found=$$("$$p" -c 'import sys; print(sys.executable)'); break; fi; done; \
	if [ -z "$$found" ]; then \
	  echo "juandi: no Python 3.11 or newer found; install one, or say make PYTHON=/path/to/python" >&2; exit 2; fi

.PHONY: help demo refresh generate test fuzz lint format types dev bench docs clean distclean setup

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
	$(UV) sync --frozen --quiet --compile-bytecode --python "$$found" && touch $@

# dbt's project, parsed once for every warehouse; a refresh does it itself where this is stale.
$(PREPARED): $(SYNCED) $(shell find dbt_project -path dbt_project/target -prune -o -type f -print)
	@echo "juandi: dbt_project -> dbt_project/target/prepared"; $(BIN)/python -m pipelines.stages.build.project

demo: $(PREPARED)  ## write sample exports (a quarter of the campaign's gifts) and refresh: the main job
	@$(dagster_home); $(BIN)/juandi demo --scale 0.25

refresh: $(PREPARED)  ## pull, load what is new, build, gate, publish
	@$(dagster_home); $(BIN)/juandi refresh

generate: $(SYNCED)  ## yml of models and sources, pages of columns: whatever follows from the declarations
	@$(BIN)/python -m pipelines.tables.generate

test: $(PREPARED) lint types  ## everything that must hold: lint, types, tests
	$(BIN)/python -m pytest

fuzz: $(SYNCED)  ## 20,000 damaged files of all sources against the reader (FUZZ="--seed 20000")
	$(BIN)/python -m tests.fuzz.run 20000 $(FUZZ)

lint: $(SYNCED)  ## ruff and sqlfluff
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/sqlfluff lint --disable-progress-bar dbt_project

format: $(SYNCED)  ## put the code into its form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/sqlfluff fix --disable-progress-bar dbt_project

types: $(SYNCED)  ## mypy, strict
	$(BIN)/mypy

dev: $(PREPARED)  ## Dagster's pages on http://localhost:3000, with the nightly schedule
	@$(dagster_home); exec $(BIN)/dagster dev -w workspace.yaml $(DEV)

bench: $(PREPARED)  ## time and memory: loading, a whole Giving Day (BENCH="--scale 1 --night")
	$(BIN)/python -m benchmarks.run $(BENCH)

docs: $(SYNCED)  ## the reference pages that are written from the code
	$(BIN)/python -m pipelines.cli.reference > docs/sources.md

clean:  ## remove what can be made again (never landing, archive or releases)
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis dbt_project/target dbt_project/logs
	find pipelines tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

distclean: clean  ## … and the installed tools and libraries
	rm -rf .venv .tools .cache
