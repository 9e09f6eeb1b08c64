"""The gate report: what a release says of every rule that it passed through, for people to read.

    releases/<id>.gates.html     one page, with nothing to fetch
    releases/<id>.gates.json     the same for programs

It is made of the release alone, from ops.gate_results, ops.rules and ops.gate_history: the same
release gives the same bytes, today or in a year. The pages and the commands show the same report.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, StrictUndefined

from pipelines.publishing.files import unfinished
from pipelines.publishing.gate_history import Ask, Spell, asking, read_spells
from pipelines.publishing.releases import Release, kept_file, read_release, report_files
from pipelines.settings import Settings

#: What people look for first.
ORDER = ("error", "fail", "skipped", "pass")
_TEMPLATE = Path(__file__).with_name("gate_report.html")


@dataclass(frozen=True)
class ReportedRule:
    """A rule in one release. `checked_rows` are failing and passed ones, null where not known.

    `failing_share` is of the checked rows, from 0 to 1. `examples` are at most five of the rows
    that break the rule, without personal data. `history` has the oldest spell first; the last is
    this release's.
    """

    rule_id: str
    layer: str
    table_name: str
    severity: str
    status: str
    description_zh: str
    description_en: str
    remedy_zh: str | None
    remedy_en: str | None
    observed: str | None
    checked_rows: int | None
    passed_rows: int | None
    failing_rows: int | None
    failing_share: Decimal | None
    examples: Sequence[Mapping[str, Any]]
    history: Sequence[Spell]

    @property
    def since(self) -> Spell:
        """The spell that this release is in: since when the verdict is what it is."""
        return self.history[-1]

    @property
    def last_passed(self) -> Spell | None:
        """The newest spell of releases that passed; None where no kept one did."""
        return next((s for s in reversed(self.history) if s.status == "pass"), None)


@dataclass(frozen=True)
class ReleaseReport:
    """All rules of a release, those that did not pass first.

    `gone` are rules of earlier releases that this one did not ask, each with its history.
    `appeared` are the ids of those that the releases before did not know.
    """

    release: Release
    rules: Sequence[ReportedRule]
    gone: Sequence[Sequence[Spell]]
    appeared: frozenset[str]

    @property
    def counts(self) -> Counter[tuple[str, str]]:
        """Rules by status and severity."""
        return Counter((rule.status, rule.severity) for rule in self.rules)

    def rule(self, rule_id: str) -> ReportedRule | None:
        """The rule of that id; None where the release did not ask it."""
        return next((rule for rule in self.rules if rule.rule_id == rule_id), None)


_RULES = "SELECT rule_id, remedy_zh, remedy_en FROM ops.rules"
_RESULTS = "SELECT * FROM ops.gate_results ORDER BY rule_id"


def read_report(ask: Ask, release: Release) -> ReleaseReport:
    """The report of the release that `ask` has open. Raises duckdb.Error where it is none.

    What a release of older code does not hold is unknown, not nought.
    """
    spells: dict[str, list[Spell]] = defaultdict(list)
    for spell in read_spells(ask, release):
        spells[spell.rule_id].append(spell)
    remedies = {row["rule_id"]: row for row in ask(_RULES)}
    results = ask(_RESULTS)
    rules = [_reported(row, remedies.get(row["rule_id"], {}), spells) for row in results]
    asked = {rule.rule_id for rule in rules}
    before = any(s.first_release_id != release.release_id for some in spells.values() for s in some)
    return ReleaseReport(
        release,
        sorted(rules, key=lambda r: (ORDER.index(r.status), r.severity, r.rule_id)),
        [known for rule_id, known in sorted(spells.items()) if rule_id not in asked],
        frozenset(
            rule.rule_id
            for rule in rules
            if before and rule.history[0].first_release_id == release.release_id
        ),
    )


def _reported(
    row: Mapping[str, Any], remedy: Mapping[str, Any], spells: Mapping[str, Sequence[Spell]]
) -> ReportedRule:
    checked, failing = row.get("checked_rows"), row["failing_rows"]
    is_counted = checked is not None and failing is not None
    return ReportedRule(
        **{name: row[name] for name in ("rule_id", "layer", "table_name", "severity", "status",
                                        "description_zh", "description_en", "observed")},
        remedy_zh=remedy.get("remedy_zh"),
        remedy_en=remedy.get("remedy_en"),
        checked_rows=checked,
        passed_rows=checked - failing if is_counted else None,
        failing_rows=failing,
        failing_share=_share(failing, checked) if is_counted and checked else None,
        examples=json.loads(row["sample"]) if row["sample"] else [],
        history=spells[row["rule_id"]],
    )  # fmt: skip # a list of names


def _share(part: int, whole: int) -> Decimal:
    return (Decimal(part) / Decimal(whole)).quantize(Decimal("0.000001"))


def as_data(report: ReleaseReport) -> dict[str, Any]:
    """The report as it stands in the JSON file."""
    return {
        "release": asdict(report.release),
        "counts": {status: _of_status(report, status) for status in ORDER},
        "appeared": sorted(report.appeared),
        "rules": [rule_data(rule) for rule in report.rules],
        "gone": [
            {
                "rule_id": known[-1].rule_id,
                "description_zh": known[-1].description_zh,
                "description_en": known[-1].description_en,
                "history": [_spell_data(spell) for spell in known],
            }
            for known in report.gone
        ],
    }


def _of_status(report: ReleaseReport, status: str) -> dict[str, int]:
    return {severity: report.counts[status, severity] for severity in ("critical", "warning")}


def rule_data(rule: ReportedRule) -> dict[str, Any]:
    """One rule as it stands in the JSON file."""
    last = rule.last_passed
    return asdict(rule) | {
        "history": [_spell_data(spell) for spell in rule.history],
        "since_release_id": rule.since.first_release_id,
        "releases_in_a_row": rule.since.releases,
        "last_passed_release_id": last.last_release_id if last else None,
    }


def _spell_data(spell: Spell) -> dict[str, Any]:
    """A spell without what its rule says for all of them."""
    told = asdict(spell)
    for name in ("rule_id", "description_zh", "description_en"):
        del told[name]
    return told


def as_json(report: ReleaseReport) -> bytes:
    """The JSON file."""
    text = json.dumps(as_data(report), ensure_ascii=False, indent=1, default=_written)
    return f"{text}\n".encode()


def _written(value: object) -> str:
    """Money and shares as exact text, days and instants in ISO 8601."""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, date | datetime):
        return value.isoformat()
    raise TypeError(f"{value!r} has no form in JSON")


@cache
def _template() -> Any:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def as_html(report: ReleaseReport) -> bytes:
    """The page: it needs no other file."""
    text: str = _template().render(report=report, order=ORDER)
    return text.encode()


def write_reports(settings: Settings) -> list[Path]:
    """Writes the report of every kept release that lacks it; returns the files written.

    Each is written aside and renamed, so that it is whole or not there. Reports of releases that
    are no longer kept are deleted. Raises OSError, or duckdb.Error where a release cannot be read.
    """
    written: list[Path] = []
    for file in sorted(settings.releases.glob("[!.]*.duckdb")):
        page, data = report_files(settings, file.stem)
        if page.is_file() and data.is_file():
            continue
        release = read_release(file)
        if release is None:
            continue
        with duckdb.connect(str(file), read_only=True) as connection:
            report = read_report(asking(connection), release)
        for target, content in ((page, as_html(report)), (data, as_json(report))):
            unfinished(target).write_bytes(content)
            unfinished(target).replace(target)
            written.append(target)
    for left in settings.releases.glob("[!.]*.gates.*"):
        if not kept_file(settings, left.name.partition(".gates.")[0]).exists():
            left.unlink()
    return written
