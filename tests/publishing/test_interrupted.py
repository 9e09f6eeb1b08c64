"""Law 2: a crash, a kill -9 or a full disk at any step leaves the last release as it was."""

from __future__ import annotations

import errno
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pipelines.publishing import files
from pipelines.publishing.files import UNFINISHED
from pipelines.publishing.recovering import recover
from pipelines.publishing.releases import (
    Release,
    delete_releases,
    list_releases,
    published_release,
)
from pipelines.publishing.switching import rollback
from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.stages.publish.publish import publish
from tests.publishing.builds import make_build, passing, published_number
from tests.publishing.conftest import Publish

MOST_STEPS = 50
#: Of the build, the copy (twice), and the two folders of the move.
WRITES_BEFORE_THE_SWITCH = 5


@contextmanager
def _killer(settings: Settings) -> Iterator[Callable[[int], int]]:
    """Publishes number 2 and dies before the given step; gives the exit code."""
    command = [sys.executable, "-m", "tests.publishing.builds", str(settings.warehouse)]
    command += [settings.largest_table] if settings.largest_table else []
    with subprocess.Popen(
        command, cwd=PROJECT_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        stdin, stdout = server.stdin, server.stdout
        assert stdin is not None
        assert stdout is not None

        def publish_and_die(step: int) -> int:
            stdin.write(f"2 {step}\n")
            stdin.flush()
            return int(stdout.readline())

        yield publish_and_die
        stdin.close()


def _no_leftovers(settings: Settings) -> None:
    left = [p for p in settings.warehouse.rglob("*") if UNFINISHED in p.name]
    assert left == []
    assert list(settings.build.glob("*.duckdb*")) == []
    folders = {p.name for p in settings.releases.iterdir() if p.is_dir()}
    beside = {r.release_id for r in list_releases(settings) if settings.largest_table}
    assert folders == beside


@pytest.mark.parametrize("largest_table", [None, "0"], ids=["inside", "beside"])
def test_kill_nine_at_every_step(settings: Settings, largest_table: str | None) -> None:
    """Readers see the old release or the new one; the next start clears up; the next publish works.

    Every call that touches the disk is a step: the process is really killed before each in turn.
    """
    settings = replace(settings, largest_table=largest_table)

    def publish_number(number: int) -> Release:
        return publish(settings, make_build(settings, number), passing())

    first = publish_number(1)
    survived = 0
    switched: list[int] = []
    with _killer(settings) as publish_and_die:
        for step in range(MOST_STEPS):
            code = publish_and_die(step)
            seen = published_number(settings)
            assert seen is not None
            switched.append(seen)
            recover(settings)
            _no_leftovers(settings)
            assert published_number(settings) == seen
            assert published_release(settings) in list_releases(settings)
            assert len(list_releases(settings)) == seen
            if code == 0:
                survived = step
                break
            assert code == -signal.SIGKILL
            rollback(settings, first.release_id)
            delete_releases(settings, [r for r in list_releases(settings) if r != first])
    assert survived > 8, "the publish has fewer steps than it needs"
    assert switched == sorted(switched)
    assert switched[0] == 1
    assert switched[-1] == 2
    publish_number(3)
    assert published_number(settings) == 3


@pytest.mark.parametrize("after", range(8))
def test_a_full_disk(
    settings: Settings, publish_number: Publish, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """ENOSPC at any write: readers and kept releases are as they were, or it is done."""
    publish_number(1)
    build = make_build(settings, 2)
    calls = 0

    def full(function: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > after:
                raise OSError(errno.ENOSPC, "No space left on device")
            return function(*args, **kwargs)

        return call

    monkeypatch.setattr(os, "fsync", full(os.fsync))
    monkeypatch.setattr(os, "copy_file_range", full(os.copy_file_range))
    if after < WRITES_BEFORE_THE_SWITCH:
        with pytest.raises(OSError, match="No space"):
            publish(settings, build, passing())
    else:
        publish(settings, build, passing())
    monkeypatch.undo()
    assert published_number(settings) == (1 if after < WRITES_BEFORE_THE_SWITCH else 2)
    recover(settings)
    _no_leftovers(settings)
    assert published_release(settings) in list_releases(settings)
    publish_number(3)
    assert published_number(settings) == 3


def test_a_half_written_copy_is_not_seen(
    settings: Settings, publish_number: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk fills when half of the copy is written: nothing is left of it."""
    publish_number(1)
    build = make_build(settings, 2)

    def half(source: Path, target: Path) -> None:
        target.write_bytes(source.read_bytes()[: source.stat().st_size // 2])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(files, "copy_bytes", half)
    with pytest.raises(OSError, match="No space"):
        publish(settings, build, passing())
    assert published_number(settings) == 1
    assert settings.release_db.exists()
    assert [p for p in settings.warehouse.rglob("*") if UNFINISHED in p.name] == []
    with pytest.raises(OSError, match="No space"):
        rollback(settings, list_releases(settings)[0].release_id)
    assert published_number(settings) == 1


@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs RLIMIT_FSIZE")
def test_a_real_limit_on_file_size(settings: Settings, publish_number: Publish) -> None:
    """The operating system itself refuses the bytes, in DuckDB's checkpoint or in the copy."""
    publish_number(1)
    code = (
        "import resource, signal, sys; from pathlib import Path;"
        "from tests.publishing.builds import *;"
        "folder = Path(sys.argv[1]);"
        "s = Settings(warehouse=folder, landing=folder, keep_releases=3);"
        "b = make_build(s, 2, 2_000_000);"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "n = s.release_db.stat().st_size // 2;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (n, n));"
        "publish(s, b, passing())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(settings.warehouse)],
        cwd=PROJECT_ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "too large" in done.stderr.lower()
    assert published_number(settings) == 1
    recover(settings)
    _no_leftovers(settings)
    publish_number(3)
    assert published_number(settings) == 3


def test_recover_completes_what_readers_already_see(
    settings: Settings, publish_number: Publish
) -> None:
    """Killed between the switch and its record: the release is kept, not lost."""
    release = publish_number(1)
    kept = settings.releases / f"{release.release_id}.duckdb"
    kept.rename(files.unfinished(kept))
    assert list_releases(settings) == []
    recover(settings)
    assert list_releases(settings) == [release]


def test_recover_clears_what_did_not_fit_into_memory(
    settings: Settings, publish_number: Publish
) -> None:
    """A killed build leaves a folder beside its database, and a refresh must begin all the same."""
    publish_number(1)
    spilled = settings.work_db.with_name(settings.work_db.name + ".tmp")
    spilled.mkdir(parents=True)
    (spilled / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"half a hash table")
    recover(settings)
    assert not spilled.exists()
    assert published_number(settings) == 1


def test_recover_on_an_empty_warehouse(settings: Settings) -> None:
    """There is nothing to do, and no folder is needed."""
    assert recover(settings) == []


def test_a_copy_without_the_kernels_help(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no copy_file_range the bytes are the same."""
    source = tmp_path / "a"
    source.write_bytes(os.urandom(3_000_000))
    assert files.prepare_copy(source, tmp_path / "b").read_bytes() == source.read_bytes()
    monkeypatch.delattr(os, "copy_file_range", raising=False)
    assert files.prepare_copy(source, tmp_path / "c").read_bytes() == source.read_bytes()
