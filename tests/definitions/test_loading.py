"""A pull and a load begun before their run: followed to the end, broken off with it, and heard."""

from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines.definitions import loading
from pipelines.definitions.loading import Loading, Pulling
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.stages.receive.pull import PullReport


def loaded(number: int) -> Any:
    """What a load tells of a file."""
    return SimpleNamespace(receipt=SimpleNamespace(received_no=number))


def ended(settings: Settings, pool: ThreadPoolExecutor) -> Pulling:
    """A pull of an empty landing folder."""
    pulling = Pulling(settings, pool)
    assert not pulling.brings_news()
    return pulling


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an empty warehouse."""
    return Settings(warehouse=tmp_path, landing=tmp_path)


def test_every_source_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the registry's order, after each of its files."""

    numbers = count()

    def load_source(_: Settings, source: Any, on_file: Any, due: Any, **_more: Any) -> list[str]:
        on_file(loaded(next(numbers)))
        return [source.name]

    monkeypatch.setattr(loading, "load_source", load_source)
    heard: list[Any] = []
    told: list[tuple[str, Any]]
    with ThreadPoolExecutor(2) as pool:
        pulling = ended(settings, pool)
        told = [(s.name, x) for s, x in Loading(settings, pool, pulling).follow(heard.append)]
    assert [loaded.receipt.received_no for loaded in heard] == list(range(len(SOURCES)))
    assert told == [(name, [name]) for name in SOURCES]


def test_what_the_load_raises_is_raised_to_the_step(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_source(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loading, "load_source", load_source)
    with ThreadPoolExecutor(2) as pool, pytest.raises(OSError, match="No space"):
        list(Loading(settings, pool, ended(settings, pool)).follow(print))


def test_a_run_that_is_broken_off_stops_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the file in hand, and not after all of them."""
    begun, go, files = Event(), Event(), []

    def load_source(_: Settings, source: Any, on_file: Any, due: Any, **_more: Any) -> list[str]:
        begun.set()
        assert go.wait(30)
        files.append(source.name)
        on_file(loaded(len(files)))
        return []

    monkeypatch.setattr(loading, "load_source", load_source)
    with ThreadPoolExecutor(2) as pool:
        under_way = Loading(settings, pool, ended(settings, pool))
        assert begun.wait(30)
        under_way.stop()
        go.set()
    assert files == [next(iter(SOURCES))]


def test_files_are_read_while_others_are_received(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pull ends only when the load has read its first file; the second is read all the same."""
    received: list[int] = []
    read = Event()
    told: list[tuple[Any, Any]]

    def pull(_: Settings, on_new: Any) -> PullReport:
        for number in (1, 2):
            received.append(number)
            on_new(number)
            assert read.wait(30)
        return PullReport(seen=2)

    def load_source(_: Settings, source: Any, on_file: Any, due: Any, **_more: Any) -> list[int]:
        taken = received.copy() if source.name == next(iter(SOURCES)) else []
        received.clear()
        for number in taken:
            on_file(loaded(number))
            read.set()
        return taken

    monkeypatch.setattr(loading, "pull", pull)
    monkeypatch.setattr(loading, "load_source", load_source)
    with ThreadPoolExecutor(2) as pool:
        pulling = Pulling(settings, pool)
        assert pulling.brings_news()
        told = list(Loading(settings, pool, pulling).follow(lambda _: None))
    assert [loads for _, loads in told if loads] == [[1, 2]]


def test_a_file_that_is_to_be_tried_again_is_read_once_a_night(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It stays pending, and is asked for more than once while files are received."""
    read: list[int] = []
    second = Event()

    def pull(_: Settings, on_new: Any) -> PullReport:
        on_new(7)
        assert second.wait(30)
        return PullReport(seen=1)

    def load_source(of: Settings, source: Any, on_file: Any, due: Any, **_more: Any) -> list[int]:
        if source.name != next(iter(SOURCES)):
            return []
        numbers = [receipt.received_no for receipt in due(of, source)]
        for number in numbers:
            on_file(loaded(number))
        if read:
            second.set()
        read.extend(numbers)
        return numbers

    monkeypatch.setattr(loading, "pull", pull)
    monkeypatch.setattr(loading, "load_source", load_source)
    for due in ("news", "pending"):
        monkeypatch.setattr(loading, due, lambda *_: [loaded(7).receipt])
    told: list[tuple[Any, Any]]
    with ThreadPoolExecutor(2) as pool:
        told = list(Loading(settings, pool, Pulling(settings, pool)).follow(lambda _: None))
    assert read == [7]
    assert [loads for _, loads in told if loads] == [[7]]


def test_a_pull_that_fails_ends_the_load(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was received is read; the pull's own step raises what it raised."""

    def pull(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loading, "pull", pull)
    monkeypatch.setattr(loading, "load_source", lambda *_, **__: [])
    with ThreadPoolExecutor(2) as pool:
        pulling = Pulling(settings, pool)
        with pytest.raises(OSError, match="No space"):
            pulling.brings_news()
        assert all(not loads for _, loads in Loading(settings, pool, pulling).follow(print))
