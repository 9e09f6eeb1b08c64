"""Names in the asset graph: keys, groups, owners, partitions. One place, so that a word greps.

pull → landing/<source> → archive → load → lake/<source> → build
    → staging → intermediate → star → marts → gates → published
"""

from __future__ import annotations

from datetime import date

import dagster as dg

from pipelines.sources import Source

PULL = dg.AssetKey("pull")
ARCHIVE = dg.AssetKey("archive")
LOAD = dg.AssetKey("load")
BUILD = dg.AssetKey("build")
#: All of them as one, where no record is kept.
MODELS = dg.AssetKey("models")
GATES = dg.AssetKey("gates")
PUBLISHED = dg.AssetKey("published")

#: The layers whose tables are in the release; the others are scratch.
RELEASED = ("star", "marts")

#: The first online giving platforms opened in 2007: no export is older. Days are Beijing days,
#: and today's export may be in hand before the day is over.
FIRST_EXPORT_DATE = date(2007, 1, 1)
DAILY = dg.DailyPartitionsDefinition(
    start_date=FIRST_EXPORT_DATE.isoformat(), timezone="Asia/Shanghai", end_offset=1
)


def landing_key(source: Source) -> dg.AssetKey:
    """What the outside hands us: `landing/<source>`."""
    return dg.AssetKey(["landing", source.name])


def lake_key(source: Source) -> dg.AssetKey:
    """The source's clean rows: `lake/<source>`."""
    return dg.AssetKey(["lake", source.name])


def owners(source: Source) -> list[str]:
    """Dagster's spelling of who answers for a source."""
    return [f"team:{source.owner}"]
