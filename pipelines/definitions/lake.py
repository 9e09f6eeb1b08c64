"""From what is handed to us to clean rows: landing, archive, load and one asset per source.

The night takes every pending file of every source in one step (`load`), and reports a
materialisation for each partition that it really loaded. `lake/<source>` by itself is for a
person: a day, or a range of days in one run.
"""

import warnings
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import TypeAlias

import dagster as dg
import polars as pl

from pipelines.definitions.keys import (
    ARCHIVE,
    DAILY,
    LOAD,
    lake_key,
    landing_key,
    owners,
)
from pipelines.definitions.night import Night
from pipelines.quality.runner import import_gates_meanwhile
from pipelines.sources import SOURCES, Source
from pipelines.stages.build.accounts import yuan
from pipelines.stages.load.load import Loaded, load_source, pending
from pipelines.stages.receive.pull import pull

Metadata: TypeAlias = dict[str, dg.MetadataValue]

#: The parts of law 1: what was read is loaded, quarantined, a duplicate or superseded.
PARTS = ("read", "loaded", "quarantined", "duplicate", "superseded")


def load_metadata(loads: Iterable[Loaded]) -> Metadata:
    """What law 1 counts, summed over files: rows, and yuan as exact text."""
    taken = list(loads)
    metadata: Metadata = {"files": dg.IntMetadataValue(len(taken))}
    for part in PARTS:
        rows = sum(getattr(loaded.outcome, f"rows_{part}") for loaded in taken)
        fen = sum(getattr(loaded.outcome, f"fen_{part}") for loaded in taken)
        metadata[f"rows_{part}"] = dg.IntMetadataValue(rows)
        metadata[f"amount_{part}_cny"] = dg.TextMetadataValue(f"{yuan(fen):,}")
    refused = [f"{x.receipt.shown_name}: {x.outcome.refusal}" for x in taken if x.outcome.refusal]
    metadata["refused"] = dg.TextMetadataValue("\n".join(refused) or "—")
    return metadata


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


def landing_specs() -> list[dg.AssetSpec]:
    """What platforms and programmes hand us. Not ours to make: external to the graph."""
    return [
        dg.AssetSpec(
            landing_key(source),
            description=f"{source.title_zh} / {source.title_en}: files as received, in "
            f"`landing/{source.name}/` at any depth; never changed by us.",
            group_name="landing",
            kinds={"file"},
            owners=owners(source),
            metadata={"dated": source.dated, "expected": source.cadence},
        )
        for source in SOURCES.values()
    ]


@dg.asset(
    key=ARCHIVE,
    deps=[landing_key(source) for source in SOURCES.values()],
    group_name="archive",
    kinds={"file"},
    owners=["team:data-engineering"],
    description="收档 / Every landed file, copied once under its sha256 and entered in the "
    "catalogue of receipts: each row can be traced to a line of a file we still have.",
)
def archive(
    context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
) -> dg.MaterializeResult[None]:
    """Pull, or wait for the pull that who started the run has begun."""
    if night.pulling is None or not night.pulling.report.done():
        night.listener.on_step("pull", None)
    report = night.pulling.report.result() if night.pulling else pull(night.settings)
    for ignored in report.ignored:
        context.log.warning(f"left in landing: {ignored.path} ({ignored.reason})")
    return dg.MaterializeResult(
        metadata={"seen": report.seen, "new": len(report.new), "ignored": len(report.ignored)}
    )


def _loads(night: Night) -> Iterator[tuple[Source, list[Loaded]]]:
    """Each source with what was read of it; the load may have begun before the run."""
    listener, begun = night.listener, night.loading
    listener.on_step("load", begun.total if begun else len(pending(night.settings)))
    if begun is not None:
        yield from begun.follow(listener.on_file)
        return
    for source in SOURCES.values():
        yield source, load_source(night.settings, source, on_file=listener.on_file)


@dg.asset(
    key=LOAD,
    deps=[ARCHIVE],
    group_name="archive",
    kinds={"polars"},
    owners=["team:data-engineering"],
    description="装载 / The night's load: every pending file of every source is read, cleaned, "
    "held against its row rules and written to the lake or to quarantine. A file that cannot be "
    "read is refused with a reason and hurts itself only.",
)
def load(
    context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
) -> dg.MaterializeResult[None]:
    """All pending files; reports to each `lake/<source>` the partitions it really took."""
    import_gates_meanwhile()  # reading leaves the interpreter to others
    for source, loads in _loads(night):
        for loaded in loads:
            context.log.info(
                f"{source.name}: {loaded.receipt.shown_name}: "
                f"{loaded.outcome.refusal or 'loaded'}, "
                f"{loaded.outcome.rows_loaded} of {loaded.outcome.rows_read} rows"
            )
        night.loads += loads
        for event in partition_events(source, loads):
            context.log_event(event)
    return dg.MaterializeResult(metadata=load_metadata(night.loads))


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
            metadata={"dagster/column_schema": _column_schema(source)},
            description=f"{source.title_zh} / {source.title_en}: clean, typed rows; each "
            "partition is replaced whole, and can be rebuilt from the archive.",
        )
        def _asset(
            context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
        ) -> dg.MaterializeResult[None]:
            days = {date.fromisoformat(k) for k in context.partition_keys} if source.dated else None
            loads = load_source(night.settings, source, days, night.listener.on_file, again=True)
            if days:
                for day in days:
                    context.add_asset_metadata(
                        load_metadata(x for x in loads if x.outcome.partition == day),
                        partition_key=day.isoformat(),
                    )
                return dg.MaterializeResult()
            return dg.MaterializeResult(metadata=load_metadata(loads))

    return _asset


def lake_assets() -> list[dg.AssetsDefinition]:
    """One per source, in the registry's order."""
    return [lake_asset(source) for source in SOURCES.values()]
