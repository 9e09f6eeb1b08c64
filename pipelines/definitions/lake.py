"""The lake as assets, one per source: clean rows, and what a load says of a partition.

The night's step `load` reports a materialisation for each partition that it really loaded.
`lake/<source>` by itself is for a person: a day, or a range of days in one run.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

import dagster as dg
import polars as pl

from pipelines.definitions.keys import (
    DAILY,
    LOAD,
    lake_key,
    owners,
)
from pipelines.definitions.night import Night
from pipelines.definitions.retrying import tried_again
from pipelines.definitions.run_tags import tag, words_of
from pipelines.definitions.selection import not_published
from pipelines.sources import SOURCES, Source
from pipelines.stages.build.accounts import yuan
from pipelines.stages.load.load import Loaded, load_source

Metadata: TypeAlias = dict[str, dg.MetadataValue]

#: The parts of law 1: what was read is loaded, quarantined, a duplicate or superseded.
PARTS = ("read", "loaded", "quarantined", "duplicate", "superseded")


def load_metadata(loads: Iterable[Loaded]) -> Metadata:
    """What law 1 counts, summed over files: rows, and yuan as exact text; columns and codes that
    the contract does not know."""
    taken = list(loads)
    metadata: Metadata = {"files": dg.IntMetadataValue(len(taken))}
    for part in PARTS:
        rows = sum(getattr(loaded.outcome, f"rows_{part}") for loaded in taken)
        fen = sum(getattr(loaded.outcome, f"fen_{part}") for loaded in taken)
        metadata[f"rows_{part}"] = dg.IntMetadataValue(rows)
        metadata[f"amount_{part}_cny"] = dg.TextMetadataValue(f"{yuan(fen):,}")
    refused = [f"{x.receipt.shown_name}: {x.outcome.refusal}" for x in taken if x.outcome.refusal]
    metadata["bytes"] = dg.IntMetadataValue(sum(loaded.receipt.bytes for loaded in taken))
    metadata["drift"] = dg.TextMetadataValue(_drift(taken) or "—")
    metadata["refused"] = dg.TextMetadataValue("\n".join(refused) or "—")
    return metadata


def _drift(loads: Iterable[Loaded]) -> str:
    outcomes = [loaded.outcome for loaded in loads]
    columns = {name for outcome in outcomes for name in outcome.unknown_columns}
    codes = {f"{column} = {word}" for o in outcomes for column, word, _ in o.unknown_codes}
    return "; ".join(sorted(columns) + sorted(codes))


def partition_events(source: Source, loads: Iterable[Loaded]) -> Iterator[dg.AssetMaterialization]:
    """A materialisation for each partition of `source` that took rows; refused files make none."""
    by_day: dict[date, list[Loaded]] = defaultdict(list)
    for loaded in loads:
        if loaded.outcome.partition is not None and loaded.outcome.refusal is None:
            by_day[loaded.outcome.partition].append(loaded)
    for day, taken in sorted(by_day.items()):
        yield dg.AssetMaterialization(
            asset_key=lake_key(source),
            partition=day.isoformat() if source.dated else None,
            metadata={"export_date": day.isoformat(), **load_metadata(taken)},
        )


def _type_name(dtype: pl.DataType) -> str:
    """A type as SQL says it; polars spells out units that are the same everywhere in the lake."""
    names = {pl.String: "varchar", pl.Int64: "bigint", pl.Datetime: "timestamp"}
    return names.get(type(dtype), str(dtype).lower())


def _column_schema(source: Source) -> dg.TableSchema:
    words = {c.lake_name: f"{c.zh} / {c.en}" for c in source.columns}
    return dg.TableSchema(
        columns=[
            dg.TableColumn(name, _type_name(dtype), description=words.get(name))
            for name, dtype in source.lake_schema().items()
        ]
    )


def _freshness(source: Source) -> dg.FreshnessPolicy | None:
    """By the cadence that `ops.source_health` goes by: a night that brings nothing is a warning, a
    second one a failure. A night does not begin and end at the same minute each day."""
    every = source.expected_every
    if every is None:
        return None
    return dg.FreshnessPolicy.time_window(fail_window=2 * every, warn_window=every + every / 4)


def lake_asset(source: Source) -> dg.AssetsDefinition:
    """`lake/<source>`: run by hand it takes the pending files of the days asked for."""
    with warnings.catch_warnings():
        # Dagster calls backfill policies beta; a test pins the behaviour relied on here.
        warnings.simplefilter("ignore", dg.BetaWarning)

        @dg.asset(
            key=lake_key(source),
            deps=[LOAD],
            partitions_def=DAILY if source.dated else None,
            backfill_policy=dg.BackfillPolicy.single_run() if source.dated else None,
            group_name="lake",
            kinds={"polars", "parquet"},
            owners=owners(source),
            freshness_policy=_freshness(source),
            metadata={"dagster/column_schema": _column_schema(source)},
            description=f"{source.title_zh} / {source.title_en}: clean, typed rows; each "
            "partition is replaced whole, and can be rebuilt from the archive.",
        )
        def _asset(
            context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
        ) -> dg.MaterializeResult[None]:
            night.has_begun = True
            days = {date.fromisoformat(k) for k in context.partition_keys} if source.dated else None
            with tried_again(context, night):
                loads = load_source(
                    night.settings, source, days, night.listener.on_file, again=True
                )
            night.loads += loads
            tag(context, new=words_of(night.loads))
            if not loads:
                context.log.warning(
                    f"no file of {source.name} was received for what was asked; what lies in "
                    "landing is received by `archive`: materialise it, then this again"
                )
            also = not_published(context)
            for day in days or ():
                of_day = load_metadata(x for x in loads if x.outcome.partition == day)
                context.add_asset_metadata({**of_day, **also}, partition_key=day.isoformat())
            if days:
                return dg.MaterializeResult()
            return dg.MaterializeResult(metadata={**load_metadata(loads), **also})

    return _asset


def lake_assets() -> list[dg.AssetsDefinition]:
    """One per source, in the registry's order."""
    return [lake_asset(source) for source in SOURCES.values()]
