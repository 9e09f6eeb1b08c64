"""One refresh at a time, and a lock that dies with its process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import datetime, timedelta

import pytest

from pipelines.publishing.lock import RefreshRunning, is_locked, refresh_lock
from pipelines.publishing.switching import rollback
from pipelines.settings import BEIJING, PROJECT_ROOT, Settings

HOLD = """
import sys, time
from pathlib import Path
from pipelines.publishing.lock import refresh_lock
from pipelines.settings import Settings
folder = Path(sys.argv[1])
with refresh_lock(Settings(warehouse=folder, landing=folder)):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_refresh_is_refused_and_told_who(settings: Settings) -> None:
    """Also a roll-back; after a kill -9 of the holder the lock is free at once."""
    settings.warehouse.mkdir(parents=True)
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(settings.warehouse)],
        cwd=PROJECT_ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(RefreshRunning) as refused, refresh_lock(settings):
            pass
        assert refused.value.pid == holder.pid
        assert refused.value.since is not None
        assert datetime.now(BEIJING) - refused.value.since < timedelta(minutes=1)
        assert str(holder.pid) in str(refused.value)
        with pytest.raises(RefreshRunning):
            rollback(settings, "any")
    finally:
        holder.send_signal(signal.SIGKILL)
        holder.communicate()
    with refresh_lock(settings):
        pass


def test_the_lock_is_free_after_use_and_after_an_error(settings: Settings) -> None:
    """And its note is gone with it."""
    with pytest.raises(ZeroDivisionError), refresh_lock(settings):
        _ = 1 / 0
    with refresh_lock(settings), pytest.raises(RefreshRunning) as again, refresh_lock(settings):
        pass
    assert again.value.pid == os.getpid()
    assert list(settings.warehouse.glob("*.json")) == []


def test_who_has_patience_waits(settings: Settings) -> None:
    """And hears for whom; in the end it is refused like any other."""
    heard: list[RefreshRunning] = []
    with refresh_lock(settings):
        assert is_locked(settings)
        with pytest.raises(RefreshRunning), refresh_lock(settings, 0.1, heard.append):
            pass
    assert [running.pid for running in heard] == [os.getpid()]
    assert not is_locked(settings)
    begun = threading.Event()

    def hold() -> None:
        with refresh_lock(settings):
            begun.set()
            time.sleep(0.5)

    other = threading.Thread(target=hold)
    other.start()
    assert begun.wait(30)
    with refresh_lock(settings, 30, heard.append):
        assert len(heard) == 2
    other.join()
