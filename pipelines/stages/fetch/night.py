"""The pull as a night begins it: nothing, where no place is declared.

The libraries that pulling needs are no part of a small installation, and take a moment to import.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pipelines.settings import BEIJING, Settings, config_of
from pipelines.stages.fetch.faults import PullFault, PullOutcome, remember_faults


@dataclass
class FetchReport:
    """The outcome of every pull, and what could not be pulled as it is remembered."""

    pulls: list[PullOutcome] = field(default_factory=list)
    faults: list[PullFault] = field(default_factory=list)

    @property
    def new(self) -> int:
        """Files that are new in landing."""
        return sum(len(pull.new) for pull in self.pulls)


def fetch_declared(settings: Settings, now: datetime | None = None) -> FetchReport:
    """Fetches what is new of every declared pull into landing, and remembers what failed.

    `now` is a Beijing instant. The caller holds the warehouse. Raises SettingsError.
    """
    moment = now or datetime.now(BEIJING)
    pulls: list[PullOutcome] = []
    if config_of(settings, "pull"):
        from pipelines.stages.fetch.fetch import fetch

        pulls = fetch(settings, moment)
    return FetchReport(pulls, remember_faults(settings, pulls, moment))
