"""Two releases of one landing, held against each other: values, verdicts, declarations."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pipelines.publishing.content import table_hashes
from pipelines.publishing.releases import published_release
from pipelines.settings import Engine
from tests.flow.conftest import night
from tests.spark.conftest import warehouse_of

_COLUMNS = (
    "select schema_name, table_name, column_index, column_name, data_type, is_nullable, comment"
    " from duckdb_columns() where schema_name in ('star', 'marts') order by all"
)
_TABLES = (
    "select schema_name, table_name, comment, has_primary_key from duckdb_tables()"
    " where schema_name in ('star', 'marts') order by all"
)
_VERDICTS = "select rule_id, severity, status, failing_rows, checked_rows from ops.gate_results"


@dataclass(frozen=True)
class Told:
    """What a published file says; `hashes` by table."""

    content_hash: str
    hashes: dict[str, str]
    columns: list[Any]
    tables: list[Any]
    verdicts: list[Any]


def told(file: Path, content_hash: str) -> Told:
    """Read from the file as an analyst opens it."""
    with duckdb.connect(str(file), read_only=True) as db:
        return Told(
            content_hash,
            table_hashes(db, file.stem),
            db.execute(_COLUMNS).fetchall(),
            db.execute(_TABLES).fetchall(),
            sorted(db.execute(_VERDICTS).fetchall()),
        )


def released(engine: Engine, root: Path, landing: Path, name: str | None = None) -> Told:
    """A night of `engine` over `landing`, published in the warehouse `name`, else the engine's."""
    settings = warehouse_of(engine, root, landing, name=name)
    gates = night(settings)
    assert not gates.blocked, [(r.rule_id, r.status, r.observed) for r in gates.blocking]
    release = published_release(settings)
    assert release is not None
    shutil.rmtree(settings.spark, ignore_errors=True)
    return told(settings.published, release.content_hash)


def assert_equal(one: Told, other: Told) -> None:
    """Equal in all of it; what differs is named."""
    names = one.hashes.keys() | other.hashes.keys()
    differing = sorted(n for n in names if one.hashes.get(n) != other.hashes.get(n))
    assert not differing, f"tables that differ: {', '.join(differing)}"
    assert one.content_hash == other.content_hash
    assert one.columns == other.columns
    assert one.tables == other.tables
    assert one.verdicts == other.verdicts
