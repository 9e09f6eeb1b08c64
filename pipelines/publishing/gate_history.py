"""Each rule's verdicts over releases, handed on from release to release within the file.

A *spell* is a rule's run of releases with one verdict: "failing since …, for 7 releases". A release
takes over the spells of the one before it, prolongs or begins one per rule, and keeps the newest:
what this costs depends on the number of rules and not on that of releases. As a part of the
release it is published, rolled back and deleted with it. `gate_report` says what follows from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple, dataclass, fields, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

from pipelines.publishing.releases import Release, read_release
from pipelines.tables.ddl import column_types, comments, create
from pipelines.tables.registry import OPS

#: A query's rows by column name, of a release that somebody has open.
Ask: TypeAlias = Callable[[str], list[dict[str, Any]]]

#: Spells kept of a rule; the older ones are forgotten.
KEPT_SPELLS = 12
#: For so long a rule is remembered that is no longer asked.
GONE_FOR = timedelta(days=400)


@dataclass(frozen=True)
class Spell:
    """Releases in a row with one verdict of a rule; a row of ``ops.gate_history``.

    `failing_rows` are those of the last of them. The sentence is what the rule said there, kept
    for when it is asked no more.
    """

    rule_id: str
    status: str
    first_release_id: str
    first_published_at: datetime
    first_as_of: date
    last_release_id: str
    last_published_at: datetime
    last_as_of: date
    releases: int
    failing_rows: int | None
    most_failing_rows: int | None
    description_zh: str
    description_en: str


_COLUMNS = tuple(field.name for field in fields(Spell))
_SPELLS = f"SELECT {', '.join(_COLUMNS)} FROM ops.gate_history ORDER BY rowid"
_VERDICTS = (
    "SELECT rule_id, status, failing_rows, description_zh, description_en"
    " FROM ops.gate_results ORDER BY rule_id"
)
_TABLE = (
    "SELECT 1 AS found FROM duckdb_tables() WHERE database_name = current_database()"
    " AND schema_name = 'ops' AND table_name = 'gate_history'"
)


def asking(connection: duckdb.DuckDBPyConnection) -> Ask:
    """`connection` as something to ask."""

    def ask(sql: str) -> list[dict[str, Any]]:
        cursor = connection.execute(sql)
        names = [column[0] for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    return ask


def read_spells(ask: Ask, release: Release) -> list[Spell]:
    """Those of the open release, of a rule the oldest first.

    A release that older code made has none: then its own verdicts, as spells of one release.
    """
    if not ask(_TABLE):
        return _begun(ask, release)
    return [Spell(**row) for row in ask(_SPELLS)]


def _begun(ask: Ask, release: Release) -> list[Spell]:
    """The verdicts of the open release, each as a spell that has just begun."""
    here = (release.release_id, release.published_at, release.as_of)
    return [
        Spell(
            row["rule_id"], row["status"], *here, *here, 1, row["failing_rows"],
            row["failing_rows"], row["description_zh"], row["description_en"],
        )
        for row in ask(_VERDICTS)
    ]  # fmt: skip # a row


def _with(
    spells: Iterable[Spell], before: Release | None, now: Sequence[Spell], at: datetime
) -> list[Spell]:
    """The spells up to the release before, and after them the verdicts `now` of this one."""
    by_rule: dict[str, list[Spell]] = defaultdict(list)
    for spell in spells:
        by_rule[spell.rule_id].append(spell)
    for new in now:
        known = by_rule[new.rule_id]
        # a rule that was away for a release begins again, though its verdict is the same
        last = known[-1] if known else None
        is_in_a_row = before and last and last.last_release_id == before.release_id
        if last and is_in_a_row and last.status == new.status:
            known[-1] = _prolonged(last, new)
        else:
            known.append(new)
    asked = {new.rule_id for new in now}
    return [
        spell
        for rule_id, known in sorted(by_rule.items())
        if rule_id in asked or known[-1].last_published_at >= at - GONE_FOR
        for spell in known[-KEPT_SPELLS:]
    ]


def _prolonged(spell: Spell, new: Spell) -> Spell:
    counts = [n for n in (spell.most_failing_rows, new.failing_rows) if n is not None]
    return replace(
        new,
        first_release_id=spell.first_release_id,
        first_published_at=spell.first_published_at,
        first_as_of=spell.first_as_of,
        releases=spell.releases + 1,
        most_failing_rows=max(counts, default=None),
    )


def write_history(
    connection: duckdb.DuckDBPyConnection, release: Release, previous: Path | None
) -> None:
    """Writes ``ops.gate_history`` of the open release file, whose verdicts are in it.

    `previous` is the file of the release that was made before it. Raises duckdb.Error.
    """
    before = read_release(previous) if previous else None
    spells: list[Spell] = []
    if previous is not None and before is not None:
        with duckdb.connect(str(previous), read_only=True) as opened:
            spells = read_spells(asking(opened), before)
    now = _begun(asking(connection), release)
    rows = [astuple(spell) for spell in _with(spells, before, now, release.published_at)]
    connection.execute(create("gate_history", None, how="CREATE OR REPLACE TABLE"))
    for comment in comments(OPS["gate_history"], None):
        connection.execute(comment)
    if rows:
        # one list per column: a statement per row would take seconds
        cells = ", ".join(f"unnest(?::{kind}[])" for kind in column_types("gate_history").values())
        connection.execute(
            f"INSERT INTO ops.gate_history ({', '.join(_COLUMNS)}) SELECT {cells}",
            [list(column) for column in zip(*rows, strict=True)],
        )
