"""`juandi files`: files that were held back, and what a person decides on them.

Asked of the archive and the lake: a night with an undecided file publishes nothing. Why a file is
held is said by `stages.standing.holding`.
"""

from __future__ import annotations

import getpass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.settings import BEIJING, Settings, load_settings

if TYPE_CHECKING:
    from pipelines.stages.standing.values import Standing

app = typer.Typer(help="搁置待定的文件 / Files held back.", no_args_is_help=True)

_HEADINGS = ("编号 id", "来源 source", "文件 file", "状态 state", "可入库行 rows", "原因 why")


class Shown(StrEnum):
    """Which files are listed."""

    held = "held"
    accepted = "accepted"
    rejected = "rejected"
    all = "all"


FileId: TypeAlias = Annotated[str, typer.Argument(metavar="ID", help="编号 / Of `list`.")]
Reason: TypeAlias = Annotated[
    str,
    typer.Option(
        "--reason", envvar="JUANDI_REASON", metavar="TEXT", help="理由 / Why, kept with it."
    ),
]
By: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--by", envvar="JUANDI_BY", metavar="WHO", help="决定者 / Who decides [default: the user]."
    ),
]


def _held(settings: Settings) -> list[tuple[str, Standing]]:
    """Files that are held, or were and have been decided on: with their state."""
    from pipelines.stages.standing.resolve import resolve

    if not settings.archive.is_dir():
        return []
    return [
        (s.decision or "held", s)
        for s in resolve(settings)
        if s.status in ("held", "rejected") or (s.held and s.decision == "accepted")
    ]


def _why(standing: Standing) -> str:
    from pipelines.stages.standing.holding import told

    return told(standing.receipt, standing.held) if standing.held else "—"


@app.command("list")
def list_files(
    state: Annotated[
        Shown,
        typer.Option("--state", envvar="JUANDI_STATE", help="状态 / Waiting, decided on, or all."),
    ] = Shown.held,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """列出 / List files that wait for a decision, or were decided on."""
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
        "other_file": held.other.shown_path if held else None,
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
    """采用 / Let a file in that is held: it takes the place of the one it replaces."""
    _decide(load_settings(warehouse), file_id, "accepted", reason, by)


@app.command("reject")
def reject_file(
    file_id: FileId, reason: Reason = "", by: By = None, warehouse: Warehouse = None
) -> None:
    """弃用 / Set a file aside that is held: the one it would replace stands."""
    _decide(load_settings(warehouse), file_id, "rejected", reason, by)


def _decide(settings: Settings, file_id: str, state: str, reason: str, by: str | None) -> None:
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.stages.store.catalog import Catalog
    from pipelines.stages.store.receipts import FileDecision

    if not settings.archive.is_dir():  # a mistyped folder is not made
        raise Trouble(f"no archive in {settings.warehouse}; see `juandi files list`")
    try:
        with refresh_lock(settings):
            if file_id not in {f.receipt.file_id for _, f in _held(settings)}:
                raise Trouble(f"no file {file_id!r} is held; see `juandi files list`")
            now = datetime.now(BEIJING).isoformat(timespec="seconds")
            decision = FileDecision(state, reason.strip(), by or _user(), now)
            Catalog(settings).decide_file(file_id, decision)
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    word = "已采用 accepted" if state == "accepted" else "已弃用 rejected"
    complain(f"{word}: {file_id}; `juandi refresh` publishes it")


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container may run under a number without a name
        return "unknown"
