"""What a run was asked for, and what is said where it is not the whole night.

A run without `published` computes in the private build and changes nothing for readers.
"""

from collections.abc import Collection, Mapping

import dagster as dg

from pipelines.definitions.keys import PUBLISHED

_SAID = "no: this run did not select `published`; what it made is in the private build"


def lacking(context: dg.AssetExecutionContext, needed: Collection[dg.AssetKey]) -> set[dg.AssetKey]:
    """Which of `needed` this run does not select. A run of a whole job names no selection."""
    assets, checks = context.run.asset_selection, context.run.asset_check_selection
    return set(needed) - assets if assets else set(needed) if checks else set()


def of_backfill(context: dg.AssetExecutionContext) -> set[dg.AssetKey]:
    """What the backfill was asked for that this run is a part of; nothing where it is of none."""
    backfill = context.run.tags.get("dagster/backfill")
    found = context.instance.get_backfill(backfill) if backfill else None
    return set(found.asset_selection or ()) if found else set()


def is_to_publish(context: dg.AssetExecutionContext) -> bool:
    """True where this run comes to `published` if all goes well."""
    return not lacking(context, [PUBLISHED])


def not_published(context: dg.AssetExecutionContext) -> Mapping[str, str]:
    """The metadata that says that nothing is published, and a line in the log; else nothing."""
    if is_to_publish(context):
        return {}
    context.log.info(f"published: {_SAID}")
    return {"published": _SAID}
