"""Work done before its result is asked for, to keep the cores busy: an item ahead, or several."""

from __future__ import annotations

import queue
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def in_turn(
    pool: Executor, work: Callable[[T], R], items: Iterable[T], at_once: int
) -> Iterator[R]:
    """`work` of each item, in the order of the items; no more than `at_once` are in hand.

    An item is asked for when there is room for it. Raises what `work` raised.
    """
    running: deque[Future[R]] = deque()
    for item in items:
        running.append(pool.submit(work, item))
        if len(running) == at_once:
            yield running.popleft().result()
    while running:
        yield running.popleft().result()


def ahead(items: Iterable[T]) -> Iterator[T]:
    """`items`, computed one ahead in a thread. Exceptions from there are raised here."""
    ready: queue.Queue[T | BaseException | None] = queue.Queue(1)
    stop = threading.Event()

    def put(item: T | BaseException | None) -> bool:
        while not stop.is_set():
            try:
                ready.put(item, timeout=0.1)
            except queue.Full:
                continue
            return True
        return False

    def read() -> None:
        try:
            for item in items:
                if not put(item):
                    return
            put(None)
        except BaseException as error:  # noqa: BLE001 - passed to the consumer and raised there
            put(error)

    worker = threading.Thread(target=read, daemon=True)
    worker.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        worker.join()
