"""The platform's three forms of export of gifts, written page by page.

Only the format: headings, spellings of dates and money, JSON keys. `gifts` makes the gifts,
`donation_faults` and `file_faults` the faults.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from sample.landing import GB18030, NOTICE, Dialect, Line, Text

SOURCE = "tencent_donations"
_CODES = {"支付成功": 11, "待支付": 10, "支付失败": 12}  # trans_state; 11 is paid


def _yuan(fen: str) -> pl.Expr:
    text = pl.col(fen).cast(pl.String).str.zfill(3)
    return pl.when(pl.col(fen).is_not_null()).then(
        text.str.head(-2) + pl.lit(".") + text.str.tail(2)
    )


def _moment(column: str, shape: str) -> pl.Expr:
    return pl.col(column).dt.strftime(shape)


_DASHED, _SLASHED = "%Y-%m-%d %H:%M:%S", "%Y/%-m/%-d %H:%M:%S"


@dataclass(frozen=True)
class ExportForm:
    """One form of export: each heading with its contract column and the text below it."""

    name: str
    columns: Mapping[str, tuple[str, pl.Expr]]  # heading → (contract's column, text)
    dialect: Dialect
    file_name: str  # with {day} and {page}
    is_json: bool = False

    @property
    def headings(self) -> list[str]:
        """As printed."""
        return list(self.columns)

    def heading_of(self, column: str) -> str:
        """The heading under which the form prints a column of the contract."""
        return next(h for h, (name, _) in self.columns.items() if name == column)

    def render(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Orders as the form's text columns."""
        return frame.select(text.alias(heading) for heading, (_, text) in self.columns.items())


def _back_office(campaign_id: str) -> ExportForm:
    texts = {
        "订单号": ("order_no", pl.col("order_no")),
        "项目编号": ("project_no", pl.col("project_no")),
        "项目名称": ("project_name", pl.col("project_name")),
        "捐款金额": ("amount", _yuan("fen")),
        "支付时间": ("paid_at", _moment("paid_at", _DASHED)),
        "支付状态": ("status", pl.col("shown")),
        "退款金额": ("refund", _yuan("shown_refund")),
        "退款时间": ("refunded_at", _moment("shown_refunded_at", _DASHED)),
        "捐款方式": ("channel", pl.col("channel")),
        "捐款人ID": ("donor_id", pl.col("donor_id")),
        "捐款人昵称": ("donor_name", pl.col("donor_name")),
        "手机号": ("phone", pl.col("phone")),
        "是否匿名": ("is_anonymous", pl.col("is_anonymous")),
        "捐款人地区代码": ("donor_region", pl.col("donor_region")),
        "一起捐队伍编号": ("team_id", pl.col("team_id")),
        "活动编号": ("campaign_id", pl.lit(campaign_id)),
    }
    return ExportForm(
        "back_office", texts, Dialect(), "{day}/合成数据_捐款订单_{day}_p{page:02d}.csv"
    )


def _back_office_gb() -> ExportForm:
    texts = {
        "交易单号": ("order_no", pl.col("order_no")),
        "捐赠时间": ("paid_at", _moment("paid_at", _SLASHED)),
        "项目ID": ("project_no", pl.col("project_no")),
        "项目名称": ("project_name", pl.col("project_name")),
        "捐赠金额（元）": ("amount", _yuan("fen")),
        "订单状态": ("status", pl.col("shown")),
        "退款金额（元）": ("refund", _yuan("shown_refund")),
        "退款时间": ("refunded_at", _moment("shown_refunded_at", _SLASHED)),
        "捐赠渠道": ("channel", pl.col("channel")),
        "用户标识": ("donor_id", pl.col("donor_id")),
        "捐款人": ("donor_name", pl.col("donor_name")),
        "手机号": ("phone", pl.col("phone")),
        "是否匿名": ("is_anonymous", pl.col("is_anonymous")),
        "捐款人地区代码": ("donor_region", pl.col("donor_region")),
    }
    return ExportForm(
        "back_office_gb", texts, GB18030, "{day}/合成数据_公募后台_{dashed}_p{page:02d}.csv"
    )


def _open_platform(serial: int) -> ExportForm:
    code = pl.col("shown").replace_strict(_CODES, return_dtype=pl.Int64)
    texts = {
        "transcode": ("order_no", pl.col("order_no")),
        "pid": ("project_no", pl.col("project_no")),
        "money": ("amount", pl.col("fen")),
        "trans_time": ("paid_at", _moment("paid_at", "%Y-%m-%dT%H:%M:%S+08:00")),
        "trans_state": ("status", code),
        "bt": ("bt", pl.lit("gongyi")),
        "bid": ("bid", pl.lit(f"SYN{serial:02d}")),
        "busi_code": ("busi_code", pl.lit("donate")),
        "appid": ("appid", pl.lit("wxSYNTHETIC0001")),
        "proj_name": ("project_name", pl.col("project_name")),
    }
    name = "{day}/synthetic_open_platform_{under}_p{page:02d}.jsonl"
    return ExportForm("open_platform", texts, Dialect(), name, is_json=True)


def forms(campaign_id: str, serial: int) -> dict[str, ExportForm]:
    """The three forms by name."""
    made = (_back_office(campaign_id), _back_office_gb(), _open_platform(serial))
    return {f.name: f for f in made}


def file_name(form: ExportForm, day: date, page: int, mark: str = "") -> str:
    """A page's name; the three forms spell the date differently. `mark`: ` (1)`, `_v2` …"""
    name = form.file_name.format(
        day=f"{day:%Y%m%d}", dashed=f"{day:%Y-%m-%d}", under=f"{day:%Y_%m_%d}", page=page
    )
    stem, dot, extension = name.rpartition(".")
    return f"{stem}{mark}{dot}{extension}"


def as_first_shown(frame: pl.DataFrame) -> pl.DataFrame:
    """Orders in the state that their own day's export shows, before later changes."""
    later = pl.col("first_status").is_not_null()
    return frame.with_columns(
        shown=pl.coalesce("first_status", "status"),
        shown_refund=pl.when(~later).then("refund_fen"),
        shown_refunded_at=pl.when(~later).then("refunded_at"),
    )


def as_known_now(frame: pl.DataFrame) -> pl.DataFrame:
    """Orders in their final state."""
    return frame.with_columns(
        shown="status", shown_refund="refund_fen", shown_refunded_at="refunded_at"
    )


@dataclass
class Edit:
    """An edit at a row of a page (0 = the first): records inserted before it, or replacing it."""

    row: int
    before: Sequence[Line] = ()
    instead: Line | None = None


def record(form: ExportForm, dialect: Dialect, cells: Mapping[str, object]) -> str:
    """One order as a line of the form; JSON keeps numbers as numbers."""
    if form.is_json:
        kept = {k: v for k, v in cells.items() if v is not None}
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
    return dialect.line("" if v is None else str(v) for v in cells.values())


def write_page(
    form: ExportForm,
    frame: pl.DataFrame,
    edits: Sequence[Edit] = (),
    dialect: Dialect | None = None,
    drop: Callable[[str], bool] | None = None,
) -> Text:
    """A page as text: title, heading, records in order, with edits applied.

    `frame` has shown, shown_refund and shown_refunded_at; `drop` selects columns to omit.
    """
    dialect = dialect or form.dialect
    text = Text(dialect)
    shown = form.render(frame)
    if drop:
        shown = shown.select(h for h, (name, _) in form.columns.items() if not drop(name))
    if not form.is_json:
        text.cells([NOTICE])
        text.cells(shown.columns)
    at = 0
    for edit in sorted(edits, key=lambda e: e.row):
        _slice(text, form, dialect, shown, frame, at, edit.row)
        for line in edit.before:
            text.add(line)
        at = max(at, edit.row)
        if edit.instead:
            text.add(edit.instead)
            at += 1
    _slice(text, form, dialect, shown, frame, at, frame.height)
    return text


def _slice(
    text: Text,
    form: ExportForm,
    dialect: Dialect,
    shown: pl.DataFrame,
    frame: pl.DataFrame,
    begin: int,
    end: int,
) -> None:
    if end <= begin:
        return
    part = shown.slice(begin, end - begin)
    fen = int(frame["fen"].slice(begin, end - begin).sum())
    if form.is_json:
        data = part.write_ndjson().encode()
    else:
        data = part.write_csv(
            include_header=False, separator=dialect.separator, line_terminator=dialect.newline
        ).encode()
    text.block(data, end - begin, fen)
