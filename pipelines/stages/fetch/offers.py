"""What a place offers, in one form for all kinds of places.

How each kind is asked is the business of `trees` (folders, SFTP, object storage), `web` (HTTP) and
`queries` (SQL); what becomes of an offer, of `fetch`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from threading import Thread
from typing import Protocol, TypeVar

from pipelines.stages.fetch.declared import ByDay
from pipelines.stages.fetch.rules import PullFailed

T = TypeVar("T")


@dataclass(frozen=True)
class Offer:
    """A file that is offered, or that an answer will make.

    `version` changes whenever the bytes do; None where that is known only by reading them.
    `can_resume`: reading may begin in the middle. `may_be_empty`: no rows are nothing wrong.
    """

    name: str  # its path below the pull's folder, with /
    at: str  # what it is called there
    size: int | None = None
    modified: datetime | None = None
    version: str | None = None
    can_resume: bool = False
    may_be_empty: bool = False
    day: date | None = None  # what is asked for, of an answer
    checksum_at: str | None = None  # of a file beside it


@dataclass
class Offered:
    """The offers, and what was seen and cannot be taken."""

    offers: list[Offer] = field(default_factory=list)
    refused: list[PullFailed] = field(default_factory=list)
    passed_over: int = 0  # files of other patterns, endings or days


class Remote(Protocol):
    """A place that is connected. Every method may raise PullFailed; none shows a secret."""

    def listing(self, landed: Landed) -> Offered:
        """What is there to take."""

    def read(self, offer: Offer, start: int) -> Iterator[bytes]:
        """Its bytes from `start` on. Raises PullFailed (`pull.changed`) where it is another now."""

    def again(self, offer: Offer) -> Offer:
        """It as it is offered now: another version where it has changed."""

    def check_end(self, offer: Offer, size: int) -> None:
        """Raises PullFailed (`pull.length`) where there is more of it than was said."""

    def close(self) -> None:
        """Lets go of the connection."""


class Landed(Protocol):
    """What is known of a pull's files so far."""

    def names(self) -> frozenset[str]:
        """Names that are in landing or were received from it, and answers known to be empty."""


def within(seconds: float, call: Callable[[], T]) -> T:
    """`call()`, or PullFailed if it takes longer.

    Libraries' own time limits do not cover a server that accepts and then says nothing. The thread
    that still waits for it is left behind, and ends with the process at the latest.
    """
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(call())
        except BaseException as error:  # noqa: BLE001 - raised to the caller
            answer.set_exception(error)

    Thread(target=run, daemon=True, name="pull-call").start()
    try:
        return answer.result(timeout=seconds)
    except TimeoutError:
        if answer.done():  # what was called had a time limit of its own
            raise
        raise PullFailed("pull.unreachable", f"no answer within {seconds:g} s") from None


def due(pull: ByDay, landed: Landed, today: date) -> Iterator[tuple[str, date]]:
    """What to ask for now: (stem of the file's name, day), oldest first.

    By day: every day from `first_day` to yesterday that has no file yet, and the last `again` days.
    Since: today's file, of what is new since the newest file of an earlier day. All: today's file
    of a dated source; of a register always the same.
    """
    from pipelines.sources import SOURCES

    names = landed.names()
    stems = {name.rpartition("/")[2].partition(".")[0] for name in names}
    if pull.asks == "all":
        dated = SOURCES[pull.source].dated
        yield (f"{pull.name}-{today:%Y%m%d}" if dated else pull.name), today
        return
    first = pull.first_day or today
    if pull.asks == "since":
        days = [day for stem in stems if (day := _day_of(stem, pull.name)) and day < today]
        yield f"{pull.name}-{today:%Y%m%d}", max([first, *days])
        return
    for number in range((today - first).days):
        day = first + timedelta(days=number)
        stem = f"{pull.name}-{day:%Y%m%d}"
        if stem not in stems or (today - day).days <= pull.again:
            yield stem, day


def _day_of(stem: str, name: str) -> date | None:
    try:
        return datetime.strptime(stem.removeprefix(f"{name}-"), "%Y%m%d").date()  # noqa: DTZ007 - a day
    except ValueError:
        return None
