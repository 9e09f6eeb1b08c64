"""The gates: the suites of `expectations/` as checks on the tables they guard, in one step.

`gates` stands in the graph between every table and `published`; its verdict is `ops.gate_results`.
The checks themselves are not blocking: Dagster would cut the step in two at each of them, and a
first finding would hide the others. This step fails instead, when it has said everything.

The rules are the suites'; whether a release may go out is the gate stage's to say.
"""

from collections.abc import Collection, Iterator

import dagster as dg

from pipelines.definitions.keys import BUILD, GATES
from pipelines.definitions.night import Night
from pipelines.quality import GateResult, Suite, SuiteRule, load_suites
from pipelines.stages.gate.gate import check_count, run_gates


def check_name(rule_id: str) -> str:
    """Dagster's names know no dots: `star.fact_donation.totals` → `star__fact_donation__totals`."""
    return rule_id.replace(".", "__")


def checked_asset(suite: Suite, known: Collection[dg.AssetKey]) -> dg.AssetKey:
    """The asset that a suite's table is: `star.x` → `star/x`; the `ops` tables are the build's."""
    key = dg.AssetKey(suite.table_name.split("."))
    return key if key in known else BUILD


def _spec(rule: SuiteRule, asset: dg.AssetKey) -> dg.AssetCheckSpec:
    return dg.AssetCheckSpec(
        check_name(rule.rule_id),
        asset=asset,
        description=f"{rule.zh} / {rule.en}",
        metadata={
            "rule_id": rule.rule_id,
            "severity": rule.severity,
            "remedy": f"{rule.remedy_zh} / {rule.remedy_en}",
        },
    )


def _result(found: GateResult, asset: dg.AssetKey) -> dg.AssetCheckResult:
    is_error = found.status == "error" or found.severity == "critical"
    metadata: dict[str, dg.MetadataValue] = {"status": dg.TextMetadataValue(found.status)}
    if found.observed is not None:
        metadata["observed"] = dg.TextMetadataValue(found.observed)
    if found.failing_rows is not None:
        metadata["failing_rows"] = dg.IntMetadataValue(found.failing_rows)
    if found.sample is not None:
        metadata["sample"] = dg.TextMetadataValue(found.sample)
    return dg.AssetCheckResult(
        asset_key=asset,
        check_name=check_name(found.rule_id),
        passed=found.status == "pass",
        severity=dg.AssetCheckSeverity.ERROR if is_error else dg.AssetCheckSeverity.WARN,
        metadata=metadata,
    )


def gates_asset(
    tables: Collection[dg.AssetKey], lake: Collection[dg.AssetKey]
) -> dg.AssetsDefinition:
    """One step for all suites: Great Expectations takes seconds to import, and is imported once.

    `tables` are the assets of the release, `lake` those of the sources.
    """
    known = {*tables, *lake}
    suites = load_suites()
    assets = {r.rule_id: checked_asset(s, known) for s in suites for r in s.rules}

    @dg.multi_asset(
        name="gates",
        specs=[
            dg.AssetSpec(
                GATES,
                deps=sorted(tables),
                group_name="release",
                kinds={"greatexpectations"},
                owners=["team:data-engineering"],
                description="关口 / Every suite and every dbt test, weighed before the release: "
                "a critical rule that fails, or any check that could not be carried out, keeps "
                "the last release as it is. The verdict is the table `ops.gate_results`.",
            )
        ],
        check_specs=[_spec(r, assets[r.rule_id]) for suite in suites for r in suite.rules],
        # The checks belong to the tables, not to `gates` (as dagster-dbt does with its tests) …
        allow_arbitrary_check_specs=True,
        # … and a skipped rule has no verdict, so its check may be left out.
        can_subset=True,
    )
    def gates(
        context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        night.listener.on_step("gates", check_count(night.need_dbt()))
        with night.kept_open:
            report = run_gates(
                night.settings,
                night.need_build(),
                night.need_dbt(),
                on_check=night.listener.on_check,
            )
        night.gates = report
        yield dg.MaterializeResult(
            asset_key=GATES, metadata={**report.counts, "blocked": report.blocked}
        )
        for found in report.results:
            if found.status != "pass":
                context.log.warning(f"{found.rule_id}: {found.status} {found.observed or ''}")
            if found.rule_id in assets and found.status != "skipped":
                yield _result(found, assets[found.rule_id])
        if report.blocked:
            blocking = [found.rule_id for found in report.blocking]
            raise dg.Failure(
                "not published, the last release stays as it was: " + ", ".join(blocking),
                metadata={"rules": blocking},
                allow_retries=False,
            )

    return gates
