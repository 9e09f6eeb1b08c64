"""`[retention]` as a whole, but for Dagster's runs: what would go, and letting it go.

Releases first: what a release that goes was the last to count may then go with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pipelines.publishing.beside.parts import parts_folder
from pipelines.publishing.releases import (
    Release,
    delete_releases,
    kept_file,
    list_releases,
    published_release,
    releases_to_go,
    report_files,
)
from pipelines.settings import Settings
from pipelines.stages.retain.due import DueFiles, due_files
from pipelines.stages.retain.letting_go import complete, let_go
from pipelines.stages.standing.values import Standing


@dataclass
class Retained:
    """Releases that go, with their bytes, and received files; `completed` were begun before."""

    releases: list[tuple[Release, int]] = field(default_factory=list)
    files: DueFiles = field(default_factory=DueFiles)
    completed: int = 0

    @property
    def bytes(self) -> int:
        """What is given back in all."""
        return sum(size for _, size in self.releases) + self.files.bytes


def plan(settings: Settings) -> Retained:
    """What would go now; nothing is changed. Raises SettingsError."""
    return Retained(_old_releases(settings), due_files(settings))


def _old_releases(settings: Settings) -> list[tuple[Release, int]]:
    going = releases_to_go(settings, list_releases(settings), published_release(settings))
    return [(release, _release_bytes(settings, release)) for release in going]


def _release_bytes(settings: Settings, release: Release) -> int:
    files = (
        kept_file(settings, release.release_id),
        *report_files(settings, release.release_id),
    )
    parts = parts_folder(settings, release.release_id).rglob("*")
    return sum(path.stat().st_size for path in (*files, *parts) if path.is_file())


def apply(settings: Settings, standings: Sequence[Standing] | None = None) -> Retained:
    """Lets it go, under the lock that the caller holds. Raises SettingsError, OSError.

    `standings` of all that was received, where the caller has just looked.
    """
    completed = complete(settings) if settings.archive.is_dir() else 0
    going = _old_releases(settings)
    delete_releases(settings, [release for release, _ in going])
    files = due_files(settings, standings)
    if files.due:
        let_go(settings, files.due)
    return Retained(going, files, completed)
