"""dbt's manifest, made again only when the project has changed.

`dbt parse` takes seconds, and the graph is loaded often. What dbt *runs* is no business of this
module.
"""

from __future__ import annotations

import hashlib
import shutil
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.settings import DBT_PROJECT, Settings
from pipelines.stages.dbt_process import DbtProcess
from pipelines.stages.models import MANIFEST, PARSE_CACHE, ModelsFailed, dbt_target

#: Where set-up leaves what it parsed; a refresh only reads it.
PARSED = DBT_PROJECT / "target" / "parsed"
_STAMP = "manifest.made-from"

_PARTS = ("*.sql", "*.yml", "*.csv", "*.md")
_NOT_PROJECT = {"target", "logs"}


class ManifestError(RuntimeError):
    """dbt could not parse its project; the message is dbt's."""


def fingerprint(project: Path = DBT_PROJECT) -> str:
    """Changes when any file of the project, or dbt itself with its adapter, does."""
    tools = " ".join(version(name) for name in ("dbt-core", "dbt-adapters", "dbt-duckdb"))
    digest = hashlib.sha256(tools.encode())
    for path in sorted(p for part in _PARTS for p in project.rglob(part)):
        inner = path.relative_to(project)
        if inner.parts[0] not in _NOT_PROJECT:
            digest.update(f"\n{inner.as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepared_manifest(settings: Settings, process: DbtProcess | None = None) -> Path:
    """dbt's manifest, made first if it is absent or older than the project.

    Taken from what set-up has parsed, if that is of this very project; else parsed by `process`,
    or by one made for it. Raises ManifestError with dbt's message when it cannot be parsed.
    """
    target, now = dbt_target(settings), fingerprint()
    if not _is_of(target, now) and _is_of(PARSED, now):
        _copy(PARSED, target, now)
    if _is_of(target, now):
        if process is not None:
            process.recall()
        return target / MANIFEST
    try:
        if process is not None:
            process.parse()
        else:
            with DbtProcess(settings) as own:
                own.parse()
    except ModelsFailed as error:
        raise ManifestError(str(error)) from error
    (target / _STAMP).write_text(now, encoding="utf-8")
    return target / MANIFEST


def _is_of(folder: Path, project: str) -> bool:
    files = (folder / name for name in (MANIFEST, PARSE_CACHE, _STAMP))
    return all(f.exists() for f in files) and (folder / _STAMP).read_text("utf-8") == project


def _copy(parsed: Path, into: Path, project: str) -> None:
    into.mkdir(parents=True, exist_ok=True)
    (into / _STAMP).unlink(missing_ok=True)
    for name in (MANIFEST, PARSE_CACHE):
        shutil.copyfile(parsed / name, into / name)
    (into / _STAMP).write_text(project, encoding="utf-8")


def parse_for_setup() -> None:
    """Parses the project once for all warehouses, as set-up compiles the libraries."""
    with TemporaryDirectory() as scratch:
        settings = Settings(warehouse=Path(scratch), landing=Path(scratch))
        prepared_manifest(settings)
        _copy(dbt_target(settings), PARSED, fingerprint())


if __name__ == "__main__":
    parse_for_setup()
