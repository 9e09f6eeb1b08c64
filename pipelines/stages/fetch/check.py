"""Each pull tried without taking anything: can it be reached, and what lies there?

For a person who sets one up; the night asks nothing here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from pipelines.settings import BEIJING, Settings
from pipelines.stages.fetch.declared import Pull, declared_pulls
from pipelines.stages.fetch.fetch import connected
from pipelines.stages.fetch.offers import Offered, Remote, within
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.fetch.secrets import quiet_libraries
from pipelines.stages.fetch.state import PullState, received_paths


@dataclass(frozen=True)
class PullSeen:
    """What a try of one pull saw. `rule_id` is None where all is well.

    `files`: that fit; `new`: of them not fetched yet, or changed; `newest`: by the server's clock.
    """

    pull: str
    source: str
    kind: str
    place: str
    is_reachable: bool = False
    is_authenticated: bool = False
    files: int = 0
    new: int = 0
    refused: int = 0
    newest: datetime | None = None
    newest_name: str | None = None
    rule_id: str | None = None
    said: str | None = None


def check_pulls(settings: Settings, now: datetime | None = None) -> Iterator[PullSeen]:
    """Tries every declared pull, one after another. Raises SettingsError."""
    moment = now or datetime.now(BEIJING)
    received = received_paths(settings) if settings.archive.is_dir() else frozenset()
    with quiet_libraries():
        for pull in declared_pulls(settings):
            yield _tried(settings, pull, moment, received)


def _tried(settings: Settings, pull: Pull, now: datetime, received: frozenset[str]) -> PullSeen:
    about = PullSeen(pull.name, pull.source, pull.kind, pull.place)
    state = PullState(settings, pull.name, pull.source, received)
    remote: Remote | None = None
    try:
        remote = connected(pull, now)
        found = within(pull.minutes * 60, lambda: remote.listing(state))
        if pull.kind in {"http", "sql"}:
            _answer(remote, found)
    except PullFailed as failed:
        rule = failed.rule.rule_id
        unreached = {"pull.unreachable", "pull.host_key", "pull.secret", "pull.library"}
        reached = rule not in unreached
        said = failed.reason
        known = reached and rule not in {"pull.not_authenticated", "pull.busy"}
        return replace(about, is_reachable=reached, is_authenticated=known, rule_id=rule, said=said)
    finally:
        if remote is not None:
            remote.close()
    return _seen(about, found, state)


def _answer(remote: Remote, found: Offered) -> None:
    """An interface shows what it is only when it is asked: the newest answer is begun."""
    if found.offers:
        next(iter(remote.read(found.offers[-1], 0)), None)


def _seen(about: PullSeen, found: Offered, state: PullState) -> PullSeen:
    dated = [offer for offer in found.offers if offer.modified]
    newest = max(dated, key=lambda offer: str(offer.modified), default=None)
    new = [offer for offer in found.offers if not state.has(offer.name, offer.version)]
    first = found.refused[0] if found.refused else None
    return replace(
        about,
        is_reachable=True,
        is_authenticated=True,
        files=len(found.offers),
        new=len(new),
        refused=len(found.refused),
        newest=newest.modified.astimezone(BEIJING) if newest and newest.modified else None,
        newest_name=newest.name if newest else None,
        rule_id=first.rule.rule_id if first else None,
        said=f"{first.name}: {first.reason}" if first else None,
    )
