"""How Spark is set: what results depend on, which nobody changes, and what `[spark]` may say.

Only words and values; who opens a session with them is `session`'s business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pipelines.settings import Settings, SettingsError, config_of
from pipelines.stages.build.spark.at_hand import is_local, is_on_loopback

#: On these the values of a release depend: an instant is a wall clock, what does not fit is an
#: error, a table is Parquet.
_FIXED: Mapping[str, str] = {
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.session.timeZone": "Asia/Shanghai",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.storeAssignmentPolicy": "ANSI",
    # a decimal that needs more than 38 digits is an error, and never rounded to fit
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    "spark.sql.sources.default": "parquet",
    "spark.sql.legacy.createHiveTableByDefault": "false",
    # a file that is gone, or is none, is an error and never fewer rows
    "spark.sql.files.ignoreMissingFiles": "false",
    "spark.sql.files.ignoreCorruptFiles": "false",
    # folders are listed here: an executor that does not see one takes it for empty
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "2147483647",
    # tables are known to this session alone: no Hive, no database of its own
    "spark.sql.catalogImplementation": "in-memory",
}

#: Settings under which SQL may mean something else; none of them is needed to use a cluster.
_OF_MEANING = (
    *("spark.sql.legacy.", "spark.sql.ansi.", "spark.sql.extensions", "spark.sql.caseSensitive"),
    *("spark.sql.files.ignore", "spark.sql.catalog", "spark.sql.parquet.", "spark.sql.session."),
)

#: What another machine may want otherwise.
_USUAL: Mapping[str, str] = {
    "spark.app.name": "juandi",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.memory": "2g",
    "spark.sql.parquet.compression.codec": "zstd",
}


def spark_conf(settings: Settings) -> dict[str, str]:
    """Every setting of a session. Raises SettingsError for one that may not be changed."""
    own = dict(_said(config_of(settings, "spark"), "spark"))
    fixed = {
        **_FIXED,
        "spark.master": settings.spark_master,
        # a plain path would be looked for in HDFS where that is the cluster's file system
        "spark.sql.warehouse.dir": f"file:{settings.spark / 'warehouse'}",
    }
    meaning = {key for key in own if key.startswith(_OF_MEANING) and key not in _USUAL}
    if taken := sorted(own.keys() & fixed.keys() | meaning):
        raise SettingsError(
            f"{settings.config}: [spark] {taken[0].removeprefix('spark.')} is not to be set: "
            "a release would differ, or would not be found"
        )
    return {**_USUAL, **_of_place(settings), **own, **fixed}


def _of_place(settings: Settings) -> dict[str, str]:
    """What follows from where Spark runs."""
    place = {"spark.local.dir": str(settings.spark / "scratch")}
    if is_local(settings.spark_master):
        # tables of a size for which this is asked of one machine; AQE joins what is left small
        place["spark.sql.shuffle.partitions"] = "8"
    if is_on_loopback(settings.spark_master):
        place |= {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
    return place


def _said(table: Mapping[str, Any], above: str) -> Iterator[tuple[str, str]]:
    """`executor.memory = "4g"` of table `[spark]` as Spark spells it."""
    for name, value in table.items():
        key = f"{above}.{name}"
        if isinstance(value, Mapping):
            yield from _said(value, key)
        elif isinstance(value, bool):
            yield key, str(value).lower()
        elif isinstance(value, str | int | float):
            yield key, str(value)
        else:
            raise SettingsError(f"[spark] {key.removeprefix('spark.')}: one value is expected")
