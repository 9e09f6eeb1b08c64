"""A published file opens in DuckDB 1.4.0: analysts' tools lag behind ours."""

from __future__ import annotations

import subprocess
import sys
import venv
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, Settings
from pipelines.stages.publish.publish import publish
from tests.publishing.builds import make_build, passing
from tests.publishing.conftest import Publish

VERSION = "1.4.0"
CACHE = PROJECT_ROOT / ".cache" / f"duckdb-{VERSION}"
PYTHON = CACHE / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

READ = """
import duckdb, sys
assert duckdb.__version__ == sys.argv[2], duckdb.__version__
with duckdb.connect(sys.argv[1], read_only=True) as connection:
    print(connection.execute("SELECT max(n) FROM star.fact_donation").fetchone()[0])
    print(connection.execute("SELECT count(*) FROM ops.releases").fetchone()[0])
    print(connection.execute("SELECT count(comment) FROM duckdb_columns()"
                             " WHERE table_name = 'gate_results'").fetchone()[0] > 5)
"""


def _runs(*command: str | Path) -> bool:
    if not PYTHON.exists():
        return False
    done = subprocess.run([str(c) for c in command], capture_output=True, check=False, timeout=240)
    return done.returncode == 0


@pytest.fixture(scope="module")
def old_python() -> Path:
    """A Python with the old DuckDB, made once and kept in the repository's cache folder."""
    if not _runs(PYTHON, "-c", "import duckdb"):
        venv.create(CACHE, with_pip=True, clear=True)
        once = ("--quiet", "--retries", "1", "--timeout", "20")
        if not _runs(PYTHON, "-m", "pip", "install", *once, f"duckdb=={VERSION}"):
            pytest.skip(f"duckdb {VERSION} cannot be installed: no package registry is reachable")
    return PYTHON


def test_a_published_file_opens_in_the_old_version(
    old_python: Path, settings: Settings, publish_number: Publish
) -> None:
    """Data, history and comments."""
    publish_number(7)
    done = subprocess.run(
        [str(old_python), "-c", READ, str(settings.published), VERSION],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["7", "1", "True"]


def test_what_lies_beside_it_too(old_python: Path, settings: Settings, tmp_path: Path) -> None:
    """From whatever folder, and from where a variable says; else it is told what to do."""
    beside = replace(settings, largest_table="0")
    publish(beside, make_build(beside, 7), passing())

    def read(code: str) -> subprocess.CompletedProcess[str]:
        command = [str(old_python), "-c", code, str(beside.published), VERSION]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)

    assert read(READ).stdout.split() == ["7", "1", "True"]
    moved = tmp_path / "moved"
    beside.warehouse.rename(moved)
    beside = replace(beside, warehouse=moved)
    assert "SET-VARIABLE-juandi_warehouse" in read(READ).stderr
    told = f"as connection:\n    connection.execute(\"SET VARIABLE juandi_warehouse = '{moved}'\")"
    assert read(READ.replace("as connection:", told)).stdout.split() == ["7", "1", "True"]


def test_the_check_notices_a_new_format(old_python: Path, tmp_path: Path) -> None:
    """A file written with our DuckDB's own default is refused by the old one."""
    import duckdb

    path = tmp_path / "new.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{path}' AS f (STORAGE_VERSION 'latest')")
        connection.execute("CREATE TABLE f.t AS SELECT 1 AS n")
    done = subprocess.run(
        [str(old_python), "-c", READ, str(path), VERSION], capture_output=True, check=False
    )
    assert done.returncode != 0
