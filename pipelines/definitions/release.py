"""The two ends of a release: its private build, and its publication.

In a run that is to publish `build` yields nothing when nothing is new, and the rest is skipped.
`published` runs only behind the build, all models and the gates of the same run.
"""

from collections.abc import Collection, Iterator

import dagster as dg

from pipelines.definitions.keys import BUILD, GATES, LOAD, PUBLISHED, lake_key
from pipelines.definitions.night import Night
from pipelines.definitions.retaining import retain_after_publishing
from pipelines.definitions.retrying import tried_again
from pipelines.definitions.run_tags import tag
from pipelines.definitions.selection import is_to_publish, lacking, not_published, of_backfill
from pipelines.definitions.warehouse import is_unchanged
from pipelines.publishing.releases import previous_file, published_release, report_files
from pipelines.sources import SOURCES
from pipelines.stages.build.inputs import inputs_of
from pipelines.stages.publish.figures import ReleaseFigures, SourceHeld, figures_of
from pipelines.stages.publish.publish import publish


@dg.asset(
    key=BUILD,
    deps=[LOAD, *(lake_key(source) for source in SOURCES.values())],
    output_required=False,
    group_name="build",
    kinds={"duckdb"},
    owners=["team:data-engineering"],
    description="建库 / The private database of a run: views on the lake's current files, the "
    "as-of date, and the `ops` tables. A night makes it only when something is new.",
)
def build(
    context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
) -> Iterator[dg.MaterializeResult[None]]:
    """Prepare the build; or find that nothing changed since the published release."""
    with tried_again(context, night):
        inputs = inputs_of(night.settings)
        if is_to_publish(context) and not night.is_full and is_unchanged(night.settings, inputs):
            night.is_unchanged, night.release = True, published_release(night.settings)
            last = night.release
            name = last.release_id if last else "—"
            context.log.info(f"nothing is new since release {name}: nothing to build")
            tag(context, release=f"{name}, unchanged", as_of=last.as_of if last else "—")
            return
        made = night.build_or_made(inputs)
    tag(context, as_of=made.as_of)
    yield dg.MaterializeResult(
        metadata={
            "as_of": made.as_of.isoformat(),
            "run_id": made.run_id,
            "inputs_hash": made.inputs_hash,
            "goes_on_from": made.continues or "—",
            **not_published(context),
        }
    )


def _compared(now: ReleaseFigures, before: ReleaseFigures) -> dg.TableMetadataValue:
    """What a release has of each source, and how much more than the one before."""
    records = []
    for source in sorted({*now.by_source, *before.by_source}):
        held, last = (f.by_source.get(source, SourceHeld()) for f in (now, before))
        cells: dict[str, str | int] = {
            "source": source,
            "files": held.files,
            "rows": held.rows,
            "rows_change": held.rows - last.rows,
            "amount_cny": f"{held.amount_cny:,}",
            "amount_change_cny": f"{held.amount_cny - last.amount_cny:,}",
            "quarantined": held.quarantined,
            "quarantined_change": held.quarantined - last.quarantined,
        }
        records.append(dg.TableRecord(cells))
    columns = [
        *("source", "files", "rows", "rows_change", "amount_cny", "amount_change_cny"),
        *("quarantined", "quarantined_change"),
    ]
    schema = dg.TableSchema(columns=[dg.TableColumn(name) for name in columns])
    return dg.MetadataValue.table(records=records, schema=schema)


def published_asset(tables: Collection[dg.AssetKey]) -> dg.AssetsDefinition:
    """`published`, behind all of `tables` and the gates."""
    needed = {BUILD, GATES, *tables}

    @dg.asset(
        key=PUBLISHED,
        deps=[GATES],
        group_name="release",
        kinds={"duckdb"},
        owners=["team:data-engineering"],
        description="发布 / `warehouse/juandi.duckdb`: star, marts and ops, published by one "
        "atomic rename behind the gates of the same run; earlier releases are kept for roll-back.",
    )
    def published(
        context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
    ) -> dg.MaterializeResult[None]:
        """Publish, unless the run is a part or the gates say no: then the last release stays."""
        # a backfill of everything comes in several runs; the gates of this one had all tables made
        absent = lacking(context, needed) - of_backfill(context)
        missing = sorted(key.to_user_string() for key in absent)
        if missing or night.gates is None:
            named = ", ".join(missing[:5]) + (" …" if len(missing) > 5 else "")
            raise dg.Failure(
                f"published: no, the last release stays as it was: this run is without {named}. "
                "Start the job `nightly`, or select `published` with `build`, all models and "
                "`gates`",
                allow_retries=False,
            )
        if night.gates.blocked:
            raise dg.Failure("a critical gate failed or errored: the last release stays as it was")
        night.listener.on_step("publish", None)
        settings = night.settings
        # what it is compared with, and only where somebody may look at it
        last = previous_file(settings) if night.is_recorded else None
        before = figures_of(last)
        with tried_again(context, night):
            made = night.build_or_made()
            night.release = publish(settings, made, night.gates)
        release = night.release
        context.log.info(f"published release {release.release_id}")
        tag(context, release=release.release_id)
        now = figures_of(settings.published if night.is_recorded else None)
        report = report_files(settings, release.release_id)[0]
        let_go = retain_after_publishing(context, settings, made.standings)
        return dg.MaterializeResult(
            metadata={
                "release_id": release.release_id,
                "as_of": release.as_of.isoformat(),
                "content_hash": release.content_hash,
                "rows": release.rows,
                "bytes": now.bytes,
                "bytes_change": now.bytes - before.bytes,
                "by_source": _compared(now, before),
                "gates_passed": release.gates_passed,
                "warnings": release.warnings,
                "gate_report": dg.MetadataValue.path(report),
                **let_go,
            }
        )

    return published
