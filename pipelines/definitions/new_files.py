"""The sensor: asks for a night when files wait to be received, once for the same files.

It looks at names, sizes and times; what becomes of the files is the night's. Off until somebody
switches it on: every release that it brings about pushes an older one out of those kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import dagster as dg

from pipelines.definitions.jobs import JOB
from pipelines.definitions.run_tags import ASKED, FILES, LATE, TRIGGER, few
from pipelines.settings import BEIJING, load_settings
from pipelines.stages.fetch.arrivals import offered
from pipelines.stages.receive.arrivals import Arrival, landed

_SEEN, _ASKED = "seen ", "asked "
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING,
]  # fmt: skip # a list


@dg.sensor(
    name="new_files",
    job_name=JOB,
    minimum_interval_seconds=60,
    default_status=dg.DefaultSensorStatus.STOPPED,
    description="新到文件 / Asks for a night when new, changed or late files lie in landing or in "
    "a pulled folder of this machine; once for the same files, and only when they were the same at "
    "two looks. docs/dagster.md.",
)
def new_files(context: dg.SensorEvaluationContext) -> dg.SensorResult | dg.SkipReason:
    """The cursor is what the last look saw, as one hash: it does not grow."""
    settings = load_settings()
    pulled = offered(settings, datetime.now(BEIJING))
    found = [*landed(settings), *pulled]
    if not found:
        return dg.SensorResult(skip_reason=dg.SkipReason("nothing waits to be received"), cursor="")
    said, key = asked_for(found), _key(found)
    if context.cursor == _ASKED + key:
        return dg.SkipReason(f"{said}: asked for before, as they are; the next night has them")
    if context.cursor != _SEEN + key:
        return dg.SensorResult(
            skip_reason=dg.SkipReason(f"{said}: asked for if they are the same at the next look"),
            cursor=_SEEN + key,
        )
    if context.instance.get_runs(dg.RunsFilter(job_name=JOB, statuses=_UNDER_WAY), limit=1):
        return dg.SkipReason(f"{said}: a night is under way, which may take them")
    request = dg.RunRequest(
        run_key=key,
        run_config={"resources": {"night": {"config": {"pull": bool(pulled)}}}},
        tags=_tags(found, said),
    )
    return dg.SensorResult(run_requests=[request], cursor=_ASKED + key)


def asked_for(found: Sequence[Arrival]) -> str:
    """`3 new, 1 changed, 1 late`; a late file is also new or changed."""
    changed = sum(f.is_changed for f in found)
    late = sum(f.is_late for f in found)
    counts = {"new": len(found) - changed, "changed": changed, "late": late}
    return ", ".join(f"{count} {kind}" for kind, count in counts.items() if count)


def _key(found: Sequence[Arrival]) -> str:
    return hashlib.sha256("\n".join(sorted(f.mark for f in found)).encode()).hexdigest()[:32]


def _tags(found: Sequence[Arrival], said: str) -> dict[str, str]:
    tags = {TRIGGER: "new files", ASKED: said, FILES: few(f.name for f in found)}
    if late := [f"{f.source} {f.day}" for f in found if f.is_late]:
        tags[LATE] = few(late)
    return tags
