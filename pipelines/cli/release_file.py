"""The published file, opened for reading only.

Which release is published, and rolling back, belongs to `pipelines.publishing`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pipelines.cli.console import Trouble
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

NONE_YET = "no release is published in {}; run `juandi demo` or `juandi refresh` first"


@contextmanager
def open_release(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A read-only connection without access to other files. Raises Trouble if nothing is there."""
    import duckdb

    if not settings.published.is_file():
        raise Trouble(NONE_YET.format(settings.warehouse))
    try:
        connection = duckdb.connect(
            str(settings.published),
            read_only=True,
            config={"enable_external_access": "false"},
        )
    except duckdb.Error as error:
        raise Trouble(f"cannot open {settings.published}: {error}") from None
    with connection:
        yield connection


def rows_of(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: object = None
) -> list[dict[str, object]]:
    """The statement's rows, by column name."""
    cursor = connection.execute(statement, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
