"""A tiny warehouse whose build passes every rule, made without reading a file or calling dbt.

Tables of star and marts are created as they are declared, so their columns are those of the
models; lake and ops tables come from the build stage. Rows are the least that every
rule has something to look at: five days of gifts, two exports of projects, a review chain.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb

from pipelines.dictionary import TYPES
from pipelines.publishing.releases import Release, write_releases
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.stages.build.build import Build, prepare_build
from pipelines.tables.registry import MODELS

AS_OF = date(2024, 8, 5)
ROWS = Path(__file__).with_name("tiny_rows.sql")


def settings_of(folder: Path) -> Settings:
    """Settings of a warehouse in `folder`."""
    return Settings(warehouse=folder, landing=folder / "landing", as_of=AS_OF)


@cache
def contracts() -> dict[str, list[tuple[str, str, str]]]:
    """``schema.table`` → (column, type, comment) of every star and marts model."""
    return {
        table.id: [(c.name, TYPES[c.kind].release, c.words.text) for c in table.columns]
        for table in MODELS.values()
    }


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _create(connection: duckdb.DuckDBPyConnection) -> None:
    for source in SOURCES:
        connection.execute(f"CREATE TABLE lake.{source}__ AS FROM lake.{source}")
        connection.execute(f"DROP VIEW lake.{source}")
        connection.execute(f"ALTER TABLE lake.{source}__ RENAME TO {source}")
    for schema in ("star", "marts"):
        connection.execute(f"CREATE SCHEMA juandi.{schema}")
    for table, columns in contracts().items():
        declared = ", ".join(f'"{name}" {kind}' for name, kind, _ in columns)
        connection.execute(f"CREATE TABLE juandi.{table} ({declared})")
        connection.execute(f"COMMENT ON TABLE juandi.{table} IS '表 / A table'")
        for name, _, comment in columns:
            connection.execute(f'COMMENT ON COLUMN juandi.{table}."{name}" IS {_quoted(comment)}')


@contextmanager
def opened(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The work database with the build attached as `juandi`, and `previous` for writing."""
    with duckdb.connect(str(settings.work_db)) as connection:
        connection.execute(f"ATTACH '{settings.release_db}' AS juandi")
        if settings.published.is_file():
            connection.execute(f"ATTACH '{settings.published}' AS previous")
        yield connection


def make_tiny(folder: Path) -> Build:
    """Builds the tiny warehouse in `folder`, with a last release equal to the build."""
    settings = settings_of(folder)
    build = prepare_build(settings)
    with opened(settings) as connection:
        _create(connection)
        connection.execute(ROWS.read_text(encoding="utf-8"))
        connection.execute("CHECKPOINT juandi")
    shutil.copyfile(settings.release_db, settings.published)
    with duckdb.connect(str(settings.published)) as connection:
        release = Release("20240805T030000-0", datetime(2024, 8, 5, 3), AS_OF, "0", 1, 1, 0)
        write_releases(connection, [release])
    return build
