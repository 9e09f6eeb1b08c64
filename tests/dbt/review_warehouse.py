"""A warehouse in a folder for testing the review models: lake tables in, dbt run, marts out.

Runs dbt in this process. What the rows mean is the business of the tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from dbt.artifacts.schemas.run import RunExecutionResult

from pipelines.settings import load_settings
from pipelines.sources import SOURCES
from pipelines.stages.build.going_on.schema_base import write_base
from pipelines.stages.build.project import invoke

SELECTED = ("+path:models/marts/audit", "+path:models/star/reviews")


@dataclass
class Warehouse:
    """`folder` holds work.duckdb and juandi.duckdb; both are made anew by every `fill`.

    The paths stay the same from scenario to scenario, so dbt parses the project once.
    """

    folder: Path

    @property
    def work_db(self) -> Path:
        return self.folder / "work.duckdb"

    @property
    def release_db(self) -> Path:
        return self.folder / "juandi.duckdb"

    def fill(self, lake: Mapping[str, Sequence[Mapping[str, Any]]], as_of: date) -> None:
        """Write the lake: every source typed by its contract, missing columns null."""
        for path in (self.work_db, self.release_db):
            path.unlink(missing_ok=True)
        with duckdb.connect(str(self.work_db)) as connection:
            connection.execute("create schema lake")
            for name, source in SOURCES.items():
                schema = source.lake_schema()
                rows = [{c: row.get(c) for c in schema} for row in lake.get(name, ())]
                connection.register("frame", pl.DataFrame(rows, schema=schema).to_arrow())
                connection.execute(f"create table lake.{name} as select * from frame")
                connection.unregister("frame")
            connection.execute(
                "create table lake.footer_claims (source varchar, source_file_id varchar,"
                " export_date date, claim varchar, printed varchar, found varchar, agrees boolean)"
            )
            connection.execute(
                "create table lake.known_files"
                " (source varchar, source_file_id varchar, export_date date)"
            )
            connection.execute(
                "create table lake.run (as_of date, run_id varchar, sample_files bigint)"
            )
            connection.execute("insert into lake.run values (?, 'test', 0)", [as_of])
            write_base(connection, load_settings(self.folder, env={}), None, [])
            connection.execute(f"attach '{self.release_db}' as juandi (storage_version 'v1.4.0')")
            for schema_name in ("star", "marts", "ops"):
                connection.execute(f"create schema juandi.{schema_name}")

    def build(self, without: Sequence[str] = ("unit_test",)) -> dict[str, str]:
        """dbt build of the review models `without` resource types: node name → status."""
        answer = invoke(
            "build", "--indirect-selection", "cautious", "--select", *SELECTED,
            *(word for kind in without for word in ("--exclude-resource-type", kind)),
            target=self.folder / "target",
            variables={"work_db": str(self.work_db), "release_db": str(self.release_db)},
        )  # fmt: skip
        if answer.exception is not None:
            raise answer.exception
        assert isinstance(answer.result, RunExecutionResult)
        return {result.node.name: str(result.status) for result in answer.result}

    def rows(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a query on the release, as analysts read it."""
        with duckdb.connect(str(self.release_db), read_only=True) as connection:
            answer = connection.execute(sql)
            names = [column[0] for column in answer.description or ()]
            return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]
