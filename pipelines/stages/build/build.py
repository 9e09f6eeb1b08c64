"""The private build of a release: views on the lake that stands, and the ops tables.

Two files: `work.duckdb` (schema lake, then dbt's staging and intermediate) is thrown away,
`juandi.duckdb` (ops, then star and marts) becomes the release. What rows mean is dbt's.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from pipelines.dictionary import sql_type
from pipelines.quality import load_suites
from pipelines.reading.refusals import FILE_RULES
from pipelines.settings import BEIJING, Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.build.accounts import healths, load_record
from pipelines.stages.build.copies import carry_on, place_copy
from pipelines.stages.build.findings import (
    drifts,
    file_pairs,
    left_outs,
)
from pipelines.stages.build.going_on.choosing import choose
from pipelines.stages.build.going_on.note import Readings, readings, told_before, usable_note
from pipelines.stages.build.going_on.schema_base import write_base
from pipelines.stages.build.inputs import Inputs, inputs_of, settle
from pipelines.stages.build.restatements import Pair, compare
from pipelines.stages.load.claims import agrees
from pipelines.stages.load.reasons import row_rules
from pipelines.stages.receive.unread import unread_files
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.archive_faults import archive_faults
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.zones import Places
from pipelines.tables.ddl import column_types, comments, create
from pipelines.tables.registry import MODELS, OPS
from pipelines.tables.rules import rule_words

#: A file that DuckDB 1.4 and 1.5 can open; by default 2.0 writes one that they refuse.
STORAGE_VERSION = "v1.4.0"
#: Tables of ops that the gate and the publisher write, when there is something to say.
_WRITTEN_LATER = ("gate_results", "releases")


@dataclass(frozen=True)
class Build:
    """A build under way."""

    as_of: date
    run_id: str
    inputs_hash: str
    standings: tuple[Standing, ...] = ()  # of all that had been received when it began
    readings: Readings = frozenset()  # whose rows count in it
    compared: frozenset[Pair] = frozenset()  # whose changes it lists
    continues: str | None = None  # the release that it goes on from


def prepare_build(settings: Settings, inputs: Inputs | None = None) -> Build:
    """Makes both databases again, from `inputs` if given. The caller holds the lock."""
    inputs = inputs or inputs_of(settings)
    settle(settings, inputs)
    standings, known = inputs.standings, inputs.known
    settings.build.mkdir(parents=True, exist_ok=True)
    for path in (settings.work_db, settings.release_db):
        for old in (path, path.with_name(path.name + ".wal")):
            old.unlink(missing_ok=True)
    with duckdb.connect(str(settings.work_db)) as db:
        db.execute(f"set memory_limit = '{settings.memory_limit}'")
        note = usable_note(settings)
        replaced = compare(db, settings, standings, told_before(note))
        restated = db.execute(
            "select source_file_id, count(*) from restated.orders group by source_file_id"
        ).fetchall()
        base = choose(note, known, replaced, dict(restated))
        build = Build(
            as_of=inputs.as_of,
            run_id=datetime.now(BEIJING).strftime("%Y%m%dT%H%M%S"),
            inputs_hash=inputs.hash,
            standings=standings,
            readings=readings(known),
            compared=frozenset(r.pair for r in replaced),
            continues=base.release_id if base else None,
        )
        place_copy(settings, base)
        db.execute(
            f"attach '{settings.release_db}' as juandi (storage_version '{STORAGE_VERSION}')"
        )
        if base:
            db.execute(f"attach '{settings.last_db}' as last (read_only)")
            carry_on(db, base)
        write_base(db, settings, base, known)
        _lake(db, settings, known, build)
        _ops(db, settings, standings, build)
    return build


def _lake(
    db: duckdb.DuckDBPyConnection, settings: Settings, known: Sequence[Standing], build: Build
) -> None:
    db.execute("create schema lake")
    places, folders = Places(settings), defaultdict[str, list[str]](list)
    for s in known:
        if s.outcome.rows_loaded and s.outcome.partition:
            folders[s.receipt.source].append(places.lake(s.receipt, s.outcome.partition))
    for source in SOURCES.values():
        db.execute(f"create view lake.{source.name} as {_view(source, folders[source.name])}")
    # what files say about themselves: in full for dbt here, in short in ops.load_audit
    claims = [
        [
            s.receipt.source,
            s.receipt.file_id,
            s.outcome.partition,
            claim,
            printed,
            found,
            agrees(printed, found),
        ]
        for s in known
        for claim, printed, found in s.outcome.claims
    ]
    _filled(db, "lake.footer_claims", _CLAIMS, claims)
    files = [[s.receipt.source, s.receipt.file_id] for s in known]
    _filled(db, "lake.known_files", {"source": "VARCHAR", "source_file_id": "VARCHAR"}, files)
    db.execute("create table lake.run (as_of date, run_id varchar)")
    db.execute("insert into lake.run values (?, ?)", [build.as_of, build.run_id])


_CLAIMS = {
    "source": "VARCHAR",
    "source_file_id": "VARCHAR",
    "export_date": "DATE",
    "claim": "VARCHAR",
    "printed": "VARCHAR",
    "found": "VARCHAR",
    "agrees": "BOOLEAN",
}


def _view(source: Source, folders: Sequence[str]) -> str:
    schema = source.lake_schema()
    if not folders:
        columns = ", ".join(f'null::{sql_type(t)} as "{n}"' for n, t in schema.items())
        return f"select {columns} where false"
    files = ", ".join(f"'{folder}/*.parquet'" for folder in folders)
    columns = ", ".join(f'"{n}"' for n in schema)
    return f"select {columns} from read_parquet([{files}], hive_partitioning = false)"


def _ops(
    db: duckdb.DuckDBPyConnection, settings: Settings, standings: Sequence[Standing], build: Build
) -> None:
    db.execute("create schema if not exists juandi.ops")
    _table(db, "load_audit", [load_record(s) for s in standings])
    opened = _quarantine(db, settings, standings)
    _table(db, "source_health", healths(standings, build.as_of, opened))
    _table(db, "drift", drifts(standings))
    _table(db, "file_pairs", file_pairs(standings))
    _table(db, "left_out", [*left_outs(standings), *unread_files(settings)])
    _table(db, "archive_faults", archive_faults(settings))
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
    _insert(db, f"juandi.ops.{name}", columns, [[getattr(r, c) for c in columns] for r in rows])


def _filled(
    db: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """A table of the scratch database, made of these rows."""
    declared = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    db.execute(f"create table {table} ({declared})")
    _insert(db, table, columns, rows)


def _insert(
    db: duckdb.DuckDBPyConnection,
    table: str,
    columns: Mapping[str, str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """One list per column: one statement per row would take half a second for some hundreds."""
    if rows:
        cells = ", ".join(f"unnest(?::{kind}[])" for kind in columns.values())
        lists = [list(column) for column in zip(*rows, strict=True)]
        db.execute(f"insert into {table} select {cells}", lists)


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
    decided = [[q, state, reason] for q, (state, reason) in Catalog(settings).decisions().items()]
    columns = dict.fromkeys(("quarantine_id", "state", "reason"), "VARCHAR")
    _filled(db, "lake.decided", columns, decided)
    db.execute(
        "insert into juandi.ops.quarantine select q.quarantine_id, q.source, q.file_name,"
        " q.source_sheet, q.source_row, q.rule_ids, q.reasons_zh, q.reasons_en, q.raw_text,"
        " left(q.first_seen, 19)::timestamp, q.source_file_id, coalesce(d.state, 'open'), d.reason"
        f" from read_parquet([{files}], hive_partitioning = false) q"
        " left join lake.decided d using (quarantine_id)"
    )
    counted = db.execute(
        "select source, count(*) from juandi.ops.quarantine where state = 'open' group by source"
    ).fetchall()
    return Counter(dict(counted))


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
    _insert(db, "juandi.ops.rules", column_types("rules"), list(rows.values()))
