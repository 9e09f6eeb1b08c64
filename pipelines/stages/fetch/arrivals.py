"""Files that lie at places of this machine and have not been pulled as they are.

Only folders are looked at: asking a server every minute would cost it more than it brings, and a
night asks them all.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from pipelines.settings import Settings, config_of
from pipelines.stages.receive.arrivals import Arrival, arrival, newest_days

if TYPE_CHECKING:
    from pipelines.stages.fetch.declared import FolderPull

_SECONDS = 20.0  # a folder may be mounted from elsewhere, and hang


def offered(settings: Settings, now: datetime) -> list[Arrival]:
    """Every such file; none of a place that cannot be listed, which the night will tell.

    `now` is a Beijing instant. Raises SettingsError.
    """
    if not config_of(settings, "pull"):
        return []
    from pipelines.stages.fetch.declared import FolderPull, declared_pulls

    folders = [pull for pull in declared_pulls(settings) if isinstance(pull, FolderPull)]
    if not folders:
        return []
    newest = newest_days(settings)
    return [found for pull in folders for found in _of_folder(settings, pull, now, newest)]


def _of_folder(
    settings: Settings, pull: FolderPull, now: datetime, newest: dict[str, date]
) -> list[Arrival]:
    from pipelines.stages.fetch.fetch import connected
    from pipelines.stages.fetch.offers import within
    from pipelines.stages.fetch.rules import PullFailed
    from pipelines.stages.fetch.state import PullState

    state = PullState(settings, pull.name, pull.source)
    try:
        remote = within(_SECONDS, lambda: connected(pull, now))
        offers = within(_SECONDS, lambda: remote.listing(state)).offers
        remote.close()
    except PullFailed:
        return []
    return [
        arrival(
            pull.source,
            f"{pull.source}/{pull.name}/{offer.name}",
            f"{pull.name} {offer.name} {offer.version}",
            newest,
            offer.name in state.known,
        )
        for offer in offers
        if not state.has(offer.name, offer.version)
    ]
