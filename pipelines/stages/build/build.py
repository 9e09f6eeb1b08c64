"""The private build of a release: views on the lake that stands, and the ops tables.

Two files: `work.duckdb` (schema lake, then dbt's staging and intermediate) is thrown away,
`juandi.duckdb` (ops, then star and marts) becomes the release. What rows mean is dbt's.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
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
from pipelines.stages.build.copies import place_copy
from pipelines.stages.build.findings import (
    drifts,
    file_pairs,
    left_outs,
)
from pipelines.stages.build.going_on import (
    Readings,
    choose,
    code_digest,
    readings,
    told_before,
    write_base,
)
from pipelines.stages.build.restatements import Pair, compare
from pipelines.stages.load.claims import agrees
from pipelines.stages.load.reasons import row_rules
from pipelines.stages.receive.unread import lasting, unread_files
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.archive_faults import archive_faults
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.zones import lake_folder, quarantine_folder
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
    readings: Readings = frozenset()  # whose rows count in it
    compared: frozenset[Pair] = frozenset()  # of which it tells what changed
    continues: str | None = None  # the release that it goes on from


def _as_of(settings: Settings, standings: Sequence[Standing]) -> date:
    """What the release knows up to: the newest day of a dated source, unless a day is asked for.

    Taken from the data and not the clock, so that the same input gives the same release (law 3).
    Where no dated source stands, the newest day that a register states; a register's file date
    only where there is nothing else, and so nothing that it could age.
    """
    if settings.as_of:
        return settings.as_of
    stands = [s for s in standings if s.is_active and s.partition]
    dated = [s for s in stands if SOURCES[s.receipt.source].dated]
    stated = [s for s in stands if s.outcome.is_day_stated]
    days = [s.partition for s in dated or stated or stands if s.partition]
    return max(days, default=date(1970, 1, 1))


def _known(settings: Settings, standings: Sequence[Standing]) -> list[Standing]:
    """The files whose rows count: what stands. If a day is asked for, without those of later days;
    a register that states no day is known whenever it was received."""
    asked = settings.as_of
    return [
        s
        for s in standings
        if s.is_active
        and s.partition
        and (asked is None or s.partition <= asked or not s.outcome.is_day_stated)
    ]


def inputs_hash(settings: Settings) -> str:
    """Changes when the files that stand, the as-of date, people's decisions or the code change."""
    standings = resolve(settings)
    digest = hashlib.sha256()
    for standing in standings:
        digest.update(f"{standing.receipt.file_id} {standing.status}\n".encode())
    catalog = Catalog(settings)
    decided = catalog.decisions(), catalog.file_decisions()
    digest.update(f"{_as_of(settings, standings)}\n{decided}\n".encode())
    digest.update("\n".join(lasting(settings)).encode())
    digest.update(repr([(f.source_file_id, f.fault) for f in archive_faults(settings)]).encode())
    digest.update(code_digest().encode())
    return digest.hexdigest()[:32]


def prepare_build(settings: Settings) -> Build:
    """Makes both databases anew. The caller holds the refresh lock."""
    standings = resolve(settings)
    as_of = _as_of(settings, standings)
    known = _known(settings, standings)
    settings.build.mkdir(parents=True, exist_ok=True)
    for path in (settings.work_db, settings.release_db):
        for old in (path, path.with_name(path.name + ".wal")):
            old.unlink(missing_ok=True)
    with duckdb.connect(str(settings.work_db)) as db:
        db.execute(f"set memory_limit = '{settings.memory_limit}'")
        replaced = compare(db, settings, standings, told_before(settings))
        restated = db.execute(
            "select source_file_id, count(*) from restated.orders group by source_file_id"
        ).fetchall()
        base = choose(settings, known, replaced, dict(restated))
        build = Build(
            as_of=as_of,
            run_id=datetime.now(BEIJING).strftime("%Y%m%dT%H%M%S"),
            inputs_hash=inputs_hash(settings),
            readings=readings(known),
            compared=frozenset(r.pair for r in replaced),
            continues=base.release_id if base else None,
        )
        place_copy(settings, base)
        db.execute(
            f"attach '{settings.release_db}' as juandi (storage_version '{STORAGE_VERSION}')"
        )
        write_base(db, settings, base, known)
        _lake(db, settings, standings, build)
        _ops(db, settings, standings, build)
    return build


def _lake(
    db: duckdb.DuckDBPyConnection, settings: Settings, standings: Sequence[Standing], build: Build
) -> None:
    db.execute("create schema lake")
    known = _known(settings, standings)
    for source in SOURCES.values():
        folders = [
            lake_folder(settings, s.receipt, s.outcome.partition)
            for s in known
            if s.receipt.source == source.name and s.outcome.rows_loaded and s.outcome.partition
        ]
        db.execute(f"create view lake.{source.name} as {_view(source, folders)}")
    # what files say of themselves: beside the lake's rows for dbt, in short in ops.load_audit
    db.execute(
        "create table lake.footer_claims (source varchar, source_file_id varchar,"
        " export_date date, claim varchar, printed varchar, found varchar, agrees boolean)"
    )
    claims = [
        [s.receipt.source, s.receipt.file_id, s.outcome.partition, claim, printed, found,
         agrees(printed, found)]
        for s in known
        for claim, printed, found in s.outcome.claims
    ]  # fmt: skip
    if claims:
        db.executemany("insert into lake.footer_claims values (?, ?, ?, ?, ?, ?, ?)", claims)
    db.execute("create table lake.known_files (source varchar, source_file_id varchar)")
    if known:
        db.executemany(
            "insert into lake.known_files values (?, ?)",
            [[s.receipt.source, s.receipt.file_id] for s in known],
        )
    db.execute("create table lake.run (as_of date, run_id varchar)")
    db.execute("insert into lake.run values (?, ?)", [build.as_of, build.run_id])


def _view(source: Source, folders: Sequence[Path]) -> str:
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
    """A table of ops whose rows are objects with an attribute a column."""
    db.execute(create(name))
    _insert(db, name, [[getattr(r, column) for column in column_types(name)] for r in rows])


def _insert(db: duckdb.DuckDBPyConnection, name: str, rows: Sequence[Sequence[Any]]) -> None:
    """A list a column: a statement a row would take half a second for some hundreds of them."""
    if rows:
        cells = ", ".join(f"unnest(?::{kind}[])" for kind in column_types(name).values())
        columns = [list(column) for column in zip(*rows, strict=True)]
        db.execute(f"insert into juandi.ops.{name} select {cells}", columns)


def _quarantine(
    db: duckdb.DuckDBPyConnection, settings: Settings, standings: Sequence[Standing]
) -> dict[str, int]:
    """Writes ops.quarantine; returns how many rows are open by source."""
    db.execute(create("quarantine"))
    folders = [
        quarantine_folder(settings, s.receipt)
        for s in standings
        if s.status != "duplicate"
        and s.outcome.rows_quarantined
        and quarantine_folder(settings, s.receipt).exists()
    ]
    if not folders:
        return {}
    files = ", ".join(f"'{folder}/*.parquet'" for folder in folders)
    decided = Catalog(settings).decisions()
    db.execute("create temp table decided (quarantine_id varchar, state varchar, reason varchar)")
    if decided:
        db.executemany("insert into decided values (?, ?, ?)",
                       [[q, s, r] for q, (s, r) in decided.items()])  # fmt: skip
    db.execute(
        "insert into juandi.ops.quarantine select q.quarantine_id, q.source, q.file_name,"
        " q.source_sheet, q.source_row, q.rule_ids, q.reasons_zh, q.reasons_en, q.raw_text,"
        " left(q.first_seen, 19)::timestamp, q.source_file_id, coalesce(d.state, 'open'), d.reason"
        f" from read_parquet([{files}], hive_partitioning = false) q"
        " left join decided d using (quarantine_id)"
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
            rows[rule.rule_id] = [rule.rule_id, "row", "lake", table, "quarantine",
                                  rule.zh, rule.en, rule.remedy_zh, rule.remedy_en]  # fmt: skip
    for file in FILE_RULES.values():
        rows[file.rule_id] = [file.rule_id, "file", "archive", "any", "refuse",
                              file.zh, file.en, file.remedy_zh, file.remedy_en]  # fmt: skip
    for suite in load_suites():
        for check in suite.rules:
            rows[check.rule_id] = [check.rule_id, "gate", suite.layer, suite.table_name,
                                   check.severity, check.zh, check.en,
                                   check.remedy_zh, check.remedy_en]  # fmt: skip
    for table in MODELS.values():
        for name, severity, zh, en in rule_words(table):
            rows[name] = [f"dbt.{name}", "gate", "dbt", table.id, severity, zh, en,
                          f"检查模型 {table.name}。", f"Check model {table.name}."]  # fmt: skip
    _insert(db, "rules", list(rows.values()))
