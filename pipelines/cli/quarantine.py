"""`juandi quarantine`: the refused rows of the published release.

Lists, shows and exports them. Personal columns were masked when the rows were refused, so nothing
here can name a donor. A row is corrected at its source, or waived.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO, TypeAlias

import typer

from pipelines.cli.console import Exit, Trouble, complain, plain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.cli.release_file import open_release, rows_of
from pipelines.settings import BEIJING, load_settings

app = typer.Typer(
    help="被隔离的行 / The refused rows of the published release.", no_args_is_help=True
)

UNKNOWN = (
    "没有被隔离的行 {0!r}，见 `juandi quarantine list` / "
    "no quarantined row {0!r}; see `juandi quarantine list`"
)
_ORDER = "ORDER BY source, file_name, source_row"
_HEADINGS = ("编号 id", "来源 source", "文件 file", "行 line", "状态 state", "原因 why")

SourceName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--source",
        envvar="JUANDI_SOURCE",
        metavar="SOURCE",
        help="来源 / Only rows of this source.",
    ),
]
RuleId: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--rule",
        envvar="JUANDI_RULE",
        metavar="RULE",
        help="规则 / Only rows that broke this rule.",
    ),
]
State: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--state", envvar="JUANDI_STATE", metavar="STATE", help="状态 / open, replayed or waived."
    ),
]


def _rows(
    warehouse: Path | None, source: str | None, rule: str | None, state: str | None
) -> list[dict[str, object]]:
    clauses = {
        "source = ?": source,
        "list_contains(string_split(rule_ids, ';'), ?)": rule,
        "state = ?": state,
    }
    asked = {clause: value for clause, value in clauses.items() if value is not None}
    where = f"WHERE {' AND '.join(asked)}" if asked else ""
    with open_release(load_settings(warehouse)) as connection:
        return rows_of(
            connection, f"SELECT * FROM ops.quarantine {where} {_ORDER}", list(asked.values())
        )


def _write_csv(file: TextIO, rows: list[dict[str, object]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    if rows:
        writer.writerow(rows[0])
    writer.writerows([plain(value) for value in row.values()] for row in rows)


@app.command("list")
def list_rows(
    source: SourceName = None,
    rule: RuleId = None,
    state: State = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", envvar="JUANDI_LIMIT", min=1, help="最多行数 / Show at most so many."
        ),
    ] = 50,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """列出 / List the refused rows."""
    rows = _rows(warehouse, source, rule, state)
    if as_json:
        print_json(rows[:limit])
        return
    names = ("quarantine_id", "source", "file_name", "source_row", "state", "reasons_zh")
    print_rows(_HEADINGS, [tuple(row[n] for n in names) for row in rows[:limit]], right=(3,))
    complain(f"显示 {min(limit, len(rows))} / {len(rows)} 行 rows shown")


@app.command("show")
def show_row(
    quarantine_id: Annotated[
        str, typer.Argument(metavar="ID", help="编号 / The id, as `list` shows it.")
    ],
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """查看一行 / Show everything known about one row."""
    with open_release(load_settings(warehouse)) as connection:
        found = rows_of(
            connection, "SELECT * FROM ops.quarantine WHERE quarantine_id = ?", [quarantine_id]
        )
    if not found:
        raise Trouble(UNKNOWN.format(quarantine_id))
    if as_json:
        print_json(found[0])
    else:
        print_rows(("列 column", "值 value"), list(found[0].items()))


@app.command("export")
def export_rows(
    source: SourceName = None,
    rule: RuleId = None,
    state: State = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            envvar="JUANDI_OUT",
            metavar="FILE",
            help="文件 / Where to write [default: stdout].",
        ),
    ] = None,
    warehouse: Warehouse = None,
) -> None:
    """导出 CSV / Export as CSV, to send to whoever exports the source."""
    rows = _rows(warehouse, source, rule, state)
    if out is None:
        _write_csv(sys.stdout, rows)
        return
    try:
        # without a byte order mark, spreadsheets would assume the local encoding
        with out.open("w", encoding="utf-8-sig", newline="") as file:
            _write_csv(file, rows)
    except OSError as error:
        raise Trouble(f"无法写入 / cannot write {out}: {error.strerror}") from None
    complain(f"{len(rows)} 行 rows → {out}")


@app.command("waive")
def waive_row(
    quarantine_id: Annotated[
        str, typer.Argument(metavar="ID", help="编号 / The id, as `list` shows it.")
    ],
    reason: Annotated[
        str,
        typer.Option(
            "--reason",
            envvar="JUANDI_REASON",
            metavar="TEXT",
            help="理由 / The reason, kept with the decision.",
        ),
    ],
    warehouse: Warehouse = None,
) -> None:
    """豁免一行 / Decide that a refused row may stay out; the next refresh publishes it."""
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.stages.store.catalog import Catalog

    if not reason.strip():
        raise Trouble(
            "--reason：请写明理由，供日后查看 / --reason: give a reason, for whoever reads it later"
        )
    settings = load_settings(warehouse)
    with open_release(settings) as connection:
        known = rows_of(
            connection, "SELECT 1 FROM ops.quarantine WHERE quarantine_id = ?", [quarantine_id]
        )
    if not known:
        raise Trouble(UNKNOWN.format(quarantine_id))
    try:
        with refresh_lock(settings):
            now = datetime.now(BEIJING)
            Catalog(settings).decide(quarantine_id, "waived", reason.strip(), now)
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    complain(
        f"已豁免 {quarantine_id}，运行 `juandi refresh` 发布 / "
        f"waived {quarantine_id}; run `juandi refresh` to publish it"
    )
