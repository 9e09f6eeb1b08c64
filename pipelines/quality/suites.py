"""Suites as data: one YAML file per table, read strictly by `suite_files`, no engine involved.

    expectations/<layer>/<table>.yml
        table: star.fact_donation          the table the suite is about
        zh / en                            what the table is
        remedy_zh / remedy_en              what to do when a rule fails (a rule may say better)
        helpers: {name: select …}          small tables `gate.<name>`, made once per run
        rules: a list of
            id                             <layer>.<file stem>.<name>, once in the project
            severity                       critical (blocks the release) | warning
            zh / en                        the truth, as a sentence
            sql: select …                  the rows that break it; of its conditions joined by AND
                                           the last picks the broken ones (`quality.weighed`)
            observe: select …              one value to print beside the verdict
            skip_when: select <bool>       with skip_zh, skip_en: why there is nothing to check

How a rule is evaluated belongs to ``great``; what a failed rule does to a release, to the stage.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.quality.suite_files import SuiteError, read_suite
from pipelines.settings import EXPECTATIONS

__all__ = [
    "LAYERS",
    "Suite",
    "SuiteError",
    "SuiteRule",
    "load_suite",
    "load_suites",
]

#: In the order in which they are checked.
LAYERS = ("loaded", "star", "release")


@dataclass(frozen=True)
class SuiteRule:
    """One truth; `sql` selects the rows that break it."""

    rule_id: str
    layer: str
    table_name: str
    severity: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    sql: str
    observe: str | None = None
    skip_when: str | None = None
    skip_zh: str | None = None
    skip_en: str | None = None


@dataclass(frozen=True)
class Suite:
    """All truths about one table of one layer."""

    layer: str
    table_name: str
    zh: str
    en: str
    rules: tuple[SuiteRule, ...]
    path: Path
    helpers: Mapping[str, str] = field(default_factory=dict)


def load_suite(path: Path, layer: str) -> Suite:
    """The suite of one file. Raises SuiteError with ``file:line`` for anything unclear."""
    entry = read_suite(path, layer)
    rules = tuple(
        SuiteRule(
            rule_id=rule.id,
            layer=layer,
            table_name=entry.table,
            severity=rule.severity,
            zh=rule.zh,
            en=rule.en,
            # one of the two is there: the file was read strictly
            remedy_zh=rule.remedy_zh or entry.remedy_zh or "",
            remedy_en=rule.remedy_en or entry.remedy_en or "",
            sql=rule.sql,
            observe=rule.observe,
            skip_when=rule.skip_when,
            skip_zh=rule.skip_zh,
            skip_en=rule.skip_en,
        )
        for rule in entry.rules
    )
    return Suite(layer, entry.table, entry.zh, entry.en, rules, path, entry.helpers)


def load_suites(
    root: Path = EXPECTATIONS, layers: Collection[str] | None = None
) -> tuple[Suite, ...]:
    """Every suite below `root`, in the order of `LAYERS` and then of file names.

    Raises SuiteError for an unknown layer's folder, a broken file, or a helper of two suites.
    """
    for folder in root.iterdir():
        if folder.is_dir() and folder.name not in LAYERS:
            raise SuiteError(f"{folder}:1: no such layer; known: {', '.join(LAYERS)}")
    suites = [
        load_suite(path, layer) for layer in LAYERS for path in sorted((root / layer).glob("*.yml"))
    ]
    made: dict[str, Path] = {}
    for suite in suites:
        for name in suite.helpers:
            if name in made:
                raise SuiteError(f"{suite.path}:1: helper {name!r} is made in {made[name]} too")
            made[name] = suite.path
    return tuple(s for s in suites if layers is None or s.layer in layers)
