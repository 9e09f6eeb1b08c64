"""Releases whose tables lie beside their file, for tests: published, and read from elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from pipelines.publishing.releases import Release
from pipelines.settings import Settings
from pipelines.stages.publish.publish import publish
from tests.publishing.builds import make_build, passing

READ = """
import duckdb, sys
with duckdb.connect(sys.argv[1], read_only=True) as release:
    print(*release.execute("SELECT min(n), max(n), count(*) FROM star.fact_donation").fetchone())
"""


def number(settings: Settings, n: int, rows: int = 10) -> Release:
    """Publishes a release that holds a number."""
    return publish(settings, make_build(settings, n, rows), passing())


def part_files(settings: Settings) -> list[Path]:
    """All that lie in the warehouse."""
    return sorted(settings.releases.rglob("*.parquet"))


def read_elsewhere(file: Path, cwd: Path, python: str = sys.executable) -> tuple[int, str, str]:
    """An analyst's process that opens a file from another folder: status, rows, error."""
    done = subprocess.run(
        [python, "-c", READ, str(file)], cwd=cwd, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout.strip(), done.stderr
