"""dbt over a build whose models Spark computes: the same steps as on DuckDB, at another place.

Seeds and tests stay DuckDB's: one reader of CSV, and one meaning of a verdict, whoever computed the
rows. The order of steps is `models`' to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import duckdb

from pipelines.quality.connection import gate_configuration
from pipelines.settings import Settings
from pipelines.stages.build.nodes import Builder, NodeResult
from pipelines.stages.build.spark.inputs import give_inputs
from pipelines.stages.build.spark.session import SparkFailed, has_ended, log_file
from pipelines.stages.build.spark.taking_in import take_in
from pipelines.tables.version import FILE_VERSION

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


class SparkBuilder:
    """Models by `spark`, all else by `duckdb`; what was made is then in the private build."""

    def __init__(
        self,
        settings: Settings,
        session: SparkSession,
        manifest: Any,
        *,
        duckdb: Builder,
        spark: Builder,
    ) -> None:
        self._settings, self._session, self._manifest = settings, session, manifest
        self._duckdb, self._spark = duckdb, spark

    def build(self, *kinds: str, without: Collection[str] = ()) -> list[NodeResult]:
        """As `Builder` says. Raises SparkFailed, NotAsDeclared."""
        others = [kind for kind in kinds if kind != "model"]
        ended = self._duckdb.build(*others, without=without) if others else []
        if "model" in kinds:
            lacking = {node.unique_id for node in ended if not node.is_made}
            ended += self._computed({*without, *lacking})
        return ended

    def _computed(self, lacking: Collection[str]) -> list[NodeResult]:
        """The models, in Spark and then in the private build."""
        with self._database() as db:
            give_inputs(self._session, db, self._settings, self._manifest)
        results = self._spark.build("model", without=lacking)
        if has_ended(self._session):
            log = log_file(self._settings)
            raise SparkFailed(
                f"Spark 中途退出，详见 {log} / Spark ended at work: the reason is in {log}; "
                "if it is memory, `driver.memory` or `executor.memory` in [spark] of "
                f"{self._settings.config} gives more"
            )
        made = {self._manifest.nodes[m.unique_id].name for m in results if m.is_made}
        with self._database() as db:
            take_in(db, self._settings, made)
        return results

    @contextmanager
    def _database(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """The scratch database with the release attached as `juandi`, as the gates open it."""
        with duckdb.connect(str(self._settings.work_db), config=gate_configuration()) as db:
            db.execute(
                f"attach if not exists '{self._settings.release_db}' as juandi"
                f" (storage_version '{FILE_VERSION}')"
            )
            yield db
