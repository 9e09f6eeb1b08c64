"""`juandi diff`: what moved from one kept release to another, and the files behind it.

`pipelines.publishing.diff` compares; this says it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Exit, Trouble, print_json
from pipelines.cli.options import Json, Warehouse
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    from pathlib import Path

    from pipelines.publishing.releases import Release

_HELD = "文件正被其他程序写入 / a program has it open for writing: {0}"
_WORD = "发布编号、published、previous、newest 或文件 / An id, published, previous, newest, a path."


def diff(
    before: Annotated[
        str, typer.Argument(metavar="[RELEASE]", help=f"从 / From. {_WORD}")
    ] = "previous",
    after: Annotated[
        str, typer.Argument(metavar="[RELEASE]", help=f"到 / To. {_WORD}")
    ] = "published",
    table: Annotated[
        str | None,
        typer.Option(
            "--table",
            envvar="JUANDI_TABLE",
            metavar="NAME",
            help="某表的各行 / The rows of one table, as fact_donation or star.fact_donation.",
        ),
    ] = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", envvar="JUANDI_LIMIT", min=1, help="最多行数 / Show at most so many rows."
        ),
    ] = 20,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """发布之间的变化 / Show what moved from one release to another.

    Without arguments: what the published release changed. Exit status: 0 the same, 1 something
    moved, 2 trouble.
    """
    from pipelines.cli import diff_print
    from pipelines.publishing.diff.compare import compare, compare_rows

    settings = load_settings(warehouse)
    sides = _file(settings, before), _file(settings, after)
    if table is not None:
        try:
            name = _qualified(table)
            with _refusals():
                moves, rows = compare_rows(settings, sides[0][0], sides[1][0], name, limit)
        except KeyError:
            raise Trouble(
                f"两次发布都没有表 {table!r} / neither release has a table {table!r}"
            ) from None
        if as_json:
            print_json(diff_print.rows_data(sides[0][1], sides[1][1], name, moves, rows))
        else:
            diff_print.rows(name, moves, rows)
        raise typer.Exit(Exit.BLOCKED if moves else Exit.DONE)
    with _refusals():
        found = compare(settings, *sides)
    if as_json:
        print_json(diff_print.data(found))
    else:
        diff_print.shown_diff(found)
    raise typer.Exit(Exit.DONE if found.is_same else Exit.BLOCKED)


@contextmanager
def _refusals() -> Iterator[None]:
    """Raises Trouble (2) for a file that the engine cannot read, or that needs too much."""
    import duckdb

    from pipelines.publishing.releases import FileHeld

    try:
        yield
    except FileHeld as held:
        raise Trouble(_HELD.format(held)) from None
    except duckdb.Error as error:
        raise Trouble(f"无法比较 / the releases cannot be compared: {error}") from None


def _file(settings: Settings, word: str) -> tuple[Path, Release]:
    from pipelines.publishing.diff.attached import release_file
    from pipelines.publishing.releases import FileHeld, UnknownRelease

    try:
        return release_file(settings, word)
    except UnknownRelease as unknown:
        raise Trouble(str(unknown.args[0])) from None
    except FileHeld as held:
        raise Trouble(_HELD.format(held)) from None


def _qualified(name: str) -> str:
    """`schema.table` of a table that is named with or without its schema."""
    from pipelines.tables.registry import MODELS, OPS

    known = {**MODELS, **OPS}.get(name)
    return known.id if known else name
