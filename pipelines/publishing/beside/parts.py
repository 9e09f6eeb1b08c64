"""The parts of a release: Parquet files of its largest tables, beside its own file.

    warehouse/releases/<id>/elsewhere-SET-VARIABLE-juandi_warehouse/star.fact_donation/part_0.parquet

They are written once and never changed. The release's own table ``ops.release_parts`` names each
with its bytes and their hash, by a path below the warehouse's folder. Who looks for a part where
the warehouse is not sees that path in the engine's error: so a folder in it is named after what
helps. Writing is `setting_aside`'s, opening `reach`'s.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import duckdb

from pipelines.publishing.files import unfinished
from pipelines.settings import Settings, SettingsError
from pipelines.tables.ddl import quoted
from pipelines.tables.registry import OPS

#: Whoever sees the warehouse elsewhere than the view says sets this variable to its folder.
VARIABLE = "juandi_warehouse"
HINT = f"elsewhere-SET-VARIABLE-{VARIABLE}"
_TABLE = OPS["release_parts"]
_IS_THERE = (
    "SELECT 1 FROM duckdb_tables() WHERE database_name = ? AND schema_name = 'ops'"
    " AND table_name = 'release_parts'"
)


class PartsLost(SettingsError):  # noqa: N818 - a state of the release, not a mistake
    """Parts of a release are not there, or not as they were written; the message says which."""

    def __init__(self, what: str, troubles: Iterable[str]) -> None:
        named = list(troubles)
        shown = "; ".join(named[:3]) + (" …" if len(named) > 3 else "")
        super().__init__(
            f"{what} 的分片不全或已改动：{shown}；请从备份恢复这些文件，或 juandi rollback previous"
            f" / parts of {what} are gone or altered: {shown}: restore these files from a backup,"
            " or `juandi rollback previous`; `juandi doctor` looks at all of them"
        )


@dataclass(frozen=True)
class ReleasePart:
    """One Parquet file; a row of ``ops.release_parts``.

    `part_path` is below the warehouse's folder, which `warehouse` says as the view does.
    """

    table_name: str
    part_path: str
    rows: int
    bytes: int
    sha256: str
    warehouse: str


COLUMNS = tuple(field.name for field in fields(ReleasePart))


def parts_folder(settings: Settings, release_id: str) -> Path:
    """Where the parts of a kept release lie, if it has any."""
    return settings.releases / release_id


def parts_in(connection: duckdb.DuckDBPyConnection, catalog: str) -> list[ReleasePart]:
    """Of the release that is open as `catalog`; none of one that older code made."""
    if not connection.execute(_IS_THERE, [catalog]).fetchall():
        return []
    rows = connection.execute(
        f'SELECT {", ".join(COLUMNS)} FROM "{catalog}".{_TABLE.id} ORDER BY table_name, rowid'
    ).fetchall()
    return [ReleasePart(*row) for row in rows]


def parts_of(file: Path) -> list[ReleasePart]:
    """Of a release's file. Raises duckdb.Error where it cannot be read."""
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH {quoted(str(file))} AS release (READ_ONLY)")
        return parts_in(connection, "release")


def home_of(file: Path, parts: Sequence[ReleasePart]) -> Path:
    """The warehouse's folder that the parts of a release's file lie in: as seen from the file, as
    published or as kept, else where it says itself. Raises PartsLost where they are in none."""
    own = file.resolve()
    homes = [own.parent, own.parent.parent, Path(parts[0].warehouse)]
    for home in homes:
        if any((home / part.part_path).is_file() for part in parts):
            return home
    raise PartsLost(file.name, [f"{homes[0] / parts[0].part_path}"])


def part_troubles(
    home: Path, parts: Iterable[ReleasePart], *, hashed: bool = False
) -> Iterator[str]:
    """What is wrong with each part that is not as it was written: gone, or of another size.

    `hashed`: every byte is read. Raises OSError where a part cannot be.
    """
    for part in parts:
        file = home / part.part_path
        try:
            size = file.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            yield f"{file} 缺失 is missing"
            continue
        if size != part.bytes:
            yield f"{file} {size:,} 字节，应为 bytes instead of {part.bytes:,}"
        elif hashed and sha256_of(file) != part.sha256:
            yield f"{file} 字节已改动 has other bytes"


def sha256_of(file: Path) -> str:
    """The hash of a file's bytes."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def checked_parts(file: Path, *, hashed: bool = False) -> list[ReleasePart]:
    """The parts of a release's file, all of them as they were written. Raises PartsLost."""
    parts = parts_of(file)
    if parts and (found := list(part_troubles(home_of(file, parts), parts, hashed=hashed))):
        raise PartsLost(file.name, found)
    return parts


def has_parts(folder: Path) -> bool:
    """Whether it is a folder of parts: any other one below `releases/` is somebody's own."""
    return (folder / HINT).is_dir()


def delete_parts(folder: Path) -> None:
    """Deletes a release's parts, finished or not: out of sight in one step, then file by file."""
    doomed = unfinished(folder)
    if folder.is_dir():
        clear_away(doomed)
        folder.rename(doomed)
    clear_away(doomed)


def clear_away(doomed: Path) -> None:
    """Deletes parts that are out of sight; what cannot be deleted now is, by a later start.

    Where somebody moved them to another disk and left a link, they are deleted there.
    """
    if doomed.is_symlink():
        shutil.rmtree(doomed / HINT, ignore_errors=True)
        if not has_parts(doomed):
            doomed.unlink()
    else:
        shutil.rmtree(doomed, ignore_errors=True)
