"""What another engine wrote is taken in as declared, or refused. Parquet is DuckDB's own here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.settings import Settings, load_settings
from pipelines.stages.build.spark.taking_in import NotAsDeclared, take_in
from pipelines.tables.ddl import column_types
from pipelines.tables.registry import MODELS

TABLE = MODELS["fact_donation"]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = load_settings(tmp_path, env={})
    made.build.mkdir(parents=True)
    return made


@pytest.fixture
def db(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute(f"attach '{settings.release_db}' as juandi")
        yield connection


def wrote(db: duckdb.DuckDBPyConnection, settings: Settings, **instead: str) -> None:
    """A row of the table, null but for what is said `instead`."""
    folder = settings.spark / "warehouse" / f"{TABLE.layer}.db" / TABLE.name
    folder.mkdir(parents=True)
    cells = [
        f"{instead.get(name, f'null::{kind}')} as {name}"
        for name, kind in column_types(TABLE.name).items()
        if instead.get(name) != ""
    ]
    db.execute(f"copy (select {', '.join(cells)}) to '{folder}/part-0.parquet' (format parquet)")


def test_types_and_words_are_the_declarations(
    db: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    wrote(db, settings, date_key="7::bigint", amount_cny="0.05::decimal(10, 2)")
    take_in(db, settings, {TABLE.name})
    row = db.execute(f"select date_key, amount_cny from juandi.{TABLE.id}").fetchone()
    assert [str(value) for value in row or ()] == ["7", "0.05"]
    found = db.execute(
        "select column_name, comment from duckdb_columns() where database_name = 'juandi'"
        " order by column_index"
    ).fetchall()
    assert found == [(column.name, column.words.text) for column in TABLE.columns]
    kinds = {n: k for n, k, *_ in db.execute(f"describe juandi.{TABLE.id}").fetchall()}
    assert (kinds["date_key"], kinds["amount_cny"]) == ("INTEGER", "DECIMAL(18,2)")


@pytest.mark.parametrize(
    ("column", "value", "word"),
    [
        ("amount_cny", "0.05::double", "declared DECIMAL.*computed DOUBLE"),
        ("amount_cny", "0.055::decimal(18, 3)", r"computed DECIMAL\(18,3\)"),
        ("paid_at", "'2024-08-02'::date", "declared TIMESTAMP.*computed DATE"),
        ("paid_at", "'2024-08-02'::timestamptz", "computed TIMESTAMP WITH TIME ZONE"),
        ("order_no", "5", "declared VARCHAR.*computed INTEGER"),
        ("date_key", "'7'", "computed VARCHAR"),
        ("order_no", "", "declared or computed, and not both"),
    ],
)
def test_what_a_cast_could_change_in_silence_is_refused(
    db: duckdb.DuckDBPyConnection, settings: Settings, column: str, value: str, word: str
) -> None:
    wrote(db, settings, **{column: value})
    with pytest.raises(NotAsDeclared, match=word):
        take_in(db, settings, {TABLE.name})


@pytest.mark.parametrize(
    ("column", "value"),
    [("date_key", "3000000000::bigint"), ("amount_cny", "1e20::decimal(38, 2)")],
)
def test_what_does_not_fit_is_an_error(
    db: duckdb.DuckDBPyConnection, settings: Settings, column: str, value: str
) -> None:
    wrote(db, settings, **{column: value})
    with pytest.raises(duckdb.Error):
        take_in(db, settings, {TABLE.name})


def test_a_table_without_a_file_is_no_empty_table(
    db: duckdb.DuckDBPyConnection, settings: Settings
) -> None:
    with pytest.raises(NotAsDeclared, match="no file"):
        take_in(db, settings, {TABLE.name})
