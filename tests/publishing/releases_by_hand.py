"""Small releases written by hand: a few declared tables, each row said in full."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import duckdb

from pipelines.dictionary import TYPES
from pipelines.publishing.releases import Release, kept_file, write_releases
from pipelines.settings import Settings
from pipelines.tables.registry import MODELS, OPS

#: A row by column; what is not named is null.
Rows = Sequence[Mapping[str, Any]]


def release(number: int, gates_passed: int = 2) -> Release:
    """The release of that number."""
    return Release(
        f"2024080{number}T023000-{number:08d}", datetime(2024, 8, number, 2, 30),
        date(2024, 8, number), f"{number:032d}", 1, gates_passed, 0, f"inputs{number}", number,
    )  # fmt: skip # a record


def write_release(
    settings: Settings,
    made: Release,
    tables: Mapping[str, Rows],
    *,
    lacking: Mapping[str, str] | None = None,
    undeclared: Sequence[str] = (),
) -> None:
    """Keeps a release with these tables, as they are declared, without `lacking` columns.

    `undeclared` are statements that make something more.
    """
    file = kept_file(settings, made.release_id)
    file.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(file)) as db:
        for schema in ("star", "marts", "ops"):
            db.execute(f"create schema {schema}")
        for name, rows in tables.items():
            table = {**MODELS, **OPS}[name]
            gone = (lacking or {}).get(name, "").split()
            columns = {c.name: TYPES[c.kind].release for c in table.columns if c.name not in gone}
            told = ", ".join(f'"{c}" {kind}' for c, kind in columns.items())
            db.execute(f"create table {table.id} ({told})")
            for row in rows:
                names = ", ".join(f'"{c}"' for c in row)
                marks = ", ".join("?" for _ in row)
                db.execute(f"insert into {table.id} ({names}) values ({marks})", [*row.values()])
        for statement in undeclared:
            db.execute(statement)
        write_releases(db, [made])


def publish_kept(settings: Settings, made: Release) -> None:
    """Readers see a kept release."""
    settings.published.write_bytes(kept_file(settings, made.release_id).read_bytes())
