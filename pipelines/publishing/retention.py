"""`[retention]` of `juandi.toml`: how much of what the warehouse keeps may go, by age and by count.

    [retention]
    releases = { keep = 7, days = 60 }
    runs = { keep = 200, days = 90 }
    lake = { days = 90 }
    quarantine = { days = 180 }
    archive = { days = 730, keep = 3 }

`days`: nothing younger goes. `keep`: so many of the newest stay however old they are. With both,
a thing goes only where both let it. What is not named is kept for ever, but for releases, of
which `JUANDI_KEEP_RELEASES` stay. What may go at all is decided where it lies, and why is told in
docs/decisions/retention.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pipelines.settings import BEIJING, Settings, SettingsError, config_of

_Thing = TypeVar("_Thing")


@dataclass(frozen=True)
class KeepRule:
    """How much of a kind is kept: nothing younger than `days`, and `count` of the newest."""

    days: int | None = None
    count: int | None = None

    @property
    def words(self) -> str:
        """As it stands in the file."""
        told = [f"{n} = {v}" for n, v in (("keep", self.count), ("days", self.days)) if v]
        return f"{{ {', '.join(told)} }}"


@dataclass(frozen=True)
class Retention:
    """The rules that are set; None: all is kept (of releases: as many as the settings say)."""

    releases: KeepRule | None = None
    runs: KeepRule | None = None
    lake: KeepRule | None = None
    quarantine: KeepRule | None = None
    archive: KeepRule | None = None


def retention(settings: Settings) -> Retention:
    """The rules of a warehouse. Raises SettingsError for what cannot be meant."""
    told = config_of(settings, "retention")
    known = [field.name for field in fields(Retention)]
    if unknown := sorted(told.keys() - set(known)):
        raise SettingsError(
            f"{settings.config}: [retention] {unknown[0]} is not known; it knows {known}"
        )
    return Retention(**{name: _rule(settings, name, value) for name, value in told.items()})


def _rule(settings: Settings, name: str, value: Any) -> KeepRule:
    where = f"{settings.config}: [retention] {name}"
    if not isinstance(value, dict) or not value or value.keys() - {"days", "keep"}:
        raise SettingsError(f"{where} is to be as {{ days = 90, keep = 3 }}, one of them or both")
    for word, number in value.items():
        if not isinstance(number, int) or isinstance(number, bool) or number < 1:
            raise SettingsError(f"{where}: {word} is to be a whole number of at least 1")
    return KeepRule(value.get("days"), value.get("keep"))


def let_go_by(rule: KeepRule, things: Sequence[tuple[_Thing, datetime]]) -> list[_Thing]:
    """Of `things` with their times (Beijing wall clock), newest first, those the rule lets go."""
    now = datetime.now(BEIJING).replace(tzinfo=None)
    until = now - timedelta(days=rule.days) if rule.days else None
    return [
        thing
        for thing, at in things[rule.count or 0 :]
        if until is None or at.replace(tzinfo=None) < until
    ]
