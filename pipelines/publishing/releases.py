"""Kept releases: listing, publishing one, retention.

    warehouse/juandi.duckdb              what analysts open
    warehouse/releases/<id>.duckdb       every release kept, the published one among them
    warehouse/releases/<id>/             its tables that are too large for a file (`beside`)
    warehouse/releases/<id>.gates.html   its gate report, and the same as .json (`gate_report`)

The last row of a file's own table ``ops.releases`` names its release. Releases are numbered in the
order in which they were published, and only that order says which is newer: a clock can be set
back. The publish stage makes a release from a build; going back and forward is `switching`'s, what
a refresh begins with `recovering`'s.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb

from pipelines.publishing.beside.parts import (
    delete_parts,
    has_parts,
    parts_folder,
)
from pipelines.publishing.beside.views import placed_copy
from pipelines.publishing.files import move, sync_file, unfinished
from pipelines.publishing.retention import KeepRule, let_go_by, retention
from pipelines.publishing.switches import SwitchKind, note_switch, switches
from pipelines.settings import Settings, SettingsError
from pipelines.tables.ddl import column_types, comments, create
from pipelines.tables.registry import OPS
from pipelines.tables.version import SCHEMA_VERSION

#: Begins the name of the folder of the build zone into which a comparison spills.
SPILL = "diff-"


class UnknownRelease(LookupError):  # noqa: N818 - reads as what it says
    """There is no kept release with that id; the message lists those that are kept."""


@dataclass(frozen=True)
class Release:
    """One published release; a row of ``ops.releases``.

    `rows` counts star and marts. `gates_passed` counts checks, `warnings` those that failed
    without blocking. Times are Beijing wall clock.
    """

    release_id: str
    published_at: datetime
    as_of: date
    content_hash: str
    rows: int
    gates_passed: int
    warnings: int
    inputs_hash: str | None = None
    number: int = 0  # 0: from before releases were numbered
    schema_version: int = SCHEMA_VERSION  # 0: from before releases said one

    @property
    def order(self) -> tuple[int, datetime, str]:
        """The greater was published later."""
        return self.number, self.published_at, self.release_id


class OtherSchema(SettingsError):  # noqa: N818 - a state of the release, not a mistake
    """A release whose tables are of another version than this code's; the message says which."""

    def __init__(self, release: Release) -> None:
        is_newer = release.schema_version > SCHEMA_VERSION
        what_zh, what_en = ("新", "newer") if is_newer else ("旧", "older")
        remedy_zh, remedy_en = _NEWER if is_newer else _OLDER
        super().__init__(
            f"发布 {release.release_id} 由较{what_zh}的 juandi 作成（表版本"
            f" {release.schema_version}，本程序为 {SCHEMA_VERSION}）；{remedy_zh} / release"
            f" {release.release_id} was made by {what_en} code (schema version"
            f" {release.schema_version}, this is {SCHEMA_VERSION}): {remedy_en}"
        )


_NEWER = (
    "请安装作成它的版本或更新的版本；或用 juandi rollback 回退到较旧的发布",
    "install the version that made it or a newer one, or `juandi rollback` to an earlier release",
)
_OLDER = (
    "请运行 juandi refresh 重新发布（若曾回退到它：juandi refresh --full）",
    "run `juandi refresh`, which publishes anew (after a roll-back to it: `juandi refresh --full`)",
)


def check_schema(release: Release, *, may_be_older: bool = False) -> None:
    """Raises OtherSchema where the release's tables do not mean what this code reads in them.

    `may_be_older` for who replaces it, or hands it on as it is.
    """
    is_older = release.schema_version < SCHEMA_VERSION
    if release.schema_version > SCHEMA_VERSION or (is_older and not may_be_older):
        raise OtherSchema(release)


def release_of(names: Iterable[str], row: Iterable[object]) -> Release:
    """The release that a row of ``ops.releases`` tells of, by whatever version it was written.

    Raises TypeError for a table of that name with other columns.
    """
    found = dict(zip(names, row, strict=True))
    known = {name: found[name] for name in column_types("releases") if name in found}
    return Release(**{"schema_version": 0} | known)  # type: ignore[arg-type]


def write_releases(connection: duckdb.DuckDBPyConnection, releases: list[Release]) -> None:
    """Writes ``ops.releases`` of the open release file: the history, and this release last."""
    columns = column_types("releases")
    connection.execute(create("releases", None, how="CREATE OR REPLACE TABLE"))
    for comment in comments(OPS["releases"], None):
        connection.execute(comment)
    connection.executemany(
        f"INSERT INTO ops.releases VALUES ({', '.join('?' for _ in columns)})",
        [[getattr(release, name) for name in columns] for release in releases],
    )


class FileHeld(OSError):  # noqa: N818 - a state of the file, not a mistake
    """Another process has the file open for writing, so it cannot be read."""


def read_release(path: Path) -> Release | None:
    """The release that a file holds; None if there is no file or it is not a release.

    Raises FileHeld while another process has it open for writing.
    """
    if not path.is_file():
        return None
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            own = connection.execute("SELECT * FROM ops.releases ORDER BY rowid DESC LIMIT 1")
            names = [column[0] for column in own.description or ()]
            row = own.fetchone()
    except (duckdb.IOException, duckdb.CatalogException, duckdb.SerializationException) as error:
        if "lock" in str(error).lower():
            raise FileHeld(f"{path}: {error}") from error
        return None
    if row is None:
        return None
    try:
        return release_of(names, row)
    except TypeError:  # a table of that name with other columns
        return None


def kept_file(settings: Settings, release_id: str) -> Path:
    """Path of a kept release."""
    return settings.releases / f"{release_id}.duckdb"


def report_files(settings: Settings, release_id: str) -> tuple[Path, Path]:
    """Paths of a kept release's gate report: the page, and the same for programs."""
    return (
        settings.releases / f"{release_id}.gates.html",
        settings.releases / f"{release_id}.gates.json",
    )


def published_release(settings: Settings) -> Release | None:
    """The release analysts see now; None before the first.

    While an analyst's tool holds the published file open for writing, this is the kept release that
    the last switch went to; where none tells of it, the newest.
    """
    try:
        return read_release(settings.published)
    except FileHeld:
        kept, seen = list_releases(settings), seen_last(settings)
        return next((r for r in kept if r.release_id == seen), next(iter(kept), None))


def seen_last(settings: Settings) -> str | None:
    """The id of the release that the last switch went to."""
    return next((s.release_id for s in reversed(switches(settings))), None)


def previous_file(settings: Settings) -> Path | None:
    """A file with the published release that no analyst can lock; None before the first."""
    published = published_release(settings)
    if published is None:
        return None
    kept = kept_file(settings, published.release_id)
    return kept if kept.is_file() else settings.published


def list_releases(settings: Settings) -> list[Release]:
    """Kept releases, newest first."""
    found = (read_release(path) for path in settings.releases.glob("[!.]*.duckdb"))
    return sorted(
        (release for release in found if release), key=lambda release: release.order, reverse=True
    )


def forget_writes(settings: Settings) -> None:
    """Deletes the log of an analyst's tool that opened the published file for writing.

    DuckDB refuses to open a file beside the log of a different one, so a log left there would lock
    every reader out of the next release.
    """
    settings.published.with_name(settings.published.name + ".wal").unlink(missing_ok=True)


def switch_to(settings: Settings, copy: Path) -> None:
    """The decisive step: `copy` becomes the file that readers open."""
    forget_writes(settings)
    copy.replace(settings.published)
    forget_writes(settings)


def newest_release(settings: Settings) -> Release | None:
    """The release that was made last; after a roll-back, analysts see an older one."""
    made = [r for r in (*list_releases(settings)[:1], published_release(settings)) if r]
    return max(made, key=lambda release: release.order, default=None)


def publish_file(settings: Settings, build: Path, release: Release) -> None:
    """Publishes the finished file `build` as `release`, and keeps it. Its parts are in their place.

    Raises OSError with the last release as it was and the build still there. The decisive step is
    the rename over the published file: before it nothing has changed for readers, after it
    `recover` completes what a crash may have left undone.
    """
    settings.releases.mkdir(parents=True, exist_ok=True)
    kept = kept_file(settings, release.release_id)
    before = published_release(settings)
    copy = placed_copy(settings, build, settings.published)
    try:
        move(build, unfinished(kept))
        switch_to(settings, copy)
    except OSError:
        if unfinished(kept).exists():
            unfinished(kept).replace(build)
        copy.unlink(missing_ok=True)
        raise
    with suppress(OSError):  # already published; `recover` and the next retention catch up
        sync_file(settings.warehouse)
        move(unfinished(kept), kept)
    shown = before.release_id if before else None
    note_switch(settings, SwitchKind.PUBLISHED, release.release_id, shown)
    with suppress(OSError, SettingsError):  # the next publication does it
        forget_old(settings)


def releases_to_go(
    settings: Settings, kept: Sequence[Release], shown: Release | None
) -> list[Release]:
    """Of the `kept` releases, newest first, those that `[retention]` no longer keeps.

    Never the newest, nor the one that is `shown`. Raises SettingsError.
    """
    rule = retention(settings).releases or KeepRule(count=settings.keep_releases)
    stays = {kept[0].release_id} if kept else set()
    if shown is not None:
        stays.add(shown.release_id)
    old = let_go_by(rule, [(release, release.published_at) for release in kept])
    return [release for release in old if release.release_id not in stays]


def forget_old(settings: Settings) -> list[str]:
    """Deletes the kept releases that are due to go (`releases_to_go`). Raises SettingsError."""
    old = releases_to_go(settings, list_releases(settings), published_release(settings))
    return delete_releases(settings, old)


def delete_releases(settings: Settings, old: Sequence[Release]) -> list[str]:
    """Deletes these with their gate reports and their parts; returns their ids.

    The release goes before its report: a report alone is no release. The parts stay while readers
    see the release: the next start deletes what no release needs any more.
    """
    shown = published_release(settings)
    for release in old:
        for path in (
            kept_file(settings, release.release_id),
            *report_files(settings, release.release_id),
        ):
            path.unlink(missing_ok=True)
        if shown is None or shown.release_id != release.release_id:
            delete_parts(parts_folder(settings, release.release_id))
    return [release.release_id for release in old]


def delete_needless_parts(settings: Settings) -> list[Path]:
    """Deletes the parts of releases that are neither kept nor published; returns their folders.

    Under the lock; of a publication that is under way they are needless too, until it is out.
    """
    shown = published_release(settings)
    needed = {file.stem for file in settings.releases.glob("[!.]*.duckdb")}
    needed |= {shown.release_id} if shown else set()
    needless = [
        folder
        for folder in settings.releases.glob("[!.]*")
        if folder.name not in needed and has_parts(folder)
    ]
    for folder in needless:
        delete_parts(folder)
    return needless
