"""`juandi migrate`: a warehouse of an older version is brought to this one.

What is done to which part is `stages.store.migrating`'s.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.settings import load_settings

if TYPE_CHECKING:
    from pipelines.stages.store.migrating import Step


def migrate(
    warehouse: Warehouse = None,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            envvar="JUANDI_DRY_RUN",
            help="只说明，不改动 / Say what would be done, and do nothing.",
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """升级仓库 / Bring a warehouse of an older version to this one.

    Exit status: 0 done, or nothing to do; 2 newer code wrote it; 3 a refresh is running.
    """
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.stages.store import migrating

    settings = load_settings(warehouse)
    done: list[Step] = []
    if dry_run:
        done = migrating.steps(settings)
    elif not settings.warehouse.is_dir():
        raise Trouble(f"没有仓库 / there is no warehouse {settings.warehouse}")
    else:
        try:
            with refresh_lock(settings):
                migrating.migrate(settings, done.append)
        except RefreshRunning as running:
            raise Trouble(str(running), Exit.RUNNING) from None
    if as_json:
        print_json({"is_dry_run": dry_run, "steps": [asdict(step) for step in done]})
        return
    print_rows(
        ("部分 part", "版本 version", "本版 this one", "由 by", "做什么 what"),
        [(s.part, s.version, s.wanted, s.by or None, f"{s.zh} / {s.en}") for s in done],
    )
    if not any(step.by for step in done):
        complain("仓库已是本版 / the warehouse is of this version: nothing to do")
    elif dry_run:
        complain("未作改动 / nothing was changed (--dry-run)")
    if any(step.by == "refresh" for step in done):
        complain("随后运行 / then run: juandi refresh")
