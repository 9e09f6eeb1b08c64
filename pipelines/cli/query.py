"""`juandi sql`: a read-only query on the published release.

Never on the build or the lake, and nothing outside the release can be read or written through it.
"""

from __future__ import annotations

import csv
import sys
from typing import Annotated

import typer

from pipelines.cli.console import Format, Trouble, plain, print_json, print_rows
from pipelines.cli.options import Warehouse
from pipelines.cli.release_file import open_release
from pipelines.settings import load_settings


def sql(
    statement: Annotated[str, typer.Argument(metavar="SQL", help="查询语句 / The query.")],
    warehouse: Warehouse = None,
    format_: Annotated[
        Format,
        typer.Option("--format", "-f", envvar="JUANDI_FORMAT", help="输出格式 / How to print."),
    ] = Format.table,
) -> None:
    """只读查询 / Query the published release, read-only.

    juandi sql "select campaign_id, net_cny from marts.campaign_summary"
    """
    import duckdb

    with open_release(load_settings(warehouse)) as connection:
        try:
            cursor = connection.execute(statement)
            headings = [column[0] for column in cursor.description or ()]
            rows = cursor.fetchall()
        except duckdb.Error as error:
            raise Trouble(f"the query was refused: {error}") from None
    if format_ is Format.json:
        print_json([dict(zip(headings, row, strict=True)) for row in rows])
    elif format_ is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(headings)
        writer.writerows([plain(value) for value in row] for row in rows)
    else:
        print_rows(headings, rows)
