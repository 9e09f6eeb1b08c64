"""dbt's project as a plan for the night, made once for a project and not every night.

dbt takes some 20-30 ms a node to find macros, render Jinja and word events before DuckDB hears of
it: of 430 nodes most of a small night. The texts only change with the project, so set-up has dbt
compile it (`dbt_compiler`) and keeps that under `dbt_project/target/prepared`. Where the project is
another by now, a refresh does so itself, in its own build zone.

dbt runs in a process of its own: it takes 300 MB, and changes settings of the interpreter.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

from pipelines.settings import DBT_PROJECT, PROJECT_ROOT, Settings

#: Where set-up leaves what it prepared; a refresh only reads it.
PREPARED = DBT_PROJECT / "target" / "prepared"

#: dbt's description of the project, and the fingerprint of what it was made from.
MANIFEST, _STAMP = "manifest.json", "made-from"

_PARTS = ("*.sql", "*.yml", "*.csv", "*.md")
_NOT_PROJECT = {"target", "logs"}

#: The code that prepares, beside this.
_COMPILER = "pipelines.stages.build.dbt_compiler"
_CODE = tuple(Path(__file__).with_name(name) for name in ("dbt_compiler.py", "statements.py"))


class ProjectError(RuntimeError):
    """dbt could not compile its project; the message is dbt's."""


def dbt_target(settings: Settings) -> Path:
    """Where a warehouse keeps what was prepared of a project that set-up did not prepare."""
    return settings.build / "dbt"


def fingerprint(project: Path = DBT_PROJECT) -> str:
    """Changes when any file of the project, dbt itself with its adapter, or the compiler does."""
    tools = " ".join(version(name) for name in ("dbt-core", "dbt-adapters", "dbt-duckdb"))
    digest = hashlib.sha256(tools.encode())
    for code in _CODE:
        digest.update(code.read_bytes())
    for path in sorted(p for part in _PARTS for p in project.rglob(part)):
        inner = path.relative_to(project)
        if inner.parts[0] not in _NOT_PROJECT:
            digest.update(f"\n{inner.as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepared(settings: Settings) -> Path:
    """The folder with manifest, statements and seeds of the project as it is, made if need be.

    Raises ProjectError with dbt's message.
    """
    now, own = fingerprint(), dbt_target(settings)
    for folder in (PREPARED, own):
        if _stamp(folder) == now:
            return folder
    prepare(own, now)
    return own


def _stamp(folder: Path) -> str | None:
    try:
        return (folder / _STAMP).read_text(encoding="utf-8")
    except OSError:
        return None


def prepare(folder: Path, stamp: str, project: Path = DBT_PROJECT) -> None:
    """Has dbt compile `project` into `folder`, in a process. Raises ProjectError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _STAMP).unlink(missing_ok=True)
    told = subprocess.run(  # noqa: S603 - our own module
        [sys.executable, "-m", _COMPILER, str(folder), str(project)],
        cwd=PROJECT_ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DO_NOT_TRACK": "1"},
    )  # fmt: skip
    if told.returncode:
        raise ProjectError(told.stderr.strip() or f"dbt ended with status {told.returncode}")
    (folder / _STAMP).write_text(stamp, encoding="utf-8")


if __name__ == "__main__":
    prepare(PREPARED, fingerprint())
