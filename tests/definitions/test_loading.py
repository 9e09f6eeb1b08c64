"""A load begun before its run: followed to the end, broken off with it, and heard when it fails."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from pipelines.definitions import loading
from pipelines.definitions.loading import Loading
from pipelines.settings import Settings
from pipelines.sources import SOURCES


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an empty warehouse."""
    return Settings(warehouse=tmp_path, landing=tmp_path)


def test_every_source_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the registry's order, after each of its files."""

    def load_source(_: Settings, source: Any, on_file: Any) -> list[str]:
        on_file(source.name)
        return [source.name]

    monkeypatch.setattr(loading, "load_source", load_source)
    heard: list[Any] = []
    with ThreadPoolExecutor(1) as pool:
        told = [(s.name, x) for s, x in Loading(settings, pool).follow(heard.append)]
    assert heard == list(SOURCES)
    assert told == [(name, [name]) for name in SOURCES]


def test_what_the_load_raises_is_raised_to_the_step(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load_source(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(loading, "load_source", load_source)
    with ThreadPoolExecutor(1) as pool, pytest.raises(OSError, match="No space"):
        list(Loading(settings, pool).follow(print))


def test_a_run_that_is_broken_off_stops_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the file in hand, and not after all of them."""
    begun, go, files = Event(), Event(), []

    def load_source(_: Settings, source: Any, on_file: Any) -> list[str]:
        begun.set()
        assert go.wait(30)
        files.append(source.name)
        on_file(source.name)
        return []

    monkeypatch.setattr(loading, "load_source", load_source)
    with ThreadPoolExecutor(1) as pool:
        under_way = Loading(settings, pool)
        assert begun.wait(30)
        under_way.stop()
        go.set()
    assert files == [next(iter(SOURCES))]
