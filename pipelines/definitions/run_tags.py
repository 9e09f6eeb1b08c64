"""What a run's tags say: who began it, what was new, what came of it.

The list of runs in Dagster's pages shows them, and can be narrowed by each. One place, so that a
word greps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

import dagster as dg

from pipelines.stages.load.load import Loaded

#: `whole` or `days`: a run that is to publish. Where it is missing nobody is told of the run.
WHOLE = "juandi/refresh"
#: What began it: the schedule, the sensor, a backfill, the command line, or a person in the pages.
TRIGGER = "juandi/trigger"
COMMAND_LINE = "command line"
#: What the sensor saw: how many files of which kind, which, and which of them are late.
ASKED, FILES, LATE = "juandi/asked", "juandi/files", "juandi/late"
#: What the run read: files, by source, with their days.
NEW = "juandi/new"
#: The release that it made, and the day up to which that knows.
RELEASE, AS_OF = "juandi/release", "juandi/as_of"
#: That people were told how it ended, and of which run: one that is taken again inherits its tags.
TOLD = "juandi/told"

_MOST = 5


def tag(context: dg.AssetExecutionContext, **tags: object) -> None:
    """Adds tags to the run of a step; `juandi/` goes before each name."""
    context.instance.add_run_tags(
        context.run.run_id, {f"juandi/{name}": str(value) for name, value in tags.items()}
    )


def begun(run: dg.DagsterRun) -> dict[str, str]:
    """The tags of a run that begins: who began it; of one that is taken again, no results yet."""
    is_again, is_retry = run.parent_run_id is not None, "dagster/retry_number" in run.tags
    results = {name: "—" for name in (NEW, AS_OF, RELEASE) if is_again and name in run.tags}
    if TRIGGER in run.tags and not is_again:
        return results
    by = "backfill" if "dagster/backfill" in run.tags else "by hand"
    return {**results, TRIGGER: "retry" if is_retry else by}


def told(run_id: str, status: str) -> dict[str, str]:
    """The tag of a run of which people were told."""
    return {TOLD: f"{status} {run_id[:8]}"}


def is_told(run: dg.DagsterRun) -> bool:
    """Whether people were told of this very run."""
    return run.tags.get(TOLD, "").endswith(run.run_id[:8])


def few(words: Iterable[str]) -> str:
    """The first of them in order, and how many more there are."""
    every = sorted(set(words))
    more = len(every) - _MOST
    return "; ".join(every[:_MOST]) + (f"; +{more}" if more > 0 else "")


def words_of(loads: Iterable[Loaded]) -> str:
    """What was read: `3 files: campaigns 1; tencent_donations 2 (2024-08-02 … 2024-08-03)`."""
    taken = list(loads)
    days: dict[str, list[date | None]] = defaultdict(list)
    for loaded in taken:
        days[loaded.receipt.source].append(loaded.outcome.partition)
    told = few(f"{source} {len(of)}{_range(of)}" for source, of in days.items())
    count = f"{len(taken)} file" + ("" if len(taken) == 1 else "s")
    return f"{count}: {told}" if told else count


def _range(days: Iterable[date | None]) -> str:
    known = sorted({day for day in days if day})
    if not known:
        return ""
    return f" ({known[0]}" + (f" … {known[-1]}" if len(known) > 1 else "") + ")"
