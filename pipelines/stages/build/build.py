"""The private build of a release: made from the last one or from nothing, with views on the lake.

Two files: `work.duckdb` (schema lake, then dbt's staging and intermediate) is thrown away,
`juandi.duckdb` (ops, then star and marts) becomes the release. `ops` fills the ops tables; what
rows of star and marts mean is dbt's.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from pipelines.dictionary import sql_type
from pipelines.settings import BEIJING, Engine, Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.build.columns import lake_column
from pipelines.stages.build.copies import carry_on, is_sound, place_copy
from pipelines.stages.build.filling import filled
from pipelines.stages.build.going_on.choosing import choose
from pipelines.stages.build.going_on.note import Readings, readings, told_before, usable_note
from pipelines.stages.build.going_on.schema_base import write_base
from pipelines.stages.build.inputs import Inputs, inputs_of, settle
from pipelines.stages.build.ops import write_ops
from pipelines.stages.build.restatements import Pair, compare
from pipelines.stages.build.samples import is_sample
from pipelines.stages.load.claims import agrees
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.zones import Places
from pipelines.tables.version import FILE_VERSION


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
    shutil.rmtree(settings.spark, ignore_errors=True)
    with duckdb.connect(str(settings.work_db)) as db:
        db.execute(f"set memory_limit = '{settings.memory_limit}'")
        note = usable_note(settings)
        replaced = compare(db, settings, standings, told_before(note))
        restated = db.execute(
            "select source_file_id, count(*) from restated.orders group by source_file_id"
        ).fetchall()
        base = choose(note, known, replaced, dict(restated))
        # Spark makes all of it anew: rows of its tables are never deleted
        if base and (settings.engine is Engine.spark or not is_sound(base)):
            base = None
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
        db.execute(f"attach '{settings.release_db}' as juandi (storage_version '{FILE_VERSION}')")
        if base:
            db.execute(f"attach '{settings.last_db}' as last (read_only)")
            carry_on(db, base)
        write_base(db, settings, base, known)
        _lake(db, settings, known, build)
        write_ops(db, settings, standings, build.as_of)
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
    parts = [[name, folder] for name, some in folders.items() for folder in some]
    filled(db, "lake.parts", {"source": "VARCHAR", "folder": "VARCHAR"}, parts)
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
    filled(db, "lake.footer_claims", _CLAIMS, claims)
    files = [[s.receipt.source, s.receipt.file_id, s.partition] for s in known]
    filled(db, "lake.known_files", _FILES, files)
    samples = sum(is_sample(s.receipt.landing_path) for s in known if s.outcome.rows_loaded)
    db.execute("create table lake.run (as_of date, run_id varchar, sample_files bigint)")
    db.execute("insert into lake.run values (?, ?, ?)", [build.as_of, build.run_id, samples])


_FILES = {"source": "VARCHAR", "source_file_id": "VARCHAR", "export_date": "DATE"}
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
    columns = ", ".join(lake_column(source, n) for n in schema)
    return f"select {columns} from read_parquet([{files}], hive_partitioning = false)"
