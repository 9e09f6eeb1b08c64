"""dbt's manifest, made again only when the project has changed.

`dbt parse` takes seconds, and the graph is loaded often. What dbt *runs* is no business of this
module.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from pipelines.settings import DBT_PROJECT, Settings
from pipelines.stages.dbt_process import DbtProcess
from pipelines.stages.models import ModelsFailed, dbt_target

_PARTS = ("*.sql", "*.yml", "*.csv", "*.md")
_NOT_PROJECT = {"target", "logs"}


class ManifestError(RuntimeError):
    """dbt could not parse its project; the message is dbt's."""


def fingerprint(project: Path = DBT_PROJECT) -> str:
    """Changes when any file of the project, or dbt itself, does."""
    digest = hashlib.sha256(version("dbt-core").encode())
    for path in sorted(p for part in _PARTS for p in project.rglob(part)):
        inner = path.relative_to(project)
        if inner.parts[0] not in _NOT_PROJECT:
            digest.update(f"\n{inner.as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepared_manifest(settings: Settings, process: DbtProcess | None = None) -> Path:
    """dbt's manifest, parsed first if it is absent or older than the project.

    By `process` if one runs already, else by one made for it. Raises ManifestError with dbt's
    message when the project cannot be parsed.
    """
    target = dbt_target(settings)
    manifest, stamp = target / "manifest.json", target / "manifest.made-from"
    now = fingerprint()
    if manifest.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == now:
        return manifest
    try:
        if process is not None:
            process.parse()
        else:
            with DbtProcess(settings) as own:
                own.parse()
    except ModelsFailed as error:
        raise ManifestError(str(error)) from error
    stamp.write_text(now, encoding="utf-8")
    return manifest
