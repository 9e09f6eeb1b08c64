"""`juandi sources check`: can every place of `juandi.toml` be pulled from, and what lies there?

Tries and tells; fetches nothing and changes nothing.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from pipelines.cli.console import Exit, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.settings import Settings, config_of, load_settings

if TYPE_CHECKING:
    from pipelines.stages.fetch.check import PullSeen

app = typer.Typer(
    help="来源 / The places that files are pulled from.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_HEADINGS = (
    "拉取 pull",
    "来源 source",
    "位置 place",
    "可达 reachable",
    "已认证 authenticates",
    "文件 files",
    "待取 new",
    "最新 newest",
)


@app.callback()
def sources() -> None:
    """Holds the commands."""


@app.command("check")
def check(warehouse: Warehouse = None, as_json: Json = False) -> None:
    """检查连接 / Try each place of juandi.toml and say what it sees.

    Exit status: 0 if all is well or no place is declared, 1 if one fails, 2 for wrong settings.
    """
    settings = load_settings(warehouse)
    seen = _tried(settings)
    if as_json:
        print_json([asdict(one) for one in seen])
    elif not seen:
        complain(f"没有声明拉取 / no place is declared: there is no [pull.…] in {settings.config}")
    else:
        print_rows(
            _HEADINGS,
            [_row(one) for one in seen],
            right=(5, 6),
        )
        for one in seen:
            if one.said:
                complain(f"{one.source}/{one.pull}: {one.said}")
    if any(one.rule_id for one in seen):
        raise typer.Exit(Exit.BLOCKED)


def _row(seen: PullSeen) -> tuple[object, ...]:
    known = (seen.pull, seen.source, seen.place, seen.is_reachable, seen.is_authenticated)
    return (*known, seen.files, seen.new, seen.newest or seen.newest_name)


def _tried(settings: Settings) -> list[PullSeen]:
    if not config_of(settings, "pull"):
        return []
    from pipelines.stages.fetch.check import check_pulls  # takes a moment

    return list(check_pulls(settings))
