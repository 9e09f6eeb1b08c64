"""The night's pull: every declared place side by side, what is new of each into landing.

What fails is told and holds up nothing else: a file its place's other files not, a place no other.
A file is in landing whole or not at all; receiving it from there is `receive`'s.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from pipelines.publishing.machine import FULL, condition
from pipelines.settings import Settings
from pipelines.stages.fetch.declared import (
    FolderPull,
    HttpPull,
    Pull,
    S3Pull,
    SftpPull,
    SqlPull,
    declared_pulls,
)
from pipelines.stages.fetch.faults import PullOutcome
from pipelines.stages.fetch.offers import Offer, Remote, within
from pipelines.stages.fetch.placing import Placing, gather, place
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.fetch.secrets import quiet_libraries
from pipelines.stages.fetch.state import Fetched, PullState, received_paths
from pipelines.stages.fetch.trees import Tree
from pipelines.stages.store.bytes_kept import hash_of

if TYPE_CHECKING:
    import tenacity

T = TypeVar("T")

_AT_ONCE = 4
_LONGEST_PAUSE = 120.0


def connected(pull: Pull, now: datetime) -> Remote:
    """The place of a pull. Raises PullFailed."""
    try:
        match pull:
            case FolderPull() | SftpPull() | S3Pull():
                return Tree(pull)
            case HttpPull():
                from pipelines.stages.fetch.web import Web

                return Web(pull, now.date())
            case SqlPull():
                from pipelines.stages.fetch.queries import Database

                return Database(pull, now.date())
    except ImportError as error:
        raise PullFailed("pull.library", str(error.name)) from None


def fetch(settings: Settings, now: datetime) -> list[PullOutcome]:
    """Fetches what is new of every declared pull into landing. Raises SettingsError.

    `now` is a Beijing instant. The caller holds the warehouse.
    """
    pulls = declared_pulls(settings)
    settings.landing.mkdir(parents=True, exist_ok=True)
    received = received_paths(settings)
    with quiet_libraries(), ThreadPoolExecutor(_AT_ONCE, "fetch") as pool:
        return list(pool.map(lambda pull: _Fetching(settings, pull, now, received).run(), pulls))


class _Fetching:
    """One pull under way."""

    def __init__(
        self, settings: Settings, pull: Pull, now: datetime, received: frozenset[str]
    ) -> None:
        self._settings, self._pull, self._now = settings, pull, now
        self._received = received
        self._outcome = PullOutcome(pull.name, pull.source, pull.place)
        self._deadline = time.monotonic() + pull.minutes * 60
        self._remote: Remote | None = None
        self._fruitless = 0  # tries since one that got on
        self._reached = 0  # bytes of the file in hand, at most

    def run(self) -> PullOutcome:
        """Whatever happens is in the outcome."""
        outcome = self._outcome
        try:
            self._all()
        except PullFailed as failed:
            outcome.failed.append(failed)
        except ImportError as error:
            outcome.failed.append(PullFailed("pull.library", str(error.name)))
        except Exception as error:  # noqa: BLE001 - law 4: it hurts this source alone
            found = condition(error)
            rule = "pull.no_room" if found is FULL else "pull.unexpected"
            outcome.failed.append(PullFailed(rule, type(error).__name__))
        finally:
            self._let_go()
        return outcome

    def _all(self) -> None:
        outcome, pull = self._outcome, self._pull
        state = PullState(self._settings, pull.name, pull.source, self._received)
        placing = Placing(self._settings, pull.source, pull.name)
        listing = self._persistently(
            lambda: within(self._left(), lambda: self._connected().listing(state))
        )
        outcome.offered = len(listing.offers)
        outcome.failed += listing.refused
        for offer in listing.offers:
            try:
                self._one(offer, state, placing)
            except PullFailed as failed:
                if failed.is_of_the_whole:
                    raise
                outcome.failed.append(failed.of(offer.name))
        placing.tidy()
        if not outcome.failed:
            state.well(self._now.isoformat(timespec="seconds"))

    def _one(self, offer: Offer, state: PullState, placing: Placing) -> None:
        if state.has(offer.name, offer.version) and state.is_kept(offer.name):
            self._outcome.unchanged += 1
            return
        target = placing.target(offer.name)
        got = self._persistently(self._reading(offer, placing))
        part = placing.part(got)
        size, sha256 = part.stat().st_size, hash_of(part)
        if not size and not self._is_file():
            part.unlink()
            if not got.may_be_empty:
                raise PullFailed("pull.empty")
            self._outcome.empty += 1
        elif place(part, target, got.modified):
            self._outcome.new.append(got.name)
            self._outcome.bytes += size
        else:
            self._outcome.unchanged += 1
        state.remember(got.name, Fetched(got.version, sha256, size))

    def _is_file(self) -> bool:
        """Whether files are pulled as they are: an empty one is the reader's to refuse."""
        pull = self._pull
        return pull.kind != "sql" and not (isinstance(pull, HttpPull) and pull.pages)

    def _reading(self, offer: Offer, placing: Placing) -> Callable[[], Offer]:
        """One try at a file: gives what was read, which is newer where it changed meanwhile."""
        current, has_changed = offer, False

        def read() -> Offer:
            nonlocal current, has_changed
            if has_changed:
                current = self._connected().again(current)
                has_changed = False
            try:
                self._whole(current, placing)
            except PullFailed as failed:
                has_changed = failed.rule.rule_id == "pull.changed"
                raise
            return current

        return read

    def _whole(self, offer: Offer, placing: Placing) -> None:
        """Reads on from where the part ends, until it is whole. Raises PullFailed."""
        if offer.size is not None and offer.size > self._pull.max_bytes:
            raise PullFailed("pull.too_large", f"{offer.size} > {self._pull.max_bytes}")
        placing.check_room(offer.size)
        remote, part = self._connected(), placing.part(offer)
        start = part.stat().st_size if part.exists() else 0
        if start and (not offer.can_resume or (offer.size is not None and start > offer.size)):
            part.unlink()
            start = 0
        try:
            if offer.size is None or start < offer.size or not start:
                gather(part, remote.read(offer, start), self._pull.max_bytes, self._check_time)
            self._checked(offer, placing)
        except PullFailed as failed:
            if failed.rule.rule_id in {"pull.changed", "pull.checksum", "pull.pages"}:
                part.unlink(missing_ok=True)
            elif part.exists() and offer.can_resume and part.stat().st_size > self._reached:
                self._reached, self._fruitless = part.stat().st_size, 0  # it got on
            raise

    def _checked(self, offer: Offer, placing: Placing) -> None:
        """Whether a part is all of what was offered, and that has not changed meanwhile."""
        remote, part = self._connected(), placing.part(offer)
        size = part.stat().st_size
        if remote.again(offer).version != offer.version:
            raise PullFailed("pull.changed")
        if offer.size is not None and size != offer.size:
            if size > offer.size:
                part.unlink()
            raise PullFailed("pull.length", f"{size} of {offer.size}")
        remote.check_end(offer, size)
        if offer.checksum_at and isinstance(remote, Tree):
            told = remote.checksum(offer)
            if hash_of(part, "md5" if len(told) == 32 else "sha256") != told:
                raise PullFailed("pull.checksum")

    def _connected(self) -> Remote:
        if self._remote is None:
            self._remote = connected(self._pull, self._now)
        return self._remote

    def _let_go(self) -> None:
        if self._remote is not None:
            self._remote.close()
            self._remote = None

    def _left(self) -> float:
        return max(self._deadline - time.monotonic(), 0.0)

    def _check_time(self) -> None:
        if not self._left():
            raise PullFailed("pull.slow", f"{self._pull.minutes:g} min")

    def _persistently(self, act: Callable[[], T]) -> T:
        """`act()`, again after a pause where what failed may pass; a try that got on is no try.

        Ends in any case with the pull's time. Raises the last PullFailed.
        """
        import tenacity

        self._fruitless = self._reached = 0

        def ends(state: tenacity.RetryCallState) -> bool:
            self._fruitless += 1
            return self._fruitless >= self._pull.attempts or state.upcoming_sleep > self._left()

        tries = tenacity.Retrying(
            retry=tenacity.retry_if_exception(
                lambda error: isinstance(error, PullFailed) and error.is_passing
            ),
            wait=self._pause,
            stop=ends,
            before_sleep=lambda _: self._let_go(),
            reraise=True,
        )
        self._check_time()
        done: T = tries(self._tried, act)
        return done

    def _tried(self, act: Callable[[], T]) -> T:
        self._outcome.tries += 1
        return act()

    def _pause(self, state: tenacity.RetryCallState) -> float:
        """Twice as long each time, and never the same for two: or as long as the server asks."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.wait if isinstance(error, PullFailed) else 0.0
        grown = self._pull.first_wait * 2.0**self._fruitless
        own = random.uniform(0.5, 1.0) * min(grown, _LONGEST_PAUSE)  # noqa: S311 - no secret
        return max(asked, own)
