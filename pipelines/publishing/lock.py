"""One refresh at a time: a lock on the warehouse that is released when its process ends.

The operating system holds the lock, so a killed refresh leaves none behind. The note beside it
says who holds it and since when; it is for information only.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout

from pipelines.settings import BEIJING, Settings


class RefreshRunning(RuntimeError):  # noqa: N818 - a state of the warehouse, not a mistake
    """Another refresh, publish or roll-back holds the warehouse.

    `pid` and `since` are None if the holder's note could not be read.
    """

    def __init__(self, pid: int | None, since: datetime | None) -> None:
        self.pid = pid
        self.since = since
        who = f"pid {pid}" if pid else "another process"
        when = since.strftime("%Y-%m-%d %H:%M:%S") if since else "?"
        super().__init__(
            f"另一次更新正在进行：{who}，开始于 {when}；请稍候再试 / "
            f"another refresh is running: {who}, since {when}; try again when it has ended"
        )


#: Seconds that who only asks (`is_locked`) may hold it.
_MOMENT = 0.2


def _note(settings: Settings) -> Path:
    return settings.lock_file.with_name(settings.lock_file.name + ".json")


def _holder(settings: Settings) -> tuple[int | None, datetime | None]:
    try:
        note = json.loads(_note(settings).read_text(encoding="utf-8"))
        return int(note["pid"]), datetime.fromisoformat(note["since"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, None  # the holder is between taking the lock and writing its note


@contextmanager
def refresh_lock(
    settings: Settings,
    patience: float = 0,
    on_wait: Callable[[RefreshRunning], None] | None = None,
) -> Iterator[None]:
    """Locks the warehouse for this process. Raises RefreshRunning at once if it is locked.

    With `patience` it is waited for, so many seconds; `on_wait` hears whom it waits for.
    """
    settings.warehouse.mkdir(parents=True, exist_ok=True)
    lock = FileLock(settings.lock_file)
    try:
        lock.acquire(timeout=_MOMENT, poll_interval=_MOMENT / 4)
    except Timeout:
        running = RefreshRunning(*_holder(settings))
        if not patience:
            raise running from None
        if on_wait is not None:
            on_wait(running)
        try:
            lock.acquire(timeout=patience, poll_interval=1)
        except Timeout:
            raise RefreshRunning(*_holder(settings)) from None
    try:
        note = {"pid": os.getpid(), "since": datetime.now(BEIJING).isoformat(timespec="seconds")}
        _note(settings).write_text(json.dumps(note), encoding="utf-8")
        yield
    finally:
        _note(settings).unlink(missing_ok=True)
        lock.release()


def is_locked(settings: Settings) -> bool:
    """Whether a process holds the warehouse now: asked of the system, for a note may be old."""
    if not settings.lock_file.exists():
        return False
    lock = FileLock(settings.lock_file)
    with suppress(Timeout):
        lock.acquire(timeout=0)
        lock.release()
        return False
    return True
