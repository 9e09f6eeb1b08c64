"""dbt's manifest, made again only when the project has changed.

`dbt parse` takes seconds, and the graph is loaded often. What dbt *runs* is no business of this
module.
"""

from __future__ import annotations

import hashlib
from importlib.metadata import version
from pathlib import Path

from pipelines.settings import DBT_PROJECT

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


def prepared_manifest(target: Path, project: Path = DBT_PROJECT) -> Path:
    """The manifest in `target`, parsed first if it is absent or older than the project.

    Raises ManifestError with dbt's message when the project cannot be parsed.
    """
    manifest, stamp = target / "manifest.json", target / "manifest.made-from"
    now = fingerprint(project)
    if manifest.exists() and stamp.exists() and stamp.read_text() == now:
        return manifest
    from dbt.cli.main import dbtRunner

    target.mkdir(parents=True, exist_ok=True)
    result = dbtRunner().invoke(
        [
            "--quiet",
            "--no-send-anonymous-usage-stats",
            "parse",
            *("--project-dir", str(project)),
            *("--profiles-dir", str(project)),
            *("--target-path", str(target)),
            *("--log-path", str(target / "logs")),
        ]
    )
    if not result.success:
        raise ManifestError(f"dbt cannot parse {project}: {result.exception}")
    stamp.write_text(now)
    return manifest
