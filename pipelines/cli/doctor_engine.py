"""The check of `juandi doctor` on what computes the models: is it there, and is it the right one?

Figures behind the sizes: docs/scale-out.md.
"""

from __future__ import annotations

from pipelines.cli.doctor_store import Finding
from pipelines.settings import Engine, Settings, SettingsError

#: Gifts from which a cluster is worth its planning and its care.
MOST_FOR_ONE_MACHINE = 1_000_000_000
_NAME = "计算引擎 engine"
_PAGE = "docs/scale-out.md"


def engine_finding(settings: Settings) -> Finding:
    """A problem where Spark is asked for and cannot run; a warning where the other is quicker."""
    known = _gifts(settings)
    gifts = known or 0
    size = "大小未知 of unknown size" if known is None else f"{gifts:,} 笔捐赠 gifts"
    if settings.engine is Engine.duckdb:
        if gifts <= MOST_FOR_ONE_MACHINE:
            return Finding(_NAME, "ok", f"DuckDB, {size}")
        advice = f"一台机器将不够用，见 {_PAGE} / one machine is outgrown: {_PAGE}"
        return Finding(_NAME, "warning", f"DuckDB, {size}", advice)
    from pipelines.stages.build.spark.at_hand import SparkMissing, check_spark

    try:
        seen = check_spark(settings)
    except SparkMissing as missing:
        return Finding(_NAME, "problem", "Spark", str(missing))
    if gifts > MOST_FOR_ONE_MACHINE:
        return Finding(_NAME, "ok", f"{seen}, {size}")
    return Finding(
        _NAME,
        "warning",
        f"{seen}, {size}",
        f"此规模下 Spark 比一台机器慢，请去掉 JUANDI_ENGINE（见 {_PAGE}） / at this size Spark is "
        f"slower than one machine: unset JUANDI_ENGINE ({_PAGE})",
    )


def _gifts(settings: Settings) -> int | None:
    """Lines of gifts that the lake holds, by the receipts: no file is opened. None where a
    catalogue does not tell, which is told of beside it."""
    from pipelines.sources import SOURCES
    from pipelines.stages.standing.resolve import resolve
    from pipelines.stages.store.catalog import Catalog

    catalog = Catalog(settings)
    if not settings.archive.is_dir():
        return 0
    if not (catalog.archive_file.exists() and catalog.lake_file.exists()):
        return None  # opening one would make it, and nothing is changed here
    try:
        standings = resolve(settings)
    except SettingsError:
        return None
    return sum(
        s.outcome.rows_loaded
        for s in standings
        if s.is_active and SOURCES[s.receipt.source].holds_gifts
    )
