"""Every mart has its page in docs/marts, with all its sections, and the SQL on it can be run.

The SQL is bound against empty tables made from the models' own contracts: a column that was
renamed breaks its page here. Whether the figures are right is for the dbt tests and the suites.
"""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.quality.tiny import contracts

PAGES = Path(__file__).resolve().parents[2] / "docs" / "marts"
MARTS = sorted(name.removeprefix("marts.") for name in contracts() if name.startswith("marts."))
SECTIONS = [
    "## 问题 / Question",
    "## 粒度 / Grain",
    "## 口径 / Formula",
    "## 分母 / Denominators",
    "## 注意 / Caveats",
]


@pytest.fixture(scope="module")
def empty() -> duckdb.DuckDBPyConnection:
    """Every table of star and marts, without rows."""
    connection = duckdb.connect()
    connection.execute("CREATE SCHEMA star; CREATE SCHEMA marts;")
    for table, columns in contracts().items():
        declared = ", ".join(f'"{name}" {kind}' for name, kind, _ in columns)
        connection.execute(f"CREATE TABLE {table} ({declared})")
    return connection


def test_every_mart_has_its_page_and_every_page_its_mart() -> None:
    """And the index links to each of them."""
    pages = sorted(path.stem for path in PAGES.glob("*.md") if path.stem != "README")
    assert pages == MARTS
    index = (PAGES / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"\]\((\w+)\.md\)", index)) == MARTS


@pytest.mark.parametrize("mart", MARTS)
def test_a_page_answers_all_five_in_both_languages(mart: str) -> None:
    """Question, grain, formula, denominator, caveats: each in Chinese and in English."""
    text = (PAGES / f"{mart}.md").read_text(encoding="utf-8")
    assert text.startswith(f"# {mart}\n")
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == SECTIONS
    for heading, section in zip(SECTIONS, re.split(r"^## .*$", text, flags=re.M)[1:], strict=True):
        words = re.sub(r"```.*?```", "", section, flags=re.S)
        assert re.search(r"[\u4e00-\u9fff]{2}", words), heading
        assert re.search(r"[A-Za-z]{3,} [a-z]+", words), heading


@pytest.mark.parametrize("mart", MARTS)
def test_the_sql_of_a_page_runs(mart: str, empty: duckdb.DuckDBPyConnection) -> None:
    """As `juandi sql` would run it on a release."""
    text = (PAGES / f"{mart}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sql\n(.*?)^```$", text, flags=re.S | re.M)
    assert blocks
    for block in blocks:
        assert empty.execute(block).fetchall() == []
