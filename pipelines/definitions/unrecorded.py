"""The night's steps for a run of whose record nothing stays: one asset a step, and no checks.

Dagster says of each asset of a run what it was made of, and writes it down. Where nobody can look
at it later, the models are one asset instead of one a table. The steps are those of `nightly`, in
its order (a test compares them); what they do is said where they are.
"""

from collections.abc import Iterator

import dagster as dg

from pipelines.definitions.gates import weighed
from pipelines.definitions.jobs import JOB
from pipelines.definitions.keys import BUILD, GATES, MODELS
from pipelines.definitions.night import Night
from pipelines.definitions.receiving import archive, load, pulled
from pipelines.definitions.release import build, published_asset
from pipelines.definitions.unbuilt import refuse_unbuilt
from pipelines.quality import load_suites


@dg.asset(key=MODELS, deps=[BUILD])
def models(night: dg.ResourceParam[Night]) -> None:
    """Every seed and model. Raises Failure where one could not be built."""
    report = night.models_or_made()
    refuse_unbuilt(node for node in report.results if node.resource_type != "test")


@dg.multi_asset(specs=[dg.AssetSpec(GATES, deps=[MODELS, BUILD])])
def gates(
    context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """Every suite and every dbt test, in the refresh's own summary and `ops.gate_results`."""
    yield from weighed(context, night, {})


def unrecorded_job(night: Night) -> dg.JobDefinition:
    """The job of `juandi refresh` where no DAGSTER_HOME is set. Raises SuiteError."""
    load_suites()  # the whole graph reads them for its checks: a broken one is told before a night
    graph = dg.Definitions(
        assets=[pulled, archive, load, build, models, gates, published_asset([MODELS])],
        jobs=[dg.define_asset_job(JOB, executor_def=dg.in_process_executor)],
        resources={"night": night},
    )
    return graph.resolve_job_def(JOB)
