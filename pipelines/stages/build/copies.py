"""The copy of the last release with which a build begins, made while files are still being read.

Whether a build goes on from it is `base`'s to say; what it does to the copy, `build`'s.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from pipelines.publishing.files import copy_bytes, unfinished
from pipelines.publishing.releases import kept_file
from pipelines.settings import Settings
from pipelines.stages.build.going_on import Base, usable_note


def copy_ahead(settings: Settings) -> None:
    """Copies the release that a build may go on from, while files are still being read.

    A release of gigabytes takes as long to copy as files take to arrive, and waits for the disk.
    Where the build does not go on from it the copy is thrown away, and where there is none, or the
    disk is full, the build sees to it.
    """
    with suppress(OSError, ValueError, KeyError):
        if note := usable_note(settings):
            ahead = _ahead(settings, note["release_id"])
            try:
                copy_bytes(kept_file(settings, note["release_id"]), unfinished(ahead))
                unfinished(ahead).replace(ahead)
            except OSError:
                unfinished(ahead).unlink(missing_ok=True)


def _ahead(settings: Settings, release_id: str) -> Path:
    return settings.build / f"ahead.{release_id}.duckdb"


def place_copy(settings: Settings, base: Base | None) -> None:
    """Puts a copy of the release that is gone on from where the build goes; else leaves nothing.

    Raises OSError.
    """
    if base is not None:
        ahead = _ahead(settings, base.release_id)
        if ahead.exists():
            ahead.replace(settings.release_db)
        else:
            copy_bytes(base.file, settings.release_db)
    forget_copies(settings)


def forget_copies(settings: Settings) -> None:
    """Deletes what `copy_ahead` has made and no build has taken."""
    for copy in settings.build.glob("ahead.*.duckdb"):
        copy.unlink(missing_ok=True)
