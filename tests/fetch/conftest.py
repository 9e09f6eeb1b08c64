"""A warehouse whose `juandi.toml` a test writes, and a web server on this machine alone."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.settings import BEIJING, Settings
from pipelines.stages.fetch.night import FetchReport, fetch_declared
from tests.fetch.faulty import Faulty

NOW = datetime(2024, 8, 5, 2, 30, tzinfo=BEIJING)
#: Tries follow each other at once: the pauses have a test of their own.
QUICK = "first_wait = 0\ntimeout = 2\n"

Declare = Callable[[str], Settings]


@pytest.fixture
def declare(tmp_path: Path) -> Declare:
    """Writes `juandi.toml` of a warehouse."""

    def write(text: str) -> Settings:
        home = tmp_path / "warehouse"
        home.mkdir(exist_ok=True)
        (home / "juandi.toml").write_text(text, encoding="utf-8")
        return Settings(warehouse=home, landing=home / "landing")

    return write


@pytest.fixture
def faulty() -> Iterator[Faulty]:
    """A web server that does what it is told to, wrong or right."""
    server = Faulty()
    try:
        yield server
    finally:
        server.stop()


def pulled(settings: Settings, now: datetime = NOW) -> FetchReport:
    """One night's pull."""
    return fetch_declared(settings, now)


def landed(settings: Settings) -> dict[str, bytes]:
    """Path below landing → bytes of every file that a night would receive."""
    return {
        path.relative_to(settings.landing).as_posix(): path.read_bytes()
        for path in sorted(settings.landing.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.parts)
    }


def rules(report: FetchReport) -> list[tuple[str, str]]:
    """(file, rule) of everything that could not be pulled."""
    return [(fault.file_name, fault.rule_id) for fault in report.faults]


def free_port() -> int:
    """A port of the loopback that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
