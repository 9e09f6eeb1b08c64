"""Opens the published file for reading only.

`pipelines.publishing` knows which release is published, and rolls back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.console import Exit, Trouble
from pipelines.settings import Settings

if TYPE_CHECKING:
    import duckdb

NONE_YET = (
    "{0} 中尚无发布，请先运行 `juandi demo` 或 `juandi refresh` / "
    "no release is published in {0}; run `juandi demo` or `juandi refresh` first"
)

#: No access to the network or Python variables; nothing spilled beside the release. To other files
#: than its parts there is none either, once it is open.
_CONFINED = {
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "python_enable_replacements": "false",
    "temp_directory": "",
}


def open_release(settings: Settings) -> AbstractContextManager[duckdb.DuckDBPyConnection]:
    """A read-only connection without access to other files. Raises Trouble if there is none, and
    OtherSchema if its tables are not those that this code knows."""
    check_published(settings)
    return open_file(settings.published)


def check_published(settings: Settings) -> None:
    """Raises Trouble if nothing is published, OtherSchema if its tables are another version's."""
    from pipelines.publishing.releases import check_schema, published_release

    if not settings.published.is_file():
        raise Trouble(NONE_YET.format(settings.warehouse))
    if release := published_release(settings):
        check_schema(release)


@contextmanager
def open_file(
    file: Path, config: Mapping[str, str] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The same for any release's file, with further settings of the engine. Raises Trouble."""
    import duckdb

    from pipelines.publishing.beside.parts import PartsLost
    from pipelines.publishing.beside.reach import confine

    settings = {**_CONFINED, **(config or {})}
    lock = settings.pop("lock_configuration", "false")
    try:
        connection = duckdb.connect(str(file), read_only=True, config={**settings})
        confine(connection, [(file, file.stem)])
        connection.execute(f"SET lock_configuration = {lock}")
    except PartsLost as lost:
        raise Trouble(str(lost)) from None
    except (duckdb.Error, OSError) as error:
        raise Trouble(
            f"无法打开 / cannot open {file}: {error}; 请关闭正在写它的程序，或重新发布旧版本 / "
            "close the program that has it open for writing, or publish a kept release again: "
            "juandi releases, juandi rollback"
        ) from None
    with connection:
        yield connection


@contextmanager
def refusals(memory_limit: str) -> Iterator[None]:
    """Raises Trouble for whatever the engine will not do while a statement is run."""
    import duckdb

    try:
        yield
    except duckdb.InterruptException:
        raise
    except (duckdb.OutOfMemoryException, MemoryError):
        raise Trouble(
            f"查询所需内存超过 {memory_limit}，请缩小范围 / the query needs more than "
            f"{memory_limit} of memory: narrow it, or raise JUANDI_MEMORY_LIMIT",
            Exit.BLOCKED,
        ) from None
    except RecursionError:
        raise Trouble("the query was refused: it is nested too deeply") from None
    except (duckdb.Error, UnicodeError, OverflowError, ValueError) as error:
        raise Trouble(f"the query was refused: {error}") from None


def rows_of(
    connection: duckdb.DuckDBPyConnection, statement: str, parameters: object = None
) -> list[dict[str, object]]:
    """The statement's rows, by column name."""
    cursor = connection.execute(statement, parameters)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
