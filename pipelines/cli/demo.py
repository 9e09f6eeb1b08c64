"""`juandi demo`: the calibrated sample exports into the landing folder, and a refresh.

Never mixes samples into a landing folder that holds somebody's own files.
"""

from __future__ import annotations

import json
import time

import typer

from pipelines.cli.console import Trouble, complain
from pipelines.cli.options import Json, Warehouse
from pipelines.cli.progress import shown_progress
from pipelines.cli.refresh import run_refresh
from pipelines.cli.sample import Faults, Scale, Seed, write_sample
from pipelines.cli.summary import show
from pipelines.settings import Settings, load_settings

WHERE_TO_LOOK = """
看哪里 / where to look
  juandi sql "select * from marts.campaign_summary"
  juandi status · juandi quarantine list · juandi releases
  {published}  (DuckDB 1.4+; schemas star, marts, ops)
  make dev     (Dagster: http://localhost:3000)"""


def demo(
    warehouse: Warehouse = None,
    scale: Scale = 0.05,
    seed: Seed = 20240802,
    faults: Faults = "some",
    as_json: Json = False,
) -> None:
    """写入样本并更新 / Write the sample exports and refresh."""
    settings = load_settings(warehouse)
    began = time.monotonic()
    with shown_progress(quiet=as_json) as listener:
        listener.on_step("sample", None)
        _write_once(settings, scale, seed, faults)
        outcome = run_refresh(settings, listener, full=False)
    outcome.seconds = time.monotonic() - began
    show(outcome, as_json)
    if not as_json and settings.published.is_file():
        complain(WHERE_TO_LOOK.format(published=settings.published))
    raise typer.Exit(outcome.exit)


def _write_once(settings: Settings, scale: float, seed: int, faults: str) -> None:
    """Samples into landing, unless these very samples are there already."""
    marker = settings.warehouse / ".demo.json"
    wanted = {"scale": scale, "seed": seed, "faults": faults}
    made = json.loads(marker.read_text(encoding="utf-8")) if marker.is_file() else None
    if made == wanted:
        return
    landing = settings.landing
    if made is not None:
        raise Trouble(f"{landing} holds a demo of {made}; for another one choose --warehouse DIR")
    if landing.is_dir() and any(p.is_file() for p in landing.rglob("*")):
        raise Trouble(
            f"{landing} holds files of yours; samples are not mixed in: choose --warehouse DIR"
        )
    write_sample(landing, None, scale, seed, faults)
    marker.write_text(json.dumps(wanted), encoding="utf-8")
