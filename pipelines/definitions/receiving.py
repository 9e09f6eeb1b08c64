"""From what is offered or handed to us to the lake: pull, landing, archive, the night's load.

The night takes every pending file of every source in one step. What it says of each partition,
and the days that a person asks for, are `lake`'s.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.definitions.keys import ARCHIVE, LOAD, PULL, landing_key, owners
from pipelines.definitions.lake import load_metadata, partition_events
from pipelines.definitions.night import Night
from pipelines.definitions.retrying import tried_again
from pipelines.definitions.run_tags import tag, words_of
from pipelines.definitions.selection import not_published
from pipelines.quality.runner import import_gates_meanwhile
from pipelines.sources import SOURCES, Source
from pipelines.stages.fetch.night import FetchReport, fetch_declared
from pipelines.stages.load.due import pending
from pipelines.stages.load.load import Loaded, load_source
from pipelines.stages.load.sharing import Sharing
from pipelines.stages.receive.pull import pull


def landing_specs() -> list[dg.AssetSpec]:
    """What platforms and programmes hand us, or `pull` brings: external to the graph."""
    return [
        dg.AssetSpec(
            landing_key(source),
            deps=[PULL],
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
    key=PULL,
    group_name="landing",
    kinds={"file"},
    owners=["team:data-engineering"],
    description="拉取 / What is new at the places of `juandi.toml` (folders, SFTP, object storage, "
    "HTTP, SQL), fetched into `landing/<source>/<pull>/`. What fails there is told, in "
    "`ops.pull_faults` too, and holds up nothing else.",
)
def pulled(
    context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
) -> dg.MaterializeResult[None]:
    """Fetch, or tell of what who started the run has fetched."""
    night.has_begun = True
    with tried_again(context, night):
        report = _fetched(night)
    for fault in report.faults:
        context.log.warning(fault.sentence)
    return dg.MaterializeResult(
        metadata={
            "places": len(report.pulls),
            "new": report.new,
            "unchanged": sum(pull.unchanged for pull in report.pulls),
            "bytes": sum(pull.bytes for pull in report.pulls),
            "faults": "\n".join(fault.sentence for fault in report.faults) or "—",
            **not_published(context),
        }
    )


def _fetched(night: Night) -> FetchReport:
    if night.ahead is not None:
        return night.ahead.pulling.fetched()
    if not night.is_to_fetch:
        return FetchReport()
    night.listener.on_step("fetch", None)
    return fetch_declared(night.settings)


@dg.asset(
    key=ARCHIVE,
    deps=[PULL, *(landing_key(source) for source in SOURCES.values())],
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
    begun = night.ahead.pulling.report if night.ahead else None
    if begun is None or not begun.done():
        night.listener.on_step("pull", None)
    with tried_again(context, night):
        report = begun.result() if begun else pull(night.settings)
    night.received += report.new
    for ignored in report.ignored:
        context.log.warning(f"left in landing: {ignored.path} ({ignored.reason})")
    return dg.MaterializeResult(
        metadata={
            "seen": report.seen,
            "new": len(report.new),
            "bytes": sum(receipt.bytes for receipt in report.new),
            "ignored": len(report.ignored),
            **not_published(context),
        }
    )


def _loads(night: Night) -> Iterator[tuple[Source, list[Loaded]]]:
    """Each source with what was read of it; the load may have begun before the run."""
    listener, begun = night.listener, night.ahead.loading if night.ahead else None
    listener.on_step("load", begun.total if begun else len(pending(night.settings)))
    if begun is not None:
        yield from begun.follow(listener.on_file)
        return
    with Sharing(night.settings) as sharing:
        for source in SOURCES.values():
            yield (
                source,
                load_source(night.settings, source, on_file=listener.on_file, sharing=sharing),
            )


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
    with tried_again(context, night):
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
    tag(context, new=words_of(night.loads))
    return dg.MaterializeResult(metadata={**load_metadata(night.loads), **not_published(context)})
