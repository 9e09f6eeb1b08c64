"""The ops tables of a build: accounts, findings, quarantine and rules, as the release has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines.dictionary.donors import FORGOTTEN
from pipelines.quality import load_suites
from pipelines.reading.refusals import FILE_RULES
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.stages.build.accounts import healths, load_record, naive
from pipelines.stages.build.filling import filled, insert
from pipelines.stages.build.findings import drifts, file_pairs, left_outs
from pipelines.stages.fetch.faults import pull_faults
from pipelines.stages.fetch.rules import PULL_RULES
from pipelines.stages.load.reasons import row_rules
from pipelines.stages.receive.unread import unread_files
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.archive_faults import archive_faults
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import ForgottenEntry, entries
from pipelines.stages.store.let_go import all_let_go
from pipelines.stages.store.zones import Places
from pipelines.tables.ddl import column_types, comments, create
from pipelines.tables.registry import MODELS, OPS
from pipelines.tables.rules import rule_words

#: Tables of ops that the gate and the publisher write, when there is something to say.
_WRITTEN_LATER = ("gate_results", "gate_history", "releases", "release_parts")


def write_ops(
    db: duckdb.DuckDBPyConnection, settings: Settings, standings: Sequence[Standing], as_of: date
) -> None:
    """Schema ops of the release, for which schemas lake and restated have been made.

    `standings` are those of all that was received, `as_of` the day that the release knows up to.
    """
    db.execute("create schema if not exists juandi.ops")
    _table(db, "load_audit", [load_record(s) for s in standings])
    opened = _quarantine(db, settings, standings)
    _table(db, "corrections", _corrections(db, settings, standings))
    _table(db, "forgotten", _forgotten(db, settings))
    _table(db, "source_health", healths(standings, as_of, opened))
    _table(db, "drift", drifts(standings))
    _table(db, "file_pairs", file_pairs(standings))
    _table(db, "left_out", [*left_outs(standings), *unread_files(settings)])
    _table(db, "archive_faults", archive_faults(settings))
    _table(db, "let_go", let_go_records(Catalog(settings), standings))
    _table(db, "pull_faults", pull_faults(settings))
    db.execute(create("restatements"))
    db.execute("insert into juandi.ops.restatements by name from restated.rows")
    _rules(db)
    for table in OPS.values():
        if table.name not in _WRITTEN_LATER:
            for statement in comments(table):
                db.execute(statement)


def _table(db: duckdb.DuckDBPyConnection, name: str, rows: Sequence[object]) -> None:
    """A table of ops whose rows are objects with one attribute per column."""
    db.execute(create(name))
    columns = column_types(name)
    insert(db, f"juandi.ops.{name}", columns, [[getattr(r, c) for c in columns] for r in rows])


def _quarantine(
    db: duckdb.DuckDBPyConnection, settings: Settings, standings: Sequence[Standing]
) -> dict[str, int]:
    """Writes ops.quarantine; returns how many rows are open by source."""
    db.execute(create("quarantine"))
    places = Places(settings)
    quarantined = (
        places.quarantine(s.receipt)
        for s in standings
        if s.status != "duplicate" and s.outcome.rows_quarantined
    )
    folders = [folder for folder in quarantined if Path(folder).exists()]
    if not folders:
        return {}
    files = ", ".join(f"'{folder}/*.parquet'" for folder in folders)
    decided = [
        [q, d.state, d.reason, d.decided_by or None, d.decided_at]
        for q, d in Catalog(settings).row_decisions().items()
    ]
    columns = dict.fromkeys(("quarantine_id", "state", "reason", "by", "at"), "VARCHAR")
    filled(db, "lake.decided", columns, decided)
    db.execute(
        "insert into juandi.ops.quarantine select q.quarantine_id, q.source, q.file_name,"
        " q.source_sheet, q.source_row, q.rule_ids, q.reasons_zh, q.reasons_en, q.raw_text,"
        " left(q.first_seen, 19)::timestamp, q.source_file_id, coalesce(d.state, 'open'), d.reason,"
        ' d."by", left(d."at", 19)::timestamp'
        f" from read_parquet([{files}], hive_partitioning = false) q"
        " left join lake.decided d using (quarantine_id)"
    )
    counted = db.execute(
        "select source, count(*) from juandi.ops.quarantine where state = 'open' group by source"
    ).fetchall()
    return Counter(dict(counted))


@dataclass(frozen=True)
class LetGoRecord:
    """What is no longer kept of a file: a row of `ops.let_go`."""

    source: str
    file_name: str
    source_file_id: str
    zone: str
    bytes: int
    let_go_at: datetime
    retention_rule: str
    status: str
    other_file_id: str | None


def let_go_records(catalog: Catalog, standings: Sequence[Standing]) -> list[LetGoRecord]:
    """What was let go of the files, in order of receipt."""
    by_number = {s.receipt.received_no: s for s in standings if s.is_let_go}
    return [
        LetGoRecord(
            source=of.receipt.source,
            file_name=of.receipt.shown_name,
            source_file_id=of.receipt.file_id,
            zone=gone.zone,
            bytes=gone.bytes,
            let_go_at=naive(gone.let_go_at),
            retention_rule=gone.rule,
            status=of.status,
            other_file_id=of.other.file_id if of.other else None,
        )
        for gone in all_let_go(catalog)
        if (of := by_number.get(gone.received_no))
    ]


@dataclass(frozen=True)
class CorrectionRecord:
    """A refused row that a person corrected: a row of `ops.corrections`. Never the values."""

    quarantine_id: str
    source: str
    file_name: str | None
    source_file_id: str
    corrected_columns: str
    state: str
    state_reason: str
    decided_by: str
    decided_at: datetime
    handed_in: str


def _corrections(
    db: duckdb.DuckDBPyConnection, settings: Settings, standings: Sequence[Standing]
) -> list[CorrectionRecord]:
    """What came of each correction; ops.quarantine has been written."""
    refused = {
        q for (q,) in db.execute("select quarantine_id from juandi.ops.quarantine").fetchall()
    }
    by_file = {s.receipt.file_id: s for s in standings}

    def state(quarantine_id: str, of: Standing | None) -> str:
        if of is None:
            return "waiting"
        if quarantine_id in refused:
            return "refused"
        return "applied" if of.is_active else "not_standing"

    return [
        CorrectionRecord(
            quarantine_id=c.quarantine_id,
            source=c.source,
            file_name=of.receipt.shown_name if (of := by_file.get(c.file_id)) else None,
            source_file_id=c.file_id,
            corrected_columns=";".join(sorted(c.changes)),
            state=state(c.quarantine_id, of),
            state_reason=c.reason,
            decided_by=c.decided_by,
            decided_at=naive(datetime.fromisoformat(c.decided_at)),
            handed_in=c.handed_in,
        )
        for c in Catalog(settings).corrections().values()
    ]


@dataclass(frozen=True)
class ForgottenCount:
    """People of a source who asked to be forgotten: a row of `ops.forgotten`."""

    source: str
    people_forgotten: int
    lines_forgotten: int
    last_forgotten_on: date


def _forgotten(db: duckdb.DuckDBPyConnection, settings: Settings) -> list[ForgottenCount]:
    """By source and of all together; none where nobody asked. Only sources with such people are
    read."""
    kept = entries(Catalog(settings))
    counts: list[ForgottenCount] = []
    for source in SOURCES.values():
        own = [e for e in kept if source.identity and e.namespace == source.namespace]
        if own:
            lines = db.execute(
                f"select count(*) from lake.{source.name} where donor_kind = ?", [FORGOTTEN]
            ).fetchone()
            counts.append(_count(source.name, own, int(lines[0]) if lines else 0))
    if kept:
        counts.append(_count("any", kept, sum(c.lines_forgotten for c in counts)))
    return counts


def _count(source: str, kept: Sequence[ForgottenEntry], lines: int) -> ForgottenCount:
    last = max(datetime.fromisoformat(entry.decided_at).date() for entry in kept)
    return ForgottenCount(source, len({entry.case_no for entry in kept}), lines, last)


def _rules(db: duckdb.DuckDBPyConnection) -> None:
    """The catalogue of all rules: of rows, of files, of suites, of declared tables."""
    db.execute(create("rules"))
    rows: dict[str, list[str]] = {}
    for source in SOURCES.values():
        for rule in row_rules(source.name).values():
            table = "any" if rule.rule_id.startswith("any.") else source.name
            rows[rule.rule_id] = [
                rule.rule_id, "row", "lake", table, "quarantine",
                rule.zh, rule.en, rule.remedy_zh, rule.remedy_en,
            ]  # fmt: skip # a row
    for file in FILE_RULES.values():
        rows[file.rule_id] = [
            file.rule_id, "file", "archive", "any", "refuse",
            file.zh, file.en, file.remedy_zh, file.remedy_en,
        ]  # fmt: skip # a row
    for pull in PULL_RULES.values():
        rows[pull.rule_id] = [
            pull.rule_id, "pull", "landing", "any", "refuse",
            pull.zh, pull.en, pull.remedy_zh, pull.remedy_en,
        ]  # fmt: skip # a row
    for suite in load_suites():
        for check in suite.rules:
            rows[check.rule_id] = [
                check.rule_id, "gate", suite.layer, suite.table_name, check.severity,
                check.zh, check.en, check.remedy_zh, check.remedy_en,
            ]  # fmt: skip # a row
    for table in MODELS.values():
        for name, severity, zh, en in rule_words(table):
            rows[name] = [
                f"dbt.{name}", "gate", "dbt", table.id, severity, zh, en,
                f"检查模型 {table.name}。", f"Check model {table.name}.",
            ]  # fmt: skip # a row
    insert(db, "juandi.ops.rules", column_types("rules"), list(rows.values()))
