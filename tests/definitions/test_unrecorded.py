"""A refresh runs over an instance that keeps no events, and tells all the same."""

from __future__ import annotations

import dagster as dg

from pipelines.definitions.unrecorded import unrecorded


@dg.asset
def above() -> int:
    return 1


@dg.asset
def below(above: int) -> int:
    return above + 1


@dg.asset_check(asset=below)
def is_two(below: int) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(passed=below == 2)


@dg.asset(deps=[below])
def broken() -> None:
    raise dg.Failure("as expected")


def run(instance: dg.DagsterInstance) -> dg.ExecuteInProcessResult:
    job = dg.Definitions(
        assets=[above, below, broken], asset_checks=[is_two], jobs=[dg.define_asset_job("whole")]
    ).resolve_job_def("whole")
    return job.execute_in_process(instance=instance, raise_on_error=False)


def told(result: dg.ExecuteInProcessResult) -> list[tuple[str, str | None]]:
    return [(event.event_type_value, event.step_key) for event in result.all_events]


def test_a_run_says_the_same_whether_its_events_are_kept_or_not() -> None:
    with dg.DagsterInstance.ephemeral() as kept, unrecorded() as unkept:
        before, after = run(kept), run(unkept)
        assert told(before) == told(after)
        assert not after.success
        assert after.dagster_run.status == dg.DagsterRunStatus.FAILURE
        assert [c.passed for c in after.get_asset_check_evaluations()] == [True]
        assert kept.all_logs(before.run_id)
        assert not unkept.all_logs(after.run_id)
