"""`juandi demo`: writes the calibrated sample exports into the landing folder and refreshes.

It never mixes samples into a landing folder with somebody's own files.
"""

from __future__ import annotations

import json
import shutil
import time
from typing import Any

import typer

from pipelines.cli.console import Trouble, err
from pipelines.cli.options import Json, Warehouse
from pipelines.cli.progress import shown_progress
from pipelines.cli.refresh import run_refresh
from pipelines.cli.sample import Faults, FaultsOption, Scale, Seed, write_sample
from pipelines.cli.summary import show
from pipelines.definitions.listener import Listener
from pipelines.settings import IS_CHECKOUT, Settings, load_settings

WHERE_TO_LOOK = """
看哪里 / where to look
  juandi sql "select * from marts.campaign_summary"
  juandi status · juandi quarantine list · juandi releases
  {published}  (DuckDB 1.4+; schemas star, marts, ops)"""
PAGES = "  make dev     (Dagster: http://localhost:3000)"


def demo(
    warehouse: Warehouse = None,
    scale: Scale = 1.0,
    seed: Seed = 20240802,
    faults: FaultsOption = Faults.some,
    as_json: Json = False,
) -> None:
    """生成样本并更新 / Write the sample exports and refresh."""
    settings, began = load_settings(warehouse), time.monotonic()
    with shown_progress(quiet=as_json) as listener:
        _write_once(settings, {"scale": scale, "seed": seed, "faults": faults.value}, listener)
        outcome = run_refresh(settings, listener, full=False)
    outcome.seconds = time.monotonic() - began
    show(outcome, as_json)
    if not as_json and settings.published.is_file():
        err().print(WHERE_TO_LOOK.format(published=settings.published), markup=False)
        if IS_CHECKOUT:
            err().print(PAGES, markup=False)
    raise typer.Exit(outcome.exit)


def _write_once(settings: Settings, wanted: dict[str, Any], listener: Listener) -> None:
    """Writes samples into landing, unless the same samples are already there. Raises Trouble."""
    landing = settings.landing
    manifest = landing / "manifest.json"
    if manifest.is_file():
        facts = json.loads(manifest.read_text(encoding="utf-8"))
        present = {name: facts.get(name) for name in wanted}
        if present != wanted:
            raise Trouble(
                f"{landing} 已有另一份样本 {present}；请用 --warehouse DIR 另选目录 / "
                f"{landing} has a demo of {present}; choose another --warehouse DIR"
            )
        return
    if landing.is_dir() and any(landing.iterdir()):
        raise Trouble(
            f"{landing} 中有您自己的文件，样本不会混入；请用 --warehouse DIR 另选目录 / "
            f"{landing} has files of yours, and samples are not mixed in; choose another "
            "--warehouse DIR"
        )
    # written elsewhere and renamed, so that a stopped demo leaves no half-filled landing folder
    draft = settings.warehouse / ".demo"
    shutil.rmtree(draft, ignore_errors=True)
    write_sample(draft, None, **wanted, listener=listener)
    if landing.is_dir():
        landing.rmdir()
    landing.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(draft, landing)
