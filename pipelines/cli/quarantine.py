"""`juandi quarantine`: the refused rows of the published release.

Lists, shows and exports them. Personal columns were masked when the rows were refused, so nothing
here can name a donor. A row is corrected here or at its source, or waived.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, TextIO, TypeAlias

import typer

from pipelines.cleaning.identities import mask_text
from pipelines.cli.console import Exit, Trouble, complain, plain, print_json, print_rows
from pipelines.cli.options import By, Json, Reason, Warehouse, current_user
from pipelines.cli.release_file import open_release, rows_of
from pipelines.settings import BEIJING, Settings, load_settings

app = typer.Typer(
    help="被隔离的行 / The refused rows of the published release.", no_args_is_help=True
)

UNKNOWN = (
    "没有被隔离的行 {0!r}，见 `juandi quarantine list` / "
    "no quarantined row {0!r}; see `juandi quarantine list`"
)
_ORDER = "ORDER BY source, file_name, source_row"
_COUNTED = ("来源 source", "文件 file", "规则 rules", "状态 state", "行数 rows")
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
FileName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--file",
        envvar="JUANDI_FILE",
        metavar="FILE",
        help="文件 / Only rows of this file: its name or id.",
    ),
]
State: TypeAlias = Annotated[
    str | None,
    typer.Option("--state", envvar="JUANDI_STATE", metavar="STATE", help="状态 / open or waived."),
]


def _asked(
    source: str | None, rule: str | None, state: str | None, file: str | None
) -> dict[str, object]:
    """Condition → its value, of those that were given."""
    conditions = {
        "source = ?": source,
        "list_contains(string_split(rule_ids, ';'), ?)": rule,
        "state = ?": state,
        "? IN (file_name, source_file_id)": file,
    }
    return {condition: value for condition, value in conditions.items() if value is not None}


def _rows(settings: Settings, asked: Mapping[str, object]) -> list[dict[str, object]]:
    where = f"WHERE {' AND '.join(asked)}" if asked else ""
    with open_release(settings) as connection:
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
    file: FileName = None,
    limit: Annotated[
        int,
        typer.Option(
            "--limit", envvar="JUANDI_LIMIT", min=1, help="最多行数 / Show at most so many."
        ),
    ] = 50,
    counts: Annotated[
        bool,
        typer.Option(
            "--counts", envvar="JUANDI_COUNTS", help="计数 / Count by source, file and rule."
        ),
    ] = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """列出 / List the refused rows."""
    rows = _rows(load_settings(warehouse), _asked(source, rule, state, file))
    if as_json:
        print_json(rows[:limit])
        return
    if counts:
        groups = Counter((r["source"], r["file_name"], r["rule_ids"], r["state"]) for r in rows)
        print_rows(_COUNTED, [(*group, n) for group, n in sorted(groups.items())], right=(4,))
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
    found = _rows(load_settings(warehouse), {"quarantine_id = ?": quarantine_id})
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
    file: FileName = None,
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
    """导出 / Export to send to whoever exports the source: CSV, or a workbook to fill in.

    A FILE that ends in .xlsx is a workbook with a sheet per source and rule and an empty column for
    the correction; `juandi quarantine correct` takes it.
    """
    settings = load_settings(warehouse)
    rows = _rows(settings, _asked(source, rule, state, file))
    if out is None:
        _write_csv(sys.stdout, rows)
        return
    try:
        if out.suffix.lower() == ".xlsx":
            from pipelines.cli.quarantine_book import workbook
            from pipelines.publishing.releases import published_release

            out.write_bytes(workbook(rows, published_release(settings)))
            complain(f"{len(rows)} 行 rows → {out}")
            return
        # without a byte order mark, spreadsheets would assume the local encoding
        with out.open("w", encoding="utf-8-sig", newline="") as written:
            _write_csv(written, rows)
    except OSError as error:
        raise Trouble(f"无法写入 / cannot write {out}: {error.strerror}") from None
    complain(f"{len(rows)} 行 rows → {out}")


@app.command("waive")
def waive_row(
    quarantine_id: Annotated[
        str, typer.Argument(metavar="ID", help="编号 / The id, as `list` shows it.")
    ],
    reason: Reason,
    by: By = None,
    warehouse: Warehouse = None,
) -> None:
    """豁免一行 / Decide that a refused row may stay out; the next refresh publishes it."""
    from pipelines.stages.store.catalog import Catalog

    settings = load_settings(warehouse)
    given = _given(reason)
    if not _rows(settings, {"quarantine_id = ?": quarantine_id}):
        raise Trouble(UNKNOWN.format(quarantine_id))
    with _alone(settings):
        Catalog(settings).decide(
            quarantine_id, "waived", given, datetime.now(BEIJING), by or current_user()
        )
    complain(
        f"已豁免 {quarantine_id}，运行 `juandi refresh` 发布 / "
        f"waived {quarantine_id}; run `juandi refresh` to publish it"
    )


@app.command("replay")
def replay_rows(
    source: SourceName = None,
    rule: RuleId = None,
    file: FileName = None,
    warehouse: Warehouse = None,
) -> None:
    """重读 / Let the next refresh read the files of refused rows again.

    After a change of the contract or the code this happens by itself: what other code has read is
    read again. Ask for it where something else has changed, or to see that nothing has.
    """
    from pipelines.stages.receive.correcting import read_again

    settings = load_settings(warehouse)
    rows = _rows(settings, _asked(source, rule, None, file))
    with _alone(settings):
        again = read_again(settings, {str(row["source_file_id"]) for row in rows})
    complain(
        f"{len(again)} 份文件将由下次 `juandi refresh` 重读 / "
        f"{len(again)} files will be read again by the next `juandi refresh`"
    )


@app.command("correct")
def correct_rows(
    corrections: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="更正文件 / The filled-in workbook, or a CSV with id, correction."
        ),
    ],
    reason: Reason,
    by: By = None,
    warehouse: Warehouse = None,
) -> None:
    """更正 / Hand in what refused lines should read; the next refresh reads them so.

    The line is typed and ruled like any other. A later correction of a line replaces the earlier.
    """
    from pipelines.stages.receive.correcting import CannotCorrect, RefusedLine, hand_in

    settings = load_settings(warehouse)
    given = _given(reason)
    refused = [
        RefusedLine(
            str(row["quarantine_id"]),
            str(row["source"]),
            str(row["source_file_id"]),
            tuple(str(row["rule_ids"]).split(";")),
        )
        for row in _rows(settings, {})
    ]
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    with _alone(settings):
        try:
            new = hand_in(settings, corrections, refused, given, by or current_user(), now)
        except CannotCorrect as faults:
            raise Trouble(f"未采纳 nothing was taken:\n{faults}") from None
    complain(
        f"收下 {len(new)} 行更正，运行 `juandi refresh` 生效 / "
        f"{len(new)} corrections taken; run `juandi refresh` to apply them"
    )


def _given(reason: str) -> str:
    """The reason, without what may name a person. Raises Trouble where there is none."""
    if not reason.strip():
        raise Trouble(
            "--reason：请写明理由，供日后查看 / --reason: give a reason, for whoever reads it later"
        )
    return mask_text(reason.strip())


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """The warehouse while no refresh runs. Raises Trouble (3) where one does."""
    from pipelines.publishing.lock import RefreshRunning, refresh_lock

    try:
        with refresh_lock(settings):
            yield
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
