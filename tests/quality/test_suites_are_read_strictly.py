"""A suite that is unclear is refused with file and line, before anything is checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.quality.suites import SuiteError, load_suite, load_suites

GOOD = """table: star.fact_x
zh: 表
en: A table
remedy_zh: 处理
remedy_en: A remedy
helpers:
  few: SELECT 1 AS one
rules:
  - id: star.fact_x.first
    severity: critical
    zh: 规则
    en: A rule
    sql: SELECT 1 WHERE false
  - id: star.fact_x.second
    severity: warning
    zh: 规则
    en: A rule
    remedy_en: A better remedy
    sql: SELECT a FROM juandi.star.fact_x WHERE a NOT BETWEEN 1 AND 2
"""


def written(folder: Path, text: str, layer: str = "star", stem: str = "fact_x") -> Path:
    """A suite's file in a folder of expectations."""
    path = folder / layer / f"{stem}.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_suite(tmp_path: Path) -> None:
    """Sentences, remedies and queries arrive as written."""
    suite = load_suite(written(tmp_path, GOOD), "star")
    first, second = suite.rules
    assert (first.rule_id, first.table_name, first.remedy_en) == (
        "star.fact_x.first", "star.fact_x", "A remedy",
    )  # fmt: skip
    assert second.remedy_en == "A better remedy"
    assert second.sql == "SELECT a FROM juandi.star.fact_x WHERE a NOT BETWEEN 1 AND 2"
    assert suite.helpers == {"few": "SELECT 1 AS one"}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("    en: A rule\n    sql", "    sql", 9, "'en' is missing"),
        (
            "    zh: 规则\n    en: A rule\n    sql",
            "    zh: ''\n    en: A rule\n    sql",
            11,
            "'zh'",
        ),
        ("severity: critical", "severity: fatal", 10, "critical, warning"),
        ("    sql: SELECT", "    sqll: x\n    sql: SELECT", 13, "unknown key 'sqll'"),
        ("id: star.fact_x.first", "id: fact_x.first", 9, "must read star.fact_x."),
        ("    sql: SELECT 1 WHERE false\n", "", 9, "'sql' is missing"),
        ("    sql: SELECT", "    skip_when: SELECT true\n    sql: SELECT", 9, "skip_zh"),
        ("star.fact_x.second", "star.fact_x.first", 1, "given twice"),
        ("zh: 表\n", "zh: 表\nzh: 表\n", 3, "'zh' is given twice"),
        ("table: star.fact_x", "table: fact_x", 1, "<schema>.<table>"),
        ("    sql: SELECT a", "    expect: {}\n    sql: SELECT a", 19, "unknown key 'expect'"),
        ("remedy_zh: 处理\n", "", 1, "'remedy_zh' is missing"),
        ("rules:\n", "rules: [\n", 19, ""),
    ],
)
def test_a_bad_suite_names_its_line(
    tmp_path: Path, old: str, new: str, line: int, says: str
) -> None:
    """The message begins with the file and the line to look at."""
    assert old in GOOD
    path = written(tmp_path, GOOD.replace(old, new, 1))
    with pytest.raises(SuiteError) as error:
        load_suite(path, "star")
    text = str(error.value)
    assert text.startswith(f"{path}:")
    assert says in text
    if says:
        assert text.startswith(f"{path}:{line}: ")


def test_every_fault_of_a_file_is_told_at_once(tmp_path: Path) -> None:
    """In the order of the lines, so that nobody mends a file one run at a time."""
    bad = GOOD.replace("severity: critical", "severity: fatal")
    bad = bad.replace("    remedy_en", "    remedie")
    path = written(tmp_path, bad)
    with pytest.raises(SuiteError) as error:
        load_suite(path, "star")
    first, second = str(error.value).splitlines()
    assert first == f"{path}:10: 'severity' must be one of critical, warning"
    assert second.startswith(f"{path}:18: unknown key 'remedie'; known: id, severity, zh, en,")


def test_unknown_layers_and_shared_helpers_are_refused(tmp_path: Path) -> None:
    """A misspelt folder is not overlooked, and a helper is made in one place."""
    written(tmp_path, GOOD)
    again = GOOD.replace("star.fact_x", "star.fact_y")
    written(tmp_path, again, stem="fact_y")
    with pytest.raises(SuiteError, match="helper 'few'"):
        load_suites(tmp_path)
    (tmp_path / "stars").mkdir()
    with pytest.raises(SuiteError, match="no such layer"):
        load_suites(tmp_path)


def test_the_projects_own_suites() -> None:
    """They load, in the order of layers, and every rule's id is used once in the project."""
    suites = load_suites()
    assert [s.layer for s in suites] == sorted(
        (s.layer for s in suites), key=("loaded", "star", "release").index
    )
    ids = [rule.rule_id for suite in suites for rule in suite.rules]
    assert len(ids) == len(set(ids))
    assert [s.layer for s in load_suites(layers=["release"])] == ["release"] * len(
        [s for s in suites if s.layer == "release"]
    )
