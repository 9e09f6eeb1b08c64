"""Suites as data: one YAML file per table, validated strictly, with no engine involved.

    expectations/<layer>/<table>.yml
        table: star.fact_donation          the table the suite is about
        zh / en                            what the table is
        remedy_zh / remedy_en              what to do when a rule fails (a rule may say better)
        helpers: {name: select …}          small tables `gate.<name>`, made once per run
        rules: a list of
            id                             <layer>.<file stem>.<name>, once in the project
            severity                       critical (blocks the release) | warning
            zh / en                        the truth, as a sentence
            sql: select …                  the rows that break it, or
            expect: {type, column, …}      a Great Expectations type with its arguments
            observe: select …              one value to print beside the verdict
            skip_when: select <bool>       with skip_zh, skip_en: why there is nothing to check

How a rule is evaluated belongs to ``great``; what a failed rule does to a release, to the stage.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipelines.quality.strict_yaml import Block, SuiteError, read_block
from pipelines.settings import EXPECTATIONS

__all__ = [
    "LAYERS",
    "Expect",
    "Suite",
    "SuiteError",
    "SuiteRule",
    "load_suite",
    "load_suites",
    "physical",
]

#: In the order in which they are checked.
LAYERS = ("loaded", "star", "release")
SEVERITIES = ("critical", "warning")

_NAME = r"[a-z][a-z0-9_]*"
_SUITE_KEYS = ("table", "zh", "en", "remedy_zh", "remedy_en", "helpers", "rules")
_RULE_KEYS = (
    *("id", "severity", "zh", "en", "remedy_zh", "remedy_en"),
    *("sql", "expect", "observe", "skip_when", "skip_zh", "skip_en"),
)


@dataclass(frozen=True)
class Expect:
    """A Great Expectations type and its arguments, as the YAML gives them."""

    type: str
    arguments: Mapping[str, object]


@dataclass(frozen=True)
class SuiteRule:
    """One truth. Exactly one of `sql` (rows that break it) and `expect` is given."""

    rule_id: str
    layer: str
    table_name: str
    severity: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str
    sql: str | None = None
    expect: Expect | None = None
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


def _expect(block: Block) -> Expect:
    type_ = block.text("type")
    if not re.fullmatch(r"expect_[a-z0-9_]+", type_):
        raise block.error(f"{type_!r} is not an expectation type", "type")
    return Expect(type_, {k: v for k, v in block.values().items() if k != "type"})


def _rule(block: Block, suite: Block, layer: str, stem: str) -> SuiteRule:
    block.only(_RULE_KEYS)
    rule_id = block.text("id")
    if not re.fullmatch(rf"{layer}\.{re.escape(stem)}\.{_NAME}", rule_id):
        raise block.error(f"id {rule_id!r} must read {layer}.{stem}.<name>", "id")
    if block.text("severity") not in SEVERITIES:
        raise block.error(f"severity must be one of {', '.join(SEVERITIES)}", "severity")
    if ("sql" in block) == ("expect" in block):
        raise block.error(f"{rule_id}: give one of 'sql' and 'expect'")
    skip = [key for key in ("skip_when", "skip_zh", "skip_en") if key in block]
    if skip and len(skip) < 3:
        raise block.error(f"{rule_id}: 'skip_when' needs its reason in skip_zh and skip_en")
    remedies = {
        key: block.text(key) if key in block else suite.text(key)
        for key in ("remedy_zh", "remedy_en")
    }
    return SuiteRule(
        rule_id=rule_id,
        layer=layer,
        table_name=suite.text("table"),
        severity=block.text("severity"),
        zh=block.text("zh"),
        en=block.text("en"),
        remedy_zh=remedies["remedy_zh"],
        remedy_en=remedies["remedy_en"],
        sql=block.optional_text("sql"),
        expect=_expect(block.block("expect")) if "expect" in block else None,
        observe=block.optional_text("observe"),
        skip_when=block.optional_text("skip_when"),
        skip_zh=block.optional_text("skip_zh"),
        skip_en=block.optional_text("skip_en"),
    )


def load_suite(path: Path, layer: str) -> Suite:
    """The suite of one file. Raises SuiteError with ``file:line`` for anything unclear."""
    block = read_block(path)
    block.only(_SUITE_KEYS)
    table = block.text("table")
    if not re.fullmatch(rf"{_NAME}\.{_NAME}", table):
        raise block.error(f"table {table!r} must read <schema>.<table>", "table")
    helpers = block.texts("helpers")
    for name in helpers:
        if not re.fullmatch(_NAME, name):
            raise block.error(f"helper {name!r} must be a plain name", "helpers")
    rules = tuple(_rule(rule, block, layer, path.stem) for rule in block.blocks("rules"))
    seen: set[str] = set()
    for rule in rules:
        if rule.rule_id in seen:
            raise SuiteError(f"{path}:{block.line}: rule {rule.rule_id} is given twice")
        seen.add(rule.rule_id)
    return Suite(layer, table, block.text("zh"), block.text("en"), rules, path, helpers)


def load_suites(
    root: Path = EXPECTATIONS, layers: Collection[str] | None = None
) -> tuple[Suite, ...]:
    """Every suite below `root`, in the order of `LAYERS` and then of file names.

    Raises SuiteError for an unknown layer's folder, a broken file, or a helper made twice.
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


def physical(table_name: str) -> str:
    """Where a table lies during the build: the release's schemas are in catalog `juandi`."""
    return table_name if table_name.startswith(("lake.", "gate.")) else f"juandi.{table_name}"
