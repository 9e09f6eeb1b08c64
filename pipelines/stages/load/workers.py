"""Processes of this machine that take work, an item at a time each; one that dies costs no other.

Which item a process was at when it died is known, so that item goes to another process, and one
that ends every process it is given to is told of as such. What the work is, and when processes are
worth their start, is said elsewhere.
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from queue import LifoQueue
from threading import Lock
from typing import Any, TypeVar

from pipelines.reading.ahead import in_turn
from pipelines.settings import PROJECT_ROOT
from pipelines.stages.load.executor import Lost

T = TypeVar("T")
R = TypeVar("R")

#: Processes that may die at one item before it is given up: one may have been killed by chance.
TRIES = 3
_WORKER = "pipelines.stages.load.worker"
_MOMENT = 10  # seconds in which one that is to end may do so by itself
_IN_HAND = 4  # items for each process that are handed out beyond the one whose turn it is


class Workers:
    """So many processes, each started when there is an item for it, until `end`."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._threads = max((os.cpu_count() or 1) // count, 1)
        # the last that was idle is taken first, so that few items start few processes
        self._idle: LifoQueue[_Process | None] = LifoQueue()
        for _ in range(count):
            self._idle.put(None)
        self._taking = Lock()  # who takes them all is not to wait for another who does

    def map(self, work: Callable[[T], R], items: Iterable[T], /) -> Generator[R | Lost, None, None]:
        """`work`, a function of a module, of each item, in the order of the items.

        Raises what `work` raised. Whoever stops asking waits for the items in hand.
        """
        with ThreadPoolExecutor(self._count, thread_name_prefix="hand out") as hands:
            try:
                yield from in_turn(hands, partial(self._done, work), items, _IN_HAND * self._count)
            finally:
                hands.shutdown(cancel_futures=True)

    def end(self) -> None:
        """Ends the processes, once they have done what they have in hand."""
        for _ in range(self._count):
            if process := self._idle.get():
                process.end()

    def _done(self, work: Callable[[T], R], item: T) -> R | Lost:
        status = 0
        for count in range(1, TRIES + 1):
            with self._taken(is_alone=count == TRIES) as processes:
                process = processes[0] = processes[0] or _Process(self._threads)
                try:
                    is_done, answer = process.ask((work, item))
                except (EOFError, OSError, pickle.UnpicklingError):
                    status, processes[0] = process.end(), None
                    continue
            if is_done:
                return answer  # type: ignore[no-any-return] # what `work` returned there
            raise answer
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return Lost(f"{TRIES} processes in turn ended over it, the last with {how}")

    @contextmanager
    def _taken(self, *, is_alone: bool) -> Iterator[list[_Process | None]]:
        """An idle process, or room for one; with `is_alone` all of them, so that no other works.

        What was killed for want of memory may live where it has the machine to itself.
        """
        with self._taking if is_alone else nullcontext():
            taken = [self._idle.get() for _ in range(self._count if is_alone else 1)]
        try:
            yield taken
        finally:
            for process in taken:
                self._idle.put(process)


class _Process:
    """A process that answers one question after another; it ends where this one does."""

    def __init__(self, threads: int) -> None:
        env = os.environ | {
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "POLARS_MAX_THREADS": os.environ.get("POLARS_MAX_THREADS", str(threads)),
        }
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", _WORKER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=PROJECT_ROOT,
            env=env,
        )
        if self._process.stdin is None or self._process.stdout is None:
            raise TypeError("pipes were asked for")
        self._to, self._from = self._process.stdin, self._process.stdout
        try:
            pickle.load(self._from)  # noqa: S301 - from our own process
        except EOFError:
            raise ChildProcessError(f"a worker ended as it began, status {self.end()}") from None

    def ask(self, question: object) -> tuple[bool, Any]:
        """Whether it was done, and the answer, else what was raised.

        Raises EOFError, OSError or UnpicklingError if the process died meanwhile.
        """
        asked = pickle.dumps(question, pickle.HIGHEST_PROTOCOL)
        self._to.write(asked)
        self._to.flush()
        is_done, answer = pickle.load(self._from)  # noqa: S301 - from our own process
        return is_done, answer

    def end(self) -> int:
        """Ends it; its status."""
        for pipe in (self._to, self._from):
            with suppress(OSError):  # what could not be written to one that died
                pipe.close()
        try:
            return self._process.wait(_MOMENT)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
