"""The last release beside a build: read as it was, and the copy of it with which the build begins.

The copy is made while files are still being read. Whether a build goes on from that release is
`going_on.choosing`'s to say; what dbt does to the copy, its models'.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import duckdb

from pipelines.publishing.beside.parts import PartsLost, checked_parts
from pipelines.publishing.beside.views import take_in
from pipelines.publishing.files import copy_bytes, unfinished
from pipelines.settings import Engine, Settings
from pipelines.stages.build.going_on.choosing import Base
from pipelines.stages.build.going_on.naming import name_after_new_files
from pipelines.stages.build.going_on.note import usable_note

#: Tables of the release that a build goes on with, written out again where they lie beside its
#: file; all others are small and made anew.
_CARRIED = ("fact_donation", "dim_donor")


def copy_ahead(settings: Settings) -> None:
    """Copies the release that a build may go on from, while files are still being read.

    A release of gigabytes takes as long to copy as files take to arrive, and waits for the disk.
    Where the build does not go on from it the copy is thrown away, and where there is none, or the
    disk is full, the build sees to it. Spark goes on from none.
    """
    if settings.engine is Engine.duckdb and (note := usable_note(settings)):
        ahead = _ahead(settings, note.release_id)
        try:
            copy_bytes(note.file, unfinished(ahead))
            unfinished(ahead).replace(ahead)
        except OSError:
            with suppress(OSError):
                unfinished(ahead).unlink(missing_ok=True)


def _ahead(settings: Settings, release_id: str) -> Path:
    return settings.build / f"ahead.{release_id}.duckdb"


def place_copy(settings: Settings, base: Base | None) -> None:
    """Puts a copy of the release that is gone on from where the build goes, it itself at `last`.

    Where none is gone on from there is no copy, and `last` is an empty database. Raises OSError.
    """
    settings.last_db.unlink(missing_ok=True)
    if base is None:
        duckdb.connect(str(settings.last_db)).close()
    else:
        # by another name: the gates attach the same file as the previous release
        settings.last_db.symlink_to(os.path.relpath(base.file, settings.build))
        ahead = _ahead(settings, base.release_id)
        if ahead.exists():
            ahead.replace(settings.release_db)
        else:
            copy_bytes(base.file, settings.release_db)
    forget_copies(settings)


def is_sound(base: Base) -> bool:
    """Whether what lies beside the release is byte for byte what was published: what is gone on
    with would be in every release to come. `juandi doctor` says what is not."""
    try:
        checked_parts(base.file, hashed=True)
    except (PartsLost, OSError):
        return False
    return True


def carry_on(db: duckdb.DuckDBPyConnection, base: Base) -> None:
    """Leaves of the copy, attached as `juandi`, what is gone on with: these gifts, these donors."""
    _strip(db, with_donors=base.are_donors_kept)
    name_after_new_files(db, base.replaced)
    db.execute("checkpoint juandi")


def forget_copies(settings: Settings) -> None:
    """Deletes what `copy_ahead` has made and no build has taken."""
    for copy in settings.build.glob("ahead.*.duckdb"):
        copy.unlink(missing_ok=True)


def _strip(db: duckdb.DuckDBPyConnection, *, with_donors: bool) -> None:
    kept = _CARRIED if with_donors else _CARRIED[:1]
    tables = db.execute(
        "select schema_name, table_name, false from duckdb_tables() where database_name = 'juandi'"
        " union all select schema_name, view_name, true from duckdb_views()"
        " where database_name = 'juandi' and not internal"
    ).fetchall()
    for schema, table, is_beside in tables:
        if schema != "star" or table not in kept:
            kind = "view" if is_beside else "table"
            db.execute(f'drop {kind} juandi."{schema}"."{table}"')
        elif is_beside:
            take_in(db, "juandi", f"{schema}.{table}")
