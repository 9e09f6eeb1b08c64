"""`juandi files`: files that are held, and what a person decides about them.

Read from the archive and the lake, because a night with an undecided file publishes nothing.
`stages.standing.holding` decides why a file is held.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import By, Json, Reason, Warehouse, current_user
from pipelines.settings import BEIJING, Settings, load_settings

if TYPE_CHECKING:
    from pipelines.stages.standing.values import Standing

app = typer.Typer(
    help="搁置待定的文件 / Files held back until you accept or reject them.", no_args_is_help=True
)

_HEADINGS = ("编号 id", "来源 source", "文件 file", "状态 state", "可入库行 rows", "原因 why")


class Shown(StrEnum):
    """Which files are listed."""

    held = "held"
    accepted = "accepted"
    rejected = "rejected"
    all = "all"


FileId: TypeAlias = Annotated[
    str, typer.Argument(metavar="ID", help="编号 / The id, as `list` shows it.")
]


def _held(settings: Settings) -> list[tuple[str, Standing]]:
    """Files that are held, or were held and have been decided on, with their state."""
    from pipelines.stages.standing.resolve import resolve

    if not settings.archive.is_dir():
        return []
    return [
        (s.decision or "held", s)
        for s in resolve(settings)
        if s.status in ("held", "rejected") or (s.held and s.decision == "accepted")
    ]


def _why(standing: Standing) -> str:
    from pipelines.stages.standing.holding import why_held

    return why_held(standing.receipt, standing.held) if standing.held else "—"


@app.command("list")
def list_files(
    state: Annotated[
        Shown,
        typer.Option(
            "--state", envvar="JUANDI_STATE", help="状态 / Files that wait, decided ones, or all."
        ),
    ] = Shown.held,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """列出 / List files that wait for a decision, or have been decided on."""
    settings = load_settings(warehouse)
    found = [(s, f) for s, f in _held(settings) if state in (Shown.all, s)]
    if as_json:
        from pipelines.stages.store.catalog import Catalog

        decisions = Catalog(settings).file_decisions() if found else {}
        print_json([_as_data(s, f) | _decision(decisions.get(f.receipt.file_id)) for s, f in found])
        return
    rows = [
        (
            f.receipt.file_id,
            f.receipt.source,
            f.receipt.shown_path,
            s,
            f.outcome.rows_loaded,
            _why(f),
        )
        for s, f in found
    ]
    print_rows(_HEADINGS, rows, right=(4,))
    complain(f"{len(rows)} 份文件 files")


def _as_data(state: str, standing: Standing) -> dict[str, object]:
    held = standing.held
    return {
        "file_id": standing.receipt.file_id,
        "source": standing.receipt.source,
        "file": standing.receipt.shown_path,
        "state": state,
        "cause": held.cause if held else None,
        "rows": standing.outcome.rows_loaded,
        "other_file": held.other.shown_path if held and held.other else None,
        "other_rows": held.other_rows if held else None,
        "why": _why(standing),
    }


def _decision(decided: object) -> dict[str, object]:
    names = ("reason", "decided_by", "decided_at")
    return {name: getattr(decided, name, None) for name in names}


@app.command("accept")
def accept_file(
    file_id: FileId, reason: Reason = "", by: By = None, warehouse: Warehouse = None
) -> None:
    """采用 / Accept a held file: it replaces the earlier one."""
    _decide(load_settings(warehouse), file_id, "accepted", reason, by)


@app.command("reject")
def reject_file(
    file_id: FileId, reason: Reason = "", by: By = None, warehouse: Warehouse = None
) -> None:
    """弃用 / Reject a held file: the earlier one stays."""
    _decide(load_settings(warehouse), file_id, "rejected", reason, by)


def _decide(settings: Settings, file_id: str, state: str, reason: str, by: str | None) -> None:
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.stages.store.catalog import Catalog
    from pipelines.stages.store.receipts import FileDecision

    if not settings.archive.is_dir():  # do not create a mistyped folder
        raise Trouble(
            f"{settings.warehouse} 中没有归档，请检查 --warehouse / "
            f"no archive in {settings.warehouse}; check --warehouse"
        )
    try:
        with refresh_lock(settings):
            if file_id not in {f.receipt.file_id for _, f in _held(settings)}:
                raise Trouble(
                    f"没有搁置的文件 {file_id!r}，见 `juandi files list` / "
                    f"no file {file_id!r} is held; see `juandi files list`"
                )
            now = datetime.now(BEIJING).isoformat(timespec="seconds")
            decision = FileDecision(state, reason.strip(), by or current_user(), now)
            Catalog(settings).decide_file(file_id, decision)
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    zh = "已采用" if state == "accepted" else "已弃用"
    complain(
        f"{zh} {file_id}，运行 `juandi refresh` 生效 / "
        f"{state} {file_id}; run `juandi refresh` to apply it"
    )
