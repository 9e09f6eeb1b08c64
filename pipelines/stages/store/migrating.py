"""A warehouse of an older version of the code, brought to this one: what `juandi migrate` does.

Only what cannot be made again is changed: the archive's catalogue, after a copy of it was laid
beside it. The lake is read again where its code is another, and the next refresh publishes anew:
neither needs anything of its older form.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from pipelines.publishing.files import sync_file, unfinished
from pipelines.publishing.releases import check_schema, published_release
from pipelines.settings import Settings
from pipelines.stages.store.catalog import Catalog, CatalogDamaged
from pipelines.stages.store.migration import VERSION, OtherStore, upgrade, version_of
from pipelines.stages.store.schema import ARCHIVE
from pipelines.stages.store.zones import code_version
from pipelines.tables.version import SCHEMA_VERSION


@dataclass(frozen=True)
class Step:
    """A part of the warehouse, its version (None: not there) and this one's; what is done.

    `by` is who does it: `migrate`, `refresh`, or empty where nothing is to be done.
    """

    part: str
    version: int | None
    wanted: int
    by: str
    zh: str
    en: str


_NOTHING = ("无需改动", "nothing to do")


def steps(settings: Settings) -> list[Step]:
    """What differs from this version, and who does what about it. Changes nothing.

    Raises OtherStore and OtherSchema for what newer code wrote, CatalogDamaged.
    """
    return [_archive(settings), _lake(settings), _release(settings)]


def migrate(settings: Settings, done: Callable[[Step], None]) -> None:
    """Does what `steps` says is its own, under the lock that the caller holds.

    Killed at any moment it leaves the catalogue as it was or as it is to be, and may be run again.
    """
    for step in steps(settings):
        if step.by == "migrate":
            _upgrade(settings, step)
        done(step)


def _archive(settings: Settings) -> Step:
    file = Catalog(settings).archive_file
    version = _version(file)
    if version is not None and version > VERSION:
        raise OtherStore(file, version)
    if version is None or version == VERSION:
        return Step("archive/catalog.sqlite", version, VERSION, "", *_NOTHING)
    copy = _copy_of(file, version)
    return Step(
        "archive/catalog.sqlite", version, VERSION, "migrate",
        f"就地改为新版，收据与决定不变；原样另存为 {copy.name}",
        f"changed in place, receipts and decisions stay; as it was it is kept as {copy.name}",
    )  # fmt: skip # a record


def _lake(settings: Settings) -> Step:
    file = Catalog(settings).lake_file
    version = _version(file)
    if version is not None and version > VERSION:
        raise OtherStore(file, version)
    others = 0
    if version is not None:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
            ((others,),) = db.execute(
                "select count(*) from loads where code_version <> ?", (code_version(),)
            ).fetchall()
    if not others:
        return Step("lake/catalog.sqlite", version, VERSION, "", *_NOTHING)
    return Step(
        "lake/catalog.sqlite", version, VERSION, "refresh",
        f"{others} 份文件由其他版本的代码读取；下一次 juandi refresh 从归档重读",
        f"{others} files were read by other code: the next `juandi refresh` reads them again from"
        " the archive",
    )  # fmt: skip # a record


def _release(settings: Settings) -> Step:
    release = published_release(settings)
    version = release.schema_version if release else None
    if release:
        check_schema(release, may_be_older=True)
    if version is None or version == SCHEMA_VERSION:
        return Step("juandi.duckdb", version, SCHEMA_VERSION, "", *_NOTHING)
    return Step(
        "juandi.duckdb", version, SCHEMA_VERSION, "refresh",
        "下一次 juandi refresh 从头构建并发布；此前分析人员可照旧打开，页面与报表须等待",
        "the next `juandi refresh` builds it from nothing and publishes; until then analysts may"
        " open it as before, pages and reports wait",
    )  # fmt: skip # a record


def _version(file: Path) -> int | None:
    """What a catalogue says, opened for reading only. Raises CatalogDamaged."""
    if not file.exists():
        return None
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
            return version_of(db)
    except sqlite3.DatabaseError as error:
        raise CatalogDamaged(file, f"无法读取 / {error}", "juandi doctor") from error


def _copy_of(file: Path, version: int) -> Path:
    return file.with_name(f"{file.name}.version-{version}")


def _upgrade(settings: Settings, step: Step) -> None:
    catalog = Catalog(settings)
    file = catalog.archive_file
    copy = _copy_of(file, step.version or 0)
    with closing(sqlite3.connect(file, timeout=60)) as db:
        with closing(sqlite3.connect(unfinished(copy))) as beside:
            db.backup(beside)
        sync_file(unfinished(copy))
        unfinished(copy).replace(copy)
        sync_file(copy.parent)
        db.executescript(ARCHIVE)
        upgrade(db)
    with catalog.archive():
        pass  # the journal is written whole where it is not there, or lacks a column
