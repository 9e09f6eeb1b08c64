"""Among whom the files of a load are shared out, and when workers are worth their start.

A worker takes most of a second to start, so a night with a few files is read by this process.
Which files are due and what becomes of an outcome is `load`'s; reading one is `read_file`'s.
"""

from __future__ import annotations

import os
import re
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from functools import partial
from itertools import groupby
from types import TracebackType

from pipelines.reading.refusals import FileRefused
from pipelines.settings import BEIJING, MIB, Settings, SettingsError, config_of
from pipelines.stages.load.executor import Executor, Lost, Threads
from pipelines.stages.load.read_file import FileRead, Handed, cleared, out_of_lake, read_handed
from pipelines.stages.load.stretches import LONG, read_in_stretches
from pipelines.stages.load.workers import Workers
from pipelines.stages.store.receipts import Outcome

#: So many files waiting at once are worth the start of workers, where there are so many cores: of
#: two, this process keeps both busy by itself.
MANY, CORES = 1_000, 4
#: Bytes of the memory limit that a worker needs: of more than its share of them none is started.
SHARE = 800 * MIB
_UNITS = {"": 1, "K": 1000, "M": 1000**2, "G": 1000**3, "T": 1000**4}


def workers_asked_for(settings: Settings) -> int:
    """By the command or a variable, else by `[load]` of `juandi.toml`; 0 where nobody says.

    Raises SettingsError.
    """
    table = config_of(settings, "load")
    if unknown := sorted(table.keys() - {"workers"}):
        raise SettingsError(f"{settings.config}: load.{unknown[0]} is not known; it knows workers")
    found = table.get("workers", 0)
    if not isinstance(found, int) or isinstance(found, bool) or found < 0:
        raise SettingsError(f"{settings.config}: load.workers is to be a number of processes")
    return settings.load_workers or found


def workers_affordable(settings: Settings) -> int:
    """As many as there are cores, and as the memory limit has shares for; 1 of few cores."""
    cores = settings.threads or os.cpu_count() or 1
    if cores < CORES:
        return 1
    told = re.fullmatch(r"\s*([\d.]+)\s*([KMGT]?)i?B?\s*", settings.memory_limit, re.IGNORECASE)
    if told is None:  # a share of the machine's memory, as DuckDB takes it
        return cores
    return min(cores, int(float(told[1]) * _UNITS[told[2].upper()]) // SHARE)


class Sharing:
    """Reads files, alone or with workers, which stay until the end of this context.

    `executor` does it in any case, if the caller has one.
    """

    def __init__(self, settings: Settings, executor: Executor | None = None) -> None:
        self._asked, self._most = workers_asked_for(settings), workers_affordable(settings)
        self._executor = executor
        self._workers: Workers | None = None
        self._apart: Workers | None = None

    def __enter__(self) -> Sharing:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for them in (self._workers, self._apart):
            if them is not None:
                them.end()

    def read(self, files: Sequence[Handed]) -> Generator[FileRead, None, None]:
        """What reading each gave, in their order. Raises what ends the night."""
        longest = max((file.receipt.bytes for file in files), default=0)
        executor = self._among(len(files), longest)
        for (by, is_long), some in groupby(files, key=partial(self._by_whom, executor)):
            if not is_long:
                yield from _each(by, list(some))
                continue
            for file in some:
                read = read_in_stretches(file, by)
                yield from _each(by, [file]) if read is None else [read]

    def _among(self, files: int, longest: int) -> Executor:
        """Nobody else, unless workers were asked for, are there already or are worth starting."""
        if self._executor is not None:
            return self._executor
        is_much = files >= MANY or longest >= LONG
        count = self._asked or (self._most if is_much or self._workers else 1)
        if count < 2:
            return Threads()
        self._workers = self._workers or Workers(count)
        return self._workers

    def _by_whom(self, executor: Executor, file: Handed) -> tuple[Executor, bool]:
        """Who reads a file, and whether several do so together."""
        if not isinstance(executor, Threads):
            return executor, file.receipt.bytes >= LONG
        if not file.has_ended_readers:
            return executor, False
        self._apart = self._apart or Workers(1)  # it is not to end this process
        return self._apart, False


def _each(executor: Executor, files: Sequence[Handed]) -> Iterator[FileRead]:
    with closing(executor.map(read_handed, files)) as reads:
        for file, read in zip(files, reads, strict=True):
            yield _refused(file, read) if isinstance(read, Lost) else read


def _refused(file: Handed, lost: Lost) -> FileRead:
    """A file that ends whoever reads it hurts itself only; nothing of it is left on disk. Others of
    the machine may have taken the memory, so that is not the last word on it."""
    cleared(file.settings, file.receipt)
    out_of_lake(file.settings, file.receipt)
    refusal = FileRefused("file.unreadable", lost.told).reason
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    outcome = Outcome(partition=file.receipt.partition, refusal=refusal, loaded_at=now)
    return FileRead(outcome, [], is_final=False)
