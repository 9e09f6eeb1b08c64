"""Files handed out to processes: the same rows and books whoever reads them, and whoever dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest

from pipelines.publishing.machine import FULL, condition
from pipelines.settings import PROJECT_ROOT, SettingsError, load_settings
from pipelines.stages.load import read_file, workers
from pipelines.stages.load.executor import Lost, Threads
from pipelines.stages.load.faults import is_of_the_file
from pipelines.stages.load.load import load_all
from pipelines.stages.load.read_file import Handed
from pipelines.stages.load.sharing import (
    MANY,
    Sharing,
    workers_affordable,
    workers_asked_for,
)
from pipelines.stages.load.stretches import LONG
from pipelines.stages.load.workers import TRIES, Workers
from pipelines.stages.receive.pull import pull
from pipelines.stages.store.catalog import Catalog
from tests.stages import handed
from tests.stages.landings import Landing, row, table
from tests.stages.shared_out import Counted, copy, kept, load_source_of

GIFTS, TEAMS = "tencent_donations", "tencent_teams"
T = TypeVar("T")
R = TypeVar("R")


@contextmanager
def working(count: int) -> Iterator[Workers]:
    """So many workers, which are ended."""
    them = Workers(count)
    try:
        yield them
    finally:
        them.end()


@pytest.mark.parametrize("count", [1, 2])
def test_results_come_in_the_order_of_the_items(count: int) -> None:
    with working(count) as them:
        assert list(them.map(handed.doubled, range(30))) == [2 * n for n in range(30)]
        assert list(them.map(handed.doubled, [])) == []
    assert list(Threads().map(handed.doubled, range(9))) == [2 * n for n in range(9)]


def test_all_of_them_work_and_nothing_is_done_twice(tmp_path: Path) -> None:
    with working(2) as them:
        who = set(them.map(handed.noted, [(tmp_path, n) for n in range(20)]))
    assert len(who) == 2
    assert os.getpid() not in who
    done = (tmp_path / "done").read_text(encoding="utf-8").split()
    assert sorted(map(int, done)) == list(range(20))


def test_one_that_is_killed_costs_no_other_and_its_item_goes_to_another(tmp_path: Path) -> None:
    with working(2) as them:
        results = list(them.map(handed.deadly, [(tmp_path, n) for n in range(9)]))
    lost = results.pop(3)
    assert results == [0, 1, 2, 4, 5, 6, 7, 8]
    assert isinstance(lost, Lost)
    assert "signal 9" in lost.told
    who = {n: (tmp_path / str(n)).read_text(encoding="utf-8").split() for n in range(9)}
    assert [len(pids) for pids in who.values()] == [1, 1, 1, TRIES, 1, 2, 1, 1, 1]
    assert len(set(who[3])) == TRIES
    assert len(set(who[5])) == 2


def test_what_is_raised_there_is_raised_here() -> None:
    with working(2) as them:
        with pytest.raises(OSError, match="No space left") as raised:
            list(them.map(handed.full, range(3)))
        assert raised.value.errno == 28
        assert "handed.py" in raised.value.__notes__[0]
        with pytest.raises(RuntimeError, match="OddError: so odd"):
            list(them.map(handed.odd, [1]))
        assert list(them.map(handed.doubled, [4])) == [8]  # they are still there


@pytest.mark.parametrize("how", ["from", "while", "odd"])
def test_a_full_disk_is_known_by_the_cause_of_an_error(how: str) -> None:
    with working(1) as them, pytest.raises(Exception, match="not write") as raised:
        list(them.map(handed.full_within, [how]))
    assert condition(raised.value) is FULL
    assert not is_of_the_file(raised.value)


def test_what_cannot_begin_is_no_files_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "_WORKER", "pipelines.no_such_module")
    with working(1) as them, pytest.raises(ChildProcessError, match="status 1"):
        list(them.map(handed.doubled, [1]))


def test_workers_end_with_who_started_them(tmp_path: Path) -> None:
    """In the middle of a file, and though that process was killed."""
    code = (
        "import sys; from pathlib import Path; from tests.stages import handed;"
        "from pipelines.stages.load.workers import Workers;"
        "list(Workers(1).map(handed.waiting, [Path(sys.argv[1])]))"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT_ROOT) as begun:
        assert _within(60, (tmp_path / "at work").exists)
        worker = int((tmp_path / "at work").read_text(encoding="utf-8"))
        assert _is_running(worker)
        begun.kill()
    assert _within(30, lambda: not _is_running(worker))


def _within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.02)
    return holds()


def _is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2][1] != "Z"
    except OSError:
        return False


def many(root: Path) -> None:
    """Files of two sources: some the same, one refused, some with rows refused or repeated."""
    landing = Landing(root)
    for n in range(12):
        rows = [row(GIFTS, 订单号=f"1000000000000000{n:02}{i:02}") for i in range(5 + n)]
        rows += [row(GIFTS, 订单号="", 手机号="13900000000"), rows[0]]
        encoding = "gb18030" if n % 3 == 0 else "utf-8"
        landing.put(f"{GIFTS}/gifts{n:02}_20240802.csv", table(rows, encoding))
    landing.put(f"{GIFTS}/again_20240803.csv", table(rows, encoding))
    landing.put(f"{GIFTS}/odd_20240802.csv", b"\x00\x01nothing\n")
    for n in range(3):
        landing.put(f"{TEAMS}/teams_2024080{n + 1}.csv", table([row(TEAMS, 队伍编号=f"T{n:07}")]))
    pull(landing.settings)


@pytest.fixture(scope="module")
def received(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same received files for everybody who loads them: a receipt has its time."""
    root = tmp_path_factory.mktemp("received")
    many(root)
    return root


def test_what_is_kept_does_not_depend_on_who_read_it(received: Path, tmp_path: Path) -> None:
    found = []
    for count in (1, 2, 4):
        landing = copy(received, tmp_path / str(count), load_workers=count)
        loaded = load_all(landing.settings)
        assert [x.receipt.received_no for x in loaded] == list(range(1, 18))
        assert load_all(landing.settings) == []
        found.append(kept(landing))
    assert len(found[0]["files"]) > 20
    assert found[0] == found[1] == found[2]


def test_no_file_is_read_twice_though_processes_die(received: Path, tmp_path: Path) -> None:
    whole, broken = copy(received, tmp_path / "whole"), copy(received, tmp_path / "broken")
    load_all(whole.settings)
    with working(2) as them:
        counted = Counted(them, handed.read_and_die)
        shared = Sharing(broken.settings, counted)
        loaded = [
            x.receipt.received_no
            for name in (GIFTS, TEAMS)
            for x in load_source_of(broken, name, shared)
        ]
    assert loaded == list(range(1, 18))
    assert set(counted.files.values()) == {1}
    assert len(list(broken.settings.build.glob("died-*"))) == 3
    assert kept(whole) == kept(broken)


def test_a_worker_killed_from_outside_while_it_reads(tmp_path: Path) -> None:
    landing = Landing(tmp_path, pseudonym_key="k" * 32, load_workers=2, block_bytes=64 * 1024)
    rows = [row(GIFTS, 订单号=f"10000000000000{i:06}") for i in range(40_000)]
    landing.put(f"{GIFTS}/large_20240802.csv", table(rows))
    pull(landing.settings)
    killed: list[int] = []

    def kill() -> None:
        (archived,) = (p for p in (landing.settings.archive / GIFTS).iterdir() if p.is_file())
        assert _within(60, lambda: any(_has_open(p, archived) for p in _workers_of(os.getpid())))
        killed.extend(p for p in _workers_of(os.getpid()) if _has_open(p, archived))
        os.kill(killed[0], signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    (loaded,) = load_all(landing.settings)
    killer.join()
    assert killed
    assert loaded.outcome.refusal is None
    assert loaded.outcome.rows_loaded == 40_000
    assert landing.lake(GIFTS).height == 40_000


def _has_open(pid: int, file: Path) -> bool:
    """True while that process reads a file."""
    for opened in Path(f"/proc/{pid}/fd").iterdir():
        with suppress(OSError):
            if opened.readlink() == file:
                return True
    return False


def _workers_of(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task").glob("*/children")
    pids = [int(child) for path in children for child in path.read_text("ascii").split()]
    return [p for p in pids if b"load.worker" in Path(f"/proc/{p}/cmdline").read_bytes()]


def test_a_file_that_ends_whoever_reads_it_is_refused_and_the_night_goes_on(
    received: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    landing = copy(received, tmp_path / "own")

    def end(*_: Any) -> None:
        raise SystemExit

    class Deadly:
        def map(
            self, work: Callable[[T], R], items: Iterable[T], /
        ) -> Generator[R | Lost, None, None]:
            for item, read in zip(every := list(items), Threads().map(work, every), strict=True):
                is_it = isinstance(item, Handed) and item.receipt.received_no == 2
                yield Lost("3 processes in turn ended over it") if is_it else read

    load_source_of(landing, GIFTS, Sharing(landing.settings, Deadly()))
    outcomes = {n: o for n, (_, o) in Catalog(landing.settings).outcomes().items()}
    assert len(outcomes) == 14
    refusal = outcomes[2].refusal or ""
    assert refusal.startswith("file.unreadable")
    assert "3 processes in turn ended over it" in refusal
    assert [n for n, o in outcomes.items() if o.refusal] == [2, 14]
    (deadly,) = (r for r in Catalog(landing.settings).receipts() if r.received_no == 2)
    assert not list(landing.settings.warehouse.rglob(f"*{deadly.file_id}*"))  # it was read before
    # the machine may have been at fault: another night tries again
    with monkeypatch.context() as own, Sharing(landing.settings) as alone:
        own.setattr(read_file, "load_receipt", end)  # not in this process
        (again,) = load_source_of(landing, GIFTS, alone)
    assert again.receipt.received_no == 2
    assert again.outcome.refusal is None
    whole = copy(received, tmp_path / "whole")
    load_source_of(whole, GIFTS, Sharing(whole.settings))
    assert kept(landing) == kept(whole)
    assert load_source_of(landing, GIFTS, Sharing(landing.settings)) == []


def test_workers_are_started_where_that_is_worth_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default: where so many files wait, and then until the end of the load."""
    monkeypatch.setattr(os, "cpu_count", lambda: 4)
    settings = load_settings(tmp_path, env={})
    assert workers_affordable(settings) == 3  # shares of 3200 MB
    assert workers_affordable(load_settings(tmp_path, env={"JUANDI_THREADS": "2"})) == 1
    little = load_settings(tmp_path, env={"JUANDI_MEMORY_LIMIT": "1GB"})
    assert workers_affordable(little) == 1
    with Sharing(settings) as shared:
        assert isinstance(shared._among(MANY - 1, LONG - 1), Threads)
        assert isinstance(shared._among(MANY, 1), Workers)
        assert isinstance(shared._among(1, 1), Workers)
    with Sharing(settings) as shared:
        assert isinstance(shared._among(1, LONG), Workers)
    with Sharing(little) as shared:
        assert isinstance(shared._among(MANY, LONG), Threads)
    with Sharing(load_settings(tmp_path, load_workers=2, env={})) as shared:
        assert isinstance(shared._among(1, 1), Workers)
    with Sharing(load_settings(tmp_path, load_workers=1, env={})) as shared:
        assert isinstance(shared._among(1000, LONG), Threads)


def test_how_many_is_said_by_command_variable_or_settings(tmp_path: Path) -> None:
    (tmp_path / "juandi.toml").write_text("[load]\nworkers = 3\n", encoding="utf-8")
    assert workers_asked_for(load_settings(tmp_path, env={})) == 3
    assert workers_asked_for(load_settings(tmp_path, env={"JUANDI_LOAD_WORKERS": "2"})) == 2
    two = {"JUANDI_LOAD_WORKERS": "2"}
    assert workers_asked_for(load_settings(tmp_path, load_workers=4, env=two)) == 4
    assert load_settings(tmp_path, load_workers=0, env=two).load_workers == 0


@pytest.mark.parametrize("wrong", ["workers = -1", "workers = true", "workers = 'two'", "more = 1"])
def test_what_cannot_be_meant_is_told(wrong: str, tmp_path: Path) -> None:
    (tmp_path / "juandi.toml").write_text(f"[load]\n{wrong}\n", encoding="utf-8")
    with pytest.raises(SettingsError, match="load"):
        workers_asked_for(load_settings(tmp_path, env={}))
