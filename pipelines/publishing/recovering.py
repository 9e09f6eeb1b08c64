"""The start of a refresh: what a killed one left is cleaned up, and readers get back what they saw.

Which releases there are, and how one is published, is `releases`'; going back and forward
`switching`'s.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb

from pipelines.publishing.beside.limits import beside_rules
from pipelines.publishing.beside.parts import PartsLost, checked_parts, clear_away, parts_of
from pipelines.publishing.beside.views import placed_copy
from pipelines.publishing.files import UNFINISHED, move, unfinished
from pipelines.publishing.releases import (
    SPILL,
    FileHeld,
    Release,
    check_schema,
    delete_needless_parts,
    forget_writes,
    kept_file,
    list_releases,
    published_release,
    read_release,
    seen_last,
    switch_to,
)
from pipelines.publishing.switches import note_found
from pipelines.settings import Settings
from pipelines.tables.version import SCHEMA_VERSION


def recover(settings: Settings) -> list[Path]:
    """Cleans up after a refresh that was killed; returns the files it touched.

    Called under the lock when a refresh starts. A release that had already been published is kept;
    everything else that is unfinished, and the old build, is deleted. Where the published file is
    gone or is none that can be opened, readers get the kept release again that they saw last.
    Raises OtherSchema, with nothing touched, where newer code has published.
    """
    if published := published_release(settings):
        check_schema(published, may_be_older=True)
    touched = [
        *settings.warehouse.glob(f".*{UNFINISHED}"),
        *settings.build.glob("*.duckdb*"),
        *settings.build.glob(f"{SPILL}*"),
    ]
    for left in touched:
        if left.is_dir():  # DuckDB's folder for data spilled from memory
            shutil.rmtree(left)
        else:
            left.unlink()
    try:
        if read_release(settings.published) is None:
            forget_writes(settings)
        published = read_release(settings.published)
    except FileHeld:
        return touched  # what was published can be seen once the file can be read again
    if published is not None:
        note_found(settings, published.release_id)
    for left in sorted(settings.releases.glob(f".*{UNFINISHED}")):
        if published and left == unfinished(kept_file(settings, published.release_id)):
            move(left, kept_file(settings, published.release_id))
        elif left.is_dir():  # parts that were being written, or deleted
            clear_away(left)
        else:
            left.unlink()
        touched.append(left)
    if published is None and (lost := _lost_release(settings)):
        copy = placed_copy(settings, kept_file(settings, lost.release_id), settings.published)
        switch_to(settings, copy)
        note_found(settings, lost.release_id)
        touched.append(settings.published)
    return [*touched, *delete_needless_parts(settings), *_point_here(settings)]


def _point_here(settings: Settings) -> list[Path]:
    """Has files whose views look for their parts where the warehouse was look where it is.

    Kept ones here, for the next build and its gates read them; the published one where readers see
    the warehouse. Returns those that were changed. One that cannot be read, or whose parts are
    lost, stays as it is: who reads it is told, and `juandi doctor` says what is lost.
    """
    seen_at = beside_rules(settings).readers_see
    kept = [kept_file(settings, release.release_id) for release in list_releases(settings)]
    wanted = [(file, settings.warehouse.as_posix()) for file in kept]
    if settings.published.is_file():
        wanted.append((settings.published, seen_at))
    changed = []
    for file, at in wanted:
        try:
            if all(part.warehouse == at for part in parts_of(file)):
                continue
            copy = placed_copy(settings, file, file, at)
        except (duckdb.Error, PartsLost):
            continue
        if file == settings.published:
            switch_to(settings, copy)
        else:
            move(copy, file)
        changed.append(file)
    return changed


def _lost_release(settings: Settings) -> Release | None:
    """The kept release that readers saw last, an older one after a roll-back; else the newest.

    One whose parts are not all there is none.
    """
    readable = [
        r
        for r in list_releases(settings)
        if r.schema_version <= SCHEMA_VERSION and _is_whole(kept_file(settings, r.release_id))
    ]
    seen = seen_last(settings)
    return next((r for r in readable if r.release_id == seen), next(iter(readable), None))


def _is_whole(file: Path) -> bool:
    try:
        checked_parts(file)
    except PartsLost:
        return False
    return True
