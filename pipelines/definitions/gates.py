"""The gates: the suites of `expectations/` as checks on the tables they guard, in one step.

`gates` stands in the graph between every table and `published`; its verdict is `ops.gate_results`.
The checks themselves are not blocking: Dagster would cut the step in two at each of them, and a
first finding would hide the others. This step fails instead, when it has said everything.

Where a table is selected without `gates`, its checks are asked alone, over what they read.

The rules are the suites'; whether a release may go out is the gate stage's to say.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

import dagster as dg

from pipelines.definitions.keys import BUILD, GATES, RELEASED
from pipelines.definitions.night import Night
from pipelines.definitions.run_tags import tag
from pipelines.definitions.selection import not_published
from pipelines.quality import GateResult, Suite, SuiteRule, load_suites
from pipelines.stages.gate.gate import (
    GateReport,
    ask_rules,
    check_count,
    run_gates,
    tables_asked,
)


def check_name(rule_id: str) -> str:
    """Dagster's names know no dots: `star.fact_donation.totals` → `star__fact_donation__totals`."""
    return rule_id.replace(".", "__")


def checked_asset(suite: Suite, known: Collection[dg.AssetKey]) -> dg.AssetKey:
    """The asset that a suite's table is: `star.x` → `star/x`; the `ops` tables are the build's.

    What is asked of all tables of the release is asked of `gates`, which comes after them.
    """
    key = dg.AssetKey(suite.table_name.split("."))
    if suite.table_name.startswith("release."):
        return GATES
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


def _report(
    context: dg.AssetExecutionContext,
    results: Iterable[GateResult],
    assets: Mapping[str, dg.AssetKey],
) -> Iterator[dg.AssetCheckResult]:
    """The verdicts as checks, of those that the run selects; dbt's have theirs from the models."""
    for found in results:
        if found.status != "pass":
            context.log.warning(f"{found.rule_id}: {found.status} {found.observed or ''}")
        asset = assets.get(found.rule_id)
        if asset is None or found.status == "skipped":
            continue
        if dg.AssetCheckKey(asset, check_name(found.rule_id)) in context.selected_asset_check_keys:
            yield _result(found, asset)


def _not_passed(results: Iterable[GateResult]) -> dg.TableMetadataValue:
    """The rules that did not pass, those that stand against a release first."""
    found = sorted(
        (r for r in results if r.status in ("error", "fail")),
        key=lambda r: (r.status != "error", r.severity != "critical", r.rule_id),
    )
    columns = ("rule", "severity", "status", "rows", "what")
    return dg.MetadataValue.table(
        records=[
            dg.TableRecord(
                {
                    "rule": r.rule_id,
                    "severity": r.severity,
                    "status": r.status,
                    "rows": "—" if r.failing_rows is None else r.failing_rows,
                    "what": f"{r.description_zh} / {r.description_en}",
                }
            )
            for r in found
        ],
        schema=dg.TableSchema(columns=[dg.TableColumn(name) for name in columns]),
    )


def _weigh(night: Night) -> GateReport:
    """Every suite and every dbt test, over all models."""
    build, dbt = night.build_or_made(), night.models_or_made()
    night.listener.on_step("gates", check_count(dbt))
    with night.kept_open:
        return run_gates(night.settings, build, dbt, on_check=night.listener.on_check)


def weighed(
    context: dg.AssetExecutionContext, night: Night, assets: Mapping[str, dg.AssetKey]
) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    """The whole verdict, and then Failure where it blocks. `assets` of the rules told as checks."""
    night.gates = report = _weigh(night)
    yield dg.MaterializeResult(
        asset_key=GATES,
        metadata={
            **report.counts,
            "blocked": report.blocked,
            "not_passed": _not_passed(report.results),
            **not_published(context),
        },
    )
    yield from _report(context, report.results, assets)
    if report.blocked:
        tag(context, release="none: a gate blocks")
        blocking = [found.rule_id for found in report.blocking]
        raise dg.Failure(
            "not published, the last release stays as it was: "
            + ", ".join(blocking)
            + ". What to do is said with each check, and in `ops.rules`",
            metadata={"rules": blocking},
            allow_retries=False,
        )


def _ask(
    night: Night, rule_ids: Collection[str], models: Mapping[tuple[str, str], str]
) -> Iterable[GateResult]:
    """Some rules, over the models that they read."""
    night.build_or_made()
    read = {models[table] for table in tables_asked(rule_ids) if table in models}
    if read:
        night.models_or_made(read)
    night.listener.on_step("gates", len(rule_ids))
    with night.kept_open:
        return ask_rules(night.settings, rule_ids, on_check=night.listener.on_check)


def gates_asset(
    models: Mapping[dg.AssetKey, str], lake: Collection[dg.AssetKey]
) -> dg.AssetsDefinition:
    """One step for all suites: Great Expectations takes seconds to import, and is imported once.

    `models` are dbt's assets with their unique ids, `lake` the assets of the sources.
    """
    released = [key for key in models if key.path[0] in RELEASED]
    known = {*released, *lake}
    suites = load_suites()
    assets = {r.rule_id: checked_asset(s, known) for s in suites for r in s.rules}
    rules = {dg.AssetCheckKey(asset, check_name(r)): r for r, asset in assets.items()}
    tables = {(key.path[0], key.path[-1]): unique_id for key, unique_id in models.items()}

    @dg.multi_asset(
        name="gates",
        specs=[
            dg.AssetSpec(
                GATES,
                # the lake and the build too: they are checked when they have been made
                deps=[*sorted(known), BUILD],
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
        # … so they come along where a table is selected without `gates`, and a skipped rule has no
        # verdict.
        can_subset=True,
    )
    def gates(
        context: dg.AssetExecutionContext, night: dg.ResourceParam[Night]
    ) -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
        if GATES not in context.selected_asset_keys:
            asked = {rules[key] for key in context.selected_asset_check_keys}
            yield from _report(context, _ask(night, asked, tables), assets)
            return
        yield from weighed(context, night, assets)

    return gates
