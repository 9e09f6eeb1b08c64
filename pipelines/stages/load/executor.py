"""Who does work that is handed out, as the load knows them: one method.

Here is the one that needs nothing, threads of this process; `workers` are processes of this
machine. Tasks of a cluster that sees the same folders are another: what is handed out needs nothing
beside itself and those folders, and goes through `pickle`, as its result does. What is handed out
to whom is `sharing`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar

from pipelines.reading.ahead import in_turn

T = TypeVar("T")
R = TypeVar("R")

#: While one file is settled another is read, which keeps two cores busy.
_THREADS, _IN_HAND = 2, 8


@dataclass(frozen=True)
class Lost:
    """In place of a result: whatever was given the item came to its end. `told` says how."""

    told: str


class Executor(Protocol):
    """Does work that is handed out."""

    def map(self, work: Callable[[T], R], items: Iterable[T], /) -> Generator[R | Lost, None, None]:
        """`work`, a function of a module, of each item, in the order of the items.

        Raises what `work` raised. Whoever closes it waits for the items in hand.
        """
        ...


class Threads:
    """Threads of this process, two at a time."""

    def map(self, work: Callable[[T], R], items: Iterable[T], /) -> Generator[R | Lost, None, None]:
        """As `Executor.map`; nothing is lost here but with this process."""
        with ThreadPoolExecutor(_THREADS, thread_name_prefix="load") as pool:
            try:
                yield from in_turn(pool, work, items, _IN_HAND)
            finally:
                pool.shutdown(cancel_futures=True)
