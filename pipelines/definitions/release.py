"""The two ends of a release: its private build, and its publication.

`build` yields nothing when nothing is new, and the rest of the night is skipped. `published`
runs only behind the gates of the same run.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.definitions.keys import BUILD, GATES, LOAD, PUBLISHED, lake_key
from pipelines.definitions.night import Night
from pipelines.publishing.releases import newest_release, published_release
from pipelines.sources import SOURCES
from pipelines.stages.build.build import prepare_build
from pipelines.stages.build.inputs import inputs_of
from pipelines.stages.publish.publish import publish


@dg.asset(
    key=BUILD,
    deps=[LOAD, *(lake_key(source) for source in SOURCES.values())],
    output_required=False,
    group_name="build",
    kinds={"duckdb"},
    owners=["team:data-engineering"],
    description="建库 / The private database of tonight's release: views on the lake's current "
    "files, the as-of date, and the `ops` tables. Made only when something is new.",
)
def build(
    context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
) -> Iterator[dg.MaterializeResult[None]]:
    """Prepare the build; or find that nothing changed since the published release."""
    last = newest_release(night.settings)  # one that was rolled back is not made again
    inputs = inputs_of(night.settings)
    is_same = last is not None and last.inputs_hash == inputs.hash
    if last is not None and is_same and not night.is_full:
        night.is_unchanged, night.release = True, published_release(night.settings)
        context.log.info(f"nothing is new since release {last.release_id}: nothing to build")
        return
    night.listener.on_step("build", None)
    if night.copying is not None:
        night.copying.result()
    night.build = prepare_build(night.settings, inputs)
    yield dg.MaterializeResult(
        metadata={
            "as_of": night.build.as_of.isoformat(),
            "run_id": night.build.run_id,
            "inputs_hash": night.build.inputs_hash,
            "goes_on_from": night.build.continues or "—",
        }
    )


@dg.asset(
    key=PUBLISHED,
    deps=[GATES],
    group_name="release",
    kinds={"duckdb"},
    owners=["team:data-engineering"],
    description="发布 / `warehouse/juandi.duckdb`: star, marts and ops, published by one atomic "
    "rename behind the gates of the same run; earlier releases are kept for roll-back.",
)
def published(
    context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
) -> dg.MaterializeResult[None]:
    """Publish, unless the gates say no: then the last release stays as it was."""
    gates = night.need_gates()
    if gates.blocked:
        raise dg.Failure("a critical gate failed or errored: the last release stays as it was")
    night.listener.on_step("publish", None)
    night.release = publish(night.settings, night.need_build(), gates)
    context.log.info(f"published release {night.release.release_id}")
    return dg.MaterializeResult(
        metadata={
            "release_id": night.release.release_id,
            "as_of": night.release.as_of.isoformat(),
            "content_hash": night.release.content_hash,
        }
    )
