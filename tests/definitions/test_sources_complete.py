"""A source is three files: its contract, its suite, its staging model. Says which is missing."""

import re

import pytest

from pipelines.quality import load_suites
from pipelines.settings import DBT_PROJECT, EXPECTATIONS, PROJECT_ROOT
from pipelines.sources import SOURCES

NAMES = sorted(SOURCES)


@pytest.mark.parametrize("name", NAMES)
def test_has_a_suite(name: str) -> None:
    """`expectations/loaded/<source>.yml` holds rules about the source's own table."""
    path = EXPECTATIONS / "loaded" / f"{name}.yml"
    assert path.is_file(), f"{path.relative_to(PROJECT_ROOT)} is missing"
    (suite,) = [s for s in load_suites() if s.path == path]
    assert suite.rules


@pytest.mark.parametrize("name", NAMES)
def test_has_a_staging_model(name: str) -> None:
    """`stg_<source>.sql` reads the source, and stands beside a yml that describes it."""
    models = list(DBT_PROJECT.glob(f"models/staging/*/stg_{name}.sql"))
    assert len(models) == 1, f"dbt_project/models/staging/<subject>/stg_{name}.sql is missing"
    sql = models[0].read_text(encoding="utf-8")
    reads = re.search(rf"""['"]{name}['"]""", sql)
    assert reads, f"{models[0].name} does not read source('lake', '{name}')"
    described = "".join(p.read_text(encoding="utf-8") for p in models[0].parent.glob("*.yml"))
    assert re.search(rf"name: stg_{name}\b", described), f"stg_{name} is described in no yml"


@pytest.mark.parametrize("name", NAMES)
def test_is_a_dbt_source(name: str) -> None:
    """`sources.yml` lists the table of the lake."""
    text = (DBT_PROJECT / "models" / "sources.yml").read_text(encoding="utf-8")
    assert re.search(rf"- name: {name}\b", text), f"{name} is missing in models/sources.yml"


@pytest.mark.parametrize("name", NAMES)
def test_module_bears_its_name(name: str) -> None:
    """One word greps the whole path."""
    path = PROJECT_ROOT / "pipelines" / "sources" / f"{name}.py"
    assert path.is_file(), f"{path.relative_to(PROJECT_ROOT)} is missing"


def test_no_suite_without_a_source() -> None:
    """A suite of `loaded` for something that is no source would never be looked at."""
    names = {path.stem for path in (EXPECTATIONS / "loaded").glob("*.yml")}
    assert names - set(SOURCES) <= {
        "archive_faults", "file_pairs", "left_out", "load_audit", "restatements", "source_health",
    }  # fmt: skip
