"""Options that several commands share. Each has its `JUANDI_…` variable."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

Warehouse: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--warehouse",
        envvar="JUANDI_WAREHOUSE",
        metavar="DIR",
        help="数据仓库目录 / The warehouse folder "
        "[default: warehouse/ of the project, or where you are].",
        show_default=False,
    ),
]
Landing: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--landing",
        envvar="JUANDI_LANDING",
        metavar="DIR",
        help="收件目录 / The folder where files arrive [default: landing/ of the warehouse].",
        show_default=False,
    ),
]
AsOf: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--as-of",
        envvar="JUANDI_AS_OF",
        metavar="DATE",
        help="截至日期 / The last day that the release knows, e.g. 2024-08-05 "
        "[default: the newest export date].",
        show_default=False,
    ),
]
Json: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--json",
        envvar="JUANDI_JSON",
        help="输出 JSON / Print one JSON document to stdout and nothing else.",
    ),
]
Seconds: TypeAlias = Annotated[
    int,
    typer.Option(
        "--seconds",
        envvar="JUANDI_SQL_SECONDS",
        min=1,
        help="最长秒数 / Stop the query after this many seconds.",
    ),
]

Reason: TypeAlias = Annotated[
    str,
    typer.Option(
        "--reason",
        envvar="JUANDI_REASON",
        metavar="TEXT",
        help="理由 / The reason, kept with the decision.",
    ),
]
By: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--by",
        envvar="JUANDI_BY",
        metavar="WHO",
        help="决定者 / Who decides [default: the system's user].",
    ),
]


def current_user() -> str:
    """The system's user, who decides where nobody else is named."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # in a container the user id may have no name
        return "unknown"
