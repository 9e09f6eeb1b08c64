"""What is said of a run that has ended: which files it took, what failed, and who is told of it.

A run that Dagster starts tells people itself when it ends. One that was killed cannot: a sensor
tells of it, and of every other failed run that has told nobody. Parts that somebody materialises
are told to nobody. What a message says, and that it is sent once, is `stages.tell`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import dagster as dg

from pipelines.definitions.run_tags import COMMAND_LINE, TRIGGER, WHOLE, is_told, told
from pipelines.publishing.machine import condition_of_text
from pipelines.publishing.releases import published_release
from pipelines.settings import Settings, config_of, load_settings
from pipelines.stages.build.accounts import LoadRecord, load_record
from pipelines.stages.standing.resolve import resolve

if TYPE_CHECKING:
    from pipelines.definitions.night import Night
    from pipelines.stages.store.receipts import Receipt
    from pipelines.stages.tell.news import NightTold

_ENDED = re.compile("unexpectedly|terminated by signal")
_ENDS = (
    dg.DagsterEventType.STEP_SUCCESS,
    dg.DagsterEventType.STEP_FAILURE,
    dg.DagsterEventType.STEP_SKIPPED,
)


def accounts(night: Night, received: Iterable[Receipt]) -> list[LoadRecord]:
    """Law 1 for the files that a run received or read, as they stand among all others; and the
    files that wait for a decision, however long."""
    fresh = {receipt.received_no for receipt in received}
    fresh |= {loaded.receipt.received_no for loaded in night.loads}
    standings = night.build.standings if night.build else resolve(night.settings)
    return [
        load_record(s)
        for s in standings
        if night.is_full or s.receipt.received_no in fresh or s.status == "held"
    ]


def sentences(events: Iterable[dg.DagsterEvent]) -> list[str]:
    """What failed, a sentence per step: the failure's own words, without a stack.

    A condition of the machine is said with its remedy.
    """
    words = []
    for event in events:
        if event.is_step_failure:
            failure = event.step_failure_data
            said = failure.user_failure_data.description if failure.user_failure_data else None
            message = said or (_deepest(failure.error) if failure.error else "")
            found = condition_of_text(message)
            sentence = f"{found.sentence} [{message}]" if found else message
            words.append(f"{event.step_key}: {sentence}")
    return words


def tell_of(context: dg.InitResourceContext, night: Night) -> None:
    """Tells people of a run that is to publish, where `juandi.toml` names any; fails no run."""
    run = context.run
    if run is None or context.instance is None or WHOLE not in run.tags or not night.has_begun:
        return
    if not config_of(night.settings, "alerts"):
        return
    from pipelines.stages.tell.news import NightTold

    status = night.ending
    events = _events(context.instance, run.run_id) if status == "failed" else []
    ended = NightTold(
        status,
        night.release or published_release(night.settings),
        (sentences(events) or broken_off(events, None)) if status == "failed" else (),
        night.gates.results if night.gates else (),
        accounts(night, night.received) if status != "failed" else (),
    )
    for trouble in _told(night.settings, context.instance, run.run_id, ended):
        if context.log:
            context.log.warning(trouble)


def _told(
    settings: Settings, instance: dg.DagsterInstance, run_id: str, night: NightTold
) -> Iterator[str]:
    """Tells, and notes on the run that it did; what went wrong with that, a sentence each."""
    if not config_of(settings, "alerts"):
        return
    from pipelines.stages.tell.sending import tell

    for sent in tell(settings, night):
        if sent.trouble:
            yield f"not told: receiver {sent.receiver}: {sent.trouble}"
    instance.add_run_tags(run_id, told(run_id, night.status))


def _events(instance: dg.DagsterInstance, run_id: str) -> list[dg.DagsterEvent]:
    """All that is recorded of a run, in order."""
    return [e.dagster_event for e in instance.all_logs(run_id) if e.dagster_event]


def broken_off(events: Sequence[dg.DagsterEvent], failed: dg.DagsterEvent | None) -> list[str]:
    """A sentence for a run that ended without a step's failure: the step that began and did not
    end, and what is known of why. `failed` is the run's own failure, where it is told already."""
    ended = {e.step_key for e in events if e.event_type in _ENDS}
    begun = [e.step_key for e in events if e.event_type is dg.DagsterEventType.STEP_START]
    at = [step for step in begun if step and step not in ended]
    where = at[-1] if at else "before the first step"
    data = failed.event_specific_data if failed else None
    if data is not None and (error := getattr(data, "error", None)):
        return [f"{where}: {_deepest(error)}"]
    # what was seen of the process says more than that the run failed
    said = [e.message or "" for e in events if e.event_type is dg.DagsterEventType.ENGINE_EVENT]
    seen = [message for message in said if _ENDED.search(message)]
    why = seen[-1] if seen else failed.message if failed else None
    return [f"{where}: 进程被终止 / its process was ended" + (f": {why}" if why else "")]


def _deepest(error: Any) -> str:
    """What the first of an error's causes says, of Dagster's record of it."""
    while error.cause is not None:
        error = error.cause
    return str(error.message).strip()


@dg.run_failure_sensor(
    name="killed_runs_are_told",
    minimum_interval_seconds=30,
    monitor_all_code_locations=True,  # runs of the command line belong to none
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="失败告知 / Tells people of a night that failed without telling them itself: one "
    "that was killed, or that did not get the warehouse (docs/alerts.md). Each once.",
)
def killed_runs_are_told(context: dg.RunFailureSensorContext) -> dg.SkipReason | None:
    """Names the step at which the run ended."""
    run = context.dagster_run
    if WHOLE not in run.tags or is_told(run):
        return dg.SkipReason("a part, or a run that has told of itself")
    from pipelines.stages.tell.news import NightTold

    settings = load_settings()
    events = _events(context.instance, run.run_id)
    errors = sentences(events)
    if errors and run.tags.get(TRIGGER) == COMMAND_LINE:
        return dg.SkipReason("the command tells when its run has ended; only a killed one cannot")
    errors = errors or broken_off(events, context.failure_event)
    ended = NightTold("failed", published_release(settings), errors)
    troubles = list(_told(settings, context.instance, run.run_id, ended))
    return dg.SkipReason("; ".join([*errors, *troubles]))
