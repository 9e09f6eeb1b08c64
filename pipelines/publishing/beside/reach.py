"""How a reader of ours comes to the parts of a release: from wherever the warehouse lies, and to
nothing else.

A view finds its parts where the release says, unless a variable of the connection says otherwise.
Ours always says where they lie now, after having looked that all are there in their size: a
release that was moved or restored reads as before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publishing.beside.parts import (
    VARIABLE,
    PartsLost,
    home_of,
    part_troubles,
    parts_in,
)
from pipelines.tables.ddl import quoted


@dataclass(frozen=True)
class Reach:
    """Where the parts of open releases lie, and which files they are."""

    home: Path | None = None
    files: tuple[str, ...] = ()

    def tell(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Tells a connection: each has variables of its own, a cursor too."""
        if self.home is not None:
            connection.execute(f"SET VARIABLE {VARIABLE} = {quoted(self.home.as_posix())}")


def reach(connection: duckdb.DuckDBPyConnection, releases: Sequence[tuple[Path, str]]) -> Reach:
    """Of the files that are open as catalogs: pairs of both. Raises PartsLost, duckdb.Error."""
    home: Path | None = None
    files: list[str] = []
    for file, catalog in releases:
        parts = parts_in(connection, catalog)
        if not parts:
            continue
        own = home_of(file, parts)
        if found := list(part_troubles(own, parts)):
            raise PartsLost(file.name, found)
        if home is not None and own != home:  # there is one variable
            raise PartsLost(file.name, [f"{own} ≠ {home}"])
        home = own
        files += [(own / part.part_path).as_posix() for part in parts]
    return Reach(home, tuple(files))


def confine(
    connection: duckdb.DuckDBPyConnection, releases: Sequence[tuple[Path, str]] = ()
) -> Reach:
    """From now on the engine reads the open releases with their parts, and no other file.

    A release's views are held to the same: one that points elsewhere is refused. Raises as `reach`.
    """
    found = reach(connection, releases)
    found.tell(connection)
    if found.files:
        files = ", ".join(quoted(file) for file in found.files)
        connection.execute(f"SET allowed_paths = [{files}]")
    connection.execute("SET enable_external_access = false")
    return found
