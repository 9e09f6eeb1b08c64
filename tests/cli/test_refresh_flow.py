"""Whole refreshes through the command: published, nothing new, blocked, rebuilt, locked out.

One warehouse, used in the order of the tests; each line of a person's script is a process.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.cli.console import Exit
from pipelines.publishing.lock import refresh_lock
from pipelines.publishing.releases import list_releases, published_release
from pipelines.settings import PROJECT_ROOT, Settings

pytestmark = [pytest.mark.flow, pytest.mark.timeout(1200)]

Run = Callable[..., tuple[int, dict[str, Any], str]]


def tree(folder: Path) -> set[str]:
    """Every file below `folder` that is no cache of the interpreter or of a tool."""
    ignored = {".git", ".venv", ".cache", ".tools", "__pycache__", "warehouse"}
    ignored |= {".pytest_cache", ".mypy_cache", ".ruff_cache", ".hypothesis"}
    found: set[str] = set()
    for here, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if name not in ignored]
        found |= {str((Path(here) / name).relative_to(folder)) for name in files}
    return found


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home, a place for temporary files, and the warehouse."""
    folder = tmp_path_factory.mktemp("flow")
    for name in ("home", "tmp"):
        (folder / name).mkdir()
    return folder


@pytest.fixture(scope="module")
def settings(place: Path) -> Settings:
    """Of the warehouse in `place`."""
    return Settings(warehouse=place / "warehouse", landing=place / "warehouse" / "landing")


@pytest.fixture(scope="module")
def juandi(place: Path) -> Run:
    """Runs the command with `--json`: (exit status, its document, stderr)."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("JUANDI_", "DAGSTER_", "XDG_"))}
    env |= {
        "HOME": str(place / "home"),
        "TMPDIR": str(place / "tmp"),
        "JUANDI_WAREHOUSE": str(place / "warehouse"),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(*arguments: str) -> tuple[int, dict[str, Any], str]:
        done = subprocess.run(
            [sys.executable, "-m", "pipelines.cli.main", *arguments, "--json"],
            env=env,
            cwd=place,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.returncode, json.loads(done.stdout), done.stderr

    return run


@pytest.fixture(scope="module")
def first(juandi: Run, place: Path) -> dict[str, Any]:
    """The document of the demo that fills the warehouse; nothing outside of it is written."""
    before = tree(PROJECT_ROOT)
    status, told, said = juandi("demo", "--scale", "0.01")
    assert status == Exit.DONE, told
    assert said == ""
    assert tree(PROJECT_ROOT) == before
    assert [p for folder in ("home", "tmp") for p in (place / folder).iterdir()] == []
    return told


def test_the_demo_publishes(first: dict[str, Any], settings: Settings) -> None:
    """Everything is accounted for, and the release stands."""
    release = published_release(settings)
    assert release is not None
    assert first["status"] == "published"
    assert first["release"]["release_id"] == release.release_id
    assert first["gates"]["error"] == 0
    gifts = first["sources"]["tencent_donations"]
    parts = ("loaded", "quarantined", "duplicate", "superseded")
    assert gifts["rows_read"] == sum(gifts[f"rows_{part}"] for part in parts) > 2_000
    assert gifts["rows_quarantined"] > 0
    assert set(first) == {
        *("status", "exit_code", "seconds", "phases", "release", "files", "sources"),
        *("refused", "held", "store", "left", "gates", "findings", "errors", "goes_on_from"),
        *("pulls", "pull_faults"),
    }
    steps = ["pull", "prepare", "load", "build", "models", "gates", "publish"]
    assert list(first["phases"]) == steps
    assert 0 < sum(first["phases"].values()) <= first["seconds"]


def test_again_nothing_is_new(first: dict[str, Any], juandi: Run, settings: Settings) -> None:
    """Says so at once, and leaves the release alone."""
    before, began = settings.published.stat(), time.monotonic()
    status, told, _ = juandi("refresh")
    assert (status, told["status"]) == (Exit.DONE, "unchanged")
    assert time.monotonic() - began < 20
    assert told["release"] == first["release"]
    assert settings.published.stat() == before
    assert juandi("demo", "--scale", "0.01")[1]["status"] == "unchanged"


def test_another_demo_is_not_mixed_in(first: dict[str, Any], juandi: Run) -> None:
    """Samples of another scale belong into another warehouse."""
    status, told, _ = juandi("demo", "--scale", "0.02")
    assert (status, told["exit_code"]) == (Exit.USAGE, Exit.USAGE)
    assert "--warehouse" in told["errors"][0]


def test_a_running_refresh_is_not_disturbed(
    first: dict[str, Any], juandi: Run, settings: Settings
) -> None:
    """Status 3, and who it is."""
    with refresh_lock(settings):
        status, told, _ = juandi("refresh")
    assert status == Exit.RUNNING
    assert f"pid {os.getpid()}" in told["errors"][0]


def test_a_critical_gate_leaves_the_last_release(
    first: dict[str, Any], juandi: Run, settings: Settings
) -> None:
    """A file that came back empty is held: not published, and it says which rule and what to do."""
    orders = settings.landing.rglob("tencent_donations/**/*捐款订单*.csv")
    path = max(orders, key=lambda p: p.stat().st_size)
    whole, when = path.read_bytes(), path.stat().st_mtime
    for encoding in ("utf-8-sig", "gb18030"):
        with suppress(UnicodeDecodeError):
            lines = whole.decode(encoding).splitlines()
            break
    heading = next(line for line in lines[:5] if "订单号" in line)
    path.write_text(f"{heading}\n", encoding="utf-8")
    os.utime(path, (when + 60, when + 60))
    status, told, _ = juandi("refresh")
    assert (status, told["status"]) == (Exit.BLOCKED, "blocked")
    failed = {f["rule_id"] for f in told["findings"] if f["severity"] == "critical"}
    assert failed == {"loaded.load_audit.no_file_held"}
    assert [held["file_name"] for held in told["held"]] == [path.name]
    assert told["release"]["release_id"] == first["release"]["release_id"]
    assert [r.release_id for r in list_releases(settings)] == [first["release"]["release_id"]]
    path.write_bytes(whole)
    os.utime(path, (when + 120, when + 120))
    status, told, _ = juandi("refresh")
    assert (status, told["status"]) == (Exit.DONE, "published")
    assert told["held"] == []


def test_a_damaged_lake_is_read_again(
    first: dict[str, Any], juandi: Run, settings: Settings
) -> None:
    """Rows that went missing from a part are made again from the archive, and it says so."""
    part = max(
        settings.lake.glob("tencent_donations/*/*/*.parquet"), key=lambda p: p.stat().st_size
    )
    rows = pl.read_parquet(part)
    rows.head(rows.height // 2).write_parquet(part)
    status, told, _ = juandi("refresh")
    assert (status, told["status"]) == (Exit.DONE, "unchanged")
    assert told["store"]
    assert pl.read_parquet(part).equals(rows)


def test_rebuilt_from_the_archive(first: dict[str, Any], juandi: Run, settings: Settings) -> None:
    """`--full` forgets the lake; the data of the new release are the first one's."""
    before = list_releases(settings)
    status, told, _ = juandi("refresh", "--full")
    assert (status, told["status"]) == (Exit.DONE, "published")
    assert told["release"]["content_hash"] == before[0].content_hash
    assert len(list_releases(settings)) == len(before) + 1 == 3
