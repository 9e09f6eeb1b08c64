"""What is tried again within a run, and after how long.

Only a file that another program holds is worth waiting for. A place that cannot be reached has its
own tries (`stages.fetch`); a gate's verdict, a model that fails or a full disk would be the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from pipelines.definitions.night import Night
from pipelines.publishing.machine import LOCKED, condition

TRIES = 3
_FIRST_WAIT = 10  # seconds; each is three times the one before


@contextmanager
def tried_again(context: dg.AssetExecutionContext, night: Night) -> Iterator[None]:
    """Has Dagster take the step again where a file was held; not where work was begun ahead of it,
    for that has ended."""
    try:
        yield
    except Exception as error:
        if night.ahead is not None or condition(error) is not LOCKED:
            raise
        wait = _FIRST_WAIT * 3**context.retry_number
        context.log.warning(f"tried again in {wait} s: {LOCKED.sentence} [{error}]")
        raise dg.RetryRequested(max_retries=TRIES, seconds_to_wait=wait) from error
