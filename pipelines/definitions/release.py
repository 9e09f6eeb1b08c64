"""The two ends of a release: its private build, and its publication.

In a run that is to publish `build` yields nothing when nothing is new, and the rest is skipped.
`published` runs only behind the build, all models and the gates of the same run.
"""

from collections.abc import Collection, Iterator

import dagster as dg

from pipelines.definitions.keys import BUILD, GATES, LOAD, PUBLISHED, lake_key
from pipelines.definitions.night import Night
from pipelines.definitions.retaining import retain_after_publishing
from pipelines.definitions.selection import is_to_publish, lacking, not_published
from pipelines.definitions.warehouse import is_unchanged
from pipelines.publishing.releases import published_release, report_files
from pipelines.sources import SOURCES
from pipelines.stages.build.inputs import inputs_of
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
    inputs = inputs_of(night.settings)
    if is_to_publish(context) and not night.is_full and is_unchanged(night.settings, inputs):
        night.is_unchanged, night.release = True, published_release(night.settings)
        name = night.release.release_id if night.release else "—"
        context.log.info(f"nothing is new since release {name}: nothing to build")
        return
    made = night.build_or_made(inputs)
    yield dg.MaterializeResult(
        metadata={
            "as_of": made.as_of.isoformat(),
            "run_id": made.run_id,
            "inputs_hash": made.inputs_hash,
            "goes_on_from": made.continues or "—",
            **not_published(context),
        }
    )


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
        missing = sorted(key.to_user_string() for key in lacking(context, needed))
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
        made = night.build_or_made()
        night.release = publish(night.settings, made, night.gates)
        context.log.info(f"published release {night.release.release_id}")
        let_go = retain_after_publishing(context, night.settings, made.standings)
        return dg.MaterializeResult(
            metadata={
                "release_id": night.release.release_id,
                "as_of": night.release.as_of.isoformat(),
                "content_hash": night.release.content_hash,
                "gate_report": dg.MetadataValue.path(
                    report_files(night.settings, night.release.release_id)[0]
                ),
                **let_go,
            }
        )

    return published
