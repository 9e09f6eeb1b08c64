"""A warehouse held for one run: its lock taken, what was interrupted finished, its store mended.

Every run begins so, from the command line, the schedule or Dagster's pages. Knows nothing of
Dagster; what a run does then is its steps' business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipelines.publishing.beside.limits import beside_rules
from pipelines.publishing.lock import RefreshRunning, refresh_lock
from pipelines.publishing.recovering import recover
from pipelines.publishing.releases import newest_release
from pipelines.settings import Settings
from pipelines.stages.build.inputs import Inputs, settled_hash
from pipelines.stages.load.keys import held_key
from pipelines.stages.load.unnaming import unname
from pipelines.stages.publish.publish import let_releases_go
from pipelines.stages.receive.forgetting import check_cases
from pipelines.stages.store.healing import Healed, heal


@contextmanager
def held(
    settings: Settings,
    before_reading: Callable[[Healed], None] | None = None,
    *,
    patience: float = 0,
    on_wait: Callable[[RefreshRunning], None] | None = None,
) -> Iterator[Healed]:
    """The warehouse, alone, and what its store mended or could not.

    `before_reading` hears of that before the pseudonym key is looked at. Raises RefreshRunning
    where another run holds the warehouse, at once or after `patience` seconds (`refresh_lock`);
    SettingsError where the key is lost or another one, or [publishing] cannot be meant.
    """
    beside_rules(settings)  # asked for when a night is over: it is to be told now
    with refresh_lock(settings, patience, on_wait):
        recovered = recover(settings)
        healed = heal(settings)
        healed.is_published_again = settings.published in recovered
        if before_reading is not None:
            before_reading(healed)
        key = held_key(settings)
        check_cases(settings, key)
        gone = unname(settings, key)
        healed.forgotten = len(gone.read_again) + len(gone.rewritten)
        let_releases_go(settings)
        yield healed


def is_unchanged(settings: Settings, inputs: Inputs | None = None) -> bool:
    """True where a release made now of what was received would be the newest one again.

    One that was rolled back is not made again. Without `inputs` a file still to be read is news.
    """
    last = newest_release(settings)
    if last is None or last.inputs_hash is None:
        return False
    return last.inputs_hash == (inputs.hash if inputs else settled_hash(settings))
