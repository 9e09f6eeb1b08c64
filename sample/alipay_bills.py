"""Alipay's bills of the second platform's gifts: business details, account details, summaries.

Each is a ZIP of the details (明细) and their summary (汇总), as Alipay delivers it; the last
day's business details are unpacked and contain the faulty lines. The account repeats the
payments of the business details, every day in another layout. Fees are planted in both of
the first day's bills.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from sample import alipay_bill_files as files
from sample import alipay_files
from sample.bill_files import FEE
from sample.campaigns import Campaign
from sample.landing import GB18030, SampleFolder, zipped_as_gbk
from sample.manifest import Planted, yuan
from sample.register_faults import plant_rows
from sample.registers import Register, Row, cell_text

_STORE = ("SYNSTORE", "合成门店")
_OPENING_FEN = 1_000_000  # balance before a day's first entry
_PAYMENT, _REFUND, _FEE_TAKEN = "在线支付", "交易退款", "收费"  # types of entry in the account


@dataclass(frozen=True)
class _Trade:
    """A payment or a refund of one, and its fee (both unsigned)."""

    transaction_no: str
    order_no: str
    at: str
    fen: int
    fee_fen: int = 0
    is_refund: bool = False


@dataclass(frozen=True)
class _Bill:
    """A day's bill of one kind: its details, their summary and printed totals."""

    what: str
    details: Register
    summary: Register
    totals: tuple[str, ...]
    planted: tuple[Planted, ...] = ()  # of the whole bill


def write_bills(landing: SampleFolder, campaign: Campaign, count: int) -> None:
    """Writes both bills of each day, for the second platform's `count` orders a day."""
    with_fees = landing.manifest.faults != "none"
    for day_no, day in enumerate(campaign.days):
        is_first, is_last = day_no == 0, day == campaign.days[-1]
        trades = _trades(campaign, day, count, landing.manifest.seed, with_fees and is_first)
        business = _business(trades, day, signed=not is_last)
        account = _account(trades, day, files.ACCOUNT[day_no % len(files.ACCOUNT)], signed=is_first)
        if is_last:
            _write_unpacked(landing, business, day)
        else:
            _write_packed(landing, business, day)
        _write_packed(landing, account, day)


def _trades(campaign: Campaign, day: date, count: int, seed: int, with_fees: bool) -> list[_Trade]:
    """The payments of the second platform's gifts of a day, and their refunds."""
    orders = alipay_files.gifts(campaign, day, count, seed)
    trades = []
    for row in orders.rows:
        cells = dict(zip(orders.headings, map(cell_text, row.cells), strict=True))
        if cells["交易状态"] not in ("捐赠成功", "部分退回", "已退回"):
            continue
        one = (cells["支付宝交易号"], cells["商户订单号"], cells["捐赠时间"])
        fee = max(row.fen * FEE // 1000, 1) if with_fees else 0
        trades.append(_Trade(*one, row.fen, fee))
        if back := cells["退回金额（元）"]:
            trades.append(_Trade(*one, int(Decimal(back).scaleb(2)), is_refund=True))
    return trades


def _flag(family: str, day: date, text: str | None = None) -> Planted:
    key = f"{files.SOURCE}#{family}#{day:%Y-%m-%d}"
    return Planted(
        "fee_where_none", "flag", files.SOURCE, rule="fee_where_none", key=key, text=text
    )


def _business(trades: Sequence[_Trade], day: date, *, signed: bool) -> _Bill:
    """A line per trade; `signed` prints refunds with a minus, else only their type shows them."""
    table = Register(files.SOURCE, "业务明细", list(files.BUSINESS))
    for one in trades:
        fen = -one.fen if one.is_refund and signed else one.fen
        cells = dict.fromkeys(files.BUSINESS, "") | {
            "支付宝交易号": one.transaction_no,
            "业务类型": "退款" if one.is_refund else "交易",
            "商户订单号": one.order_no,
            "商品名称": "合成捐款",
            "创建时间": one.at,
            "完成时间": one.at,
            "门店编号": _STORE[0],
            "门店名称": _STORE[1],
            "订单金额（元）": yuan(fen),
            "商家实收（元）": yuan(fen),
            "退款批次号/请求号": f"SYNRF{one.order_no}" if one.is_refund else "",
            "服务费（元）": yuan(-one.fee_fen),
        }
        table.rows.append(Row(list(cells.values()), "loaded", fen))
    planted = (_flag("trade", day),) if any(t.fee_fen for t in trades) else ()
    return _Bill("业务", table, _business_summary(trades), _business_totals(table.rows), planted)


def _business_totals(rows: Sequence[Row]) -> tuple[str, ...]:
    """The totals printed below these lines: 商家实收 of payments and of refunds."""
    kind, received = (files.BUSINESS.index(h) for h in ("业务类型", "商家实收（元）"))
    totals = []
    for word, label in (("交易", "商家实收"), ("退款", "商家实收退款")):
        of_kind = [r for r in rows if r.cells[kind] == word]
        total = sum((Decimal(cell_text(r.cells[received])) for r in of_kind), Decimal(0))
        totals.append(f"#{word}合计：{len(of_kind)}笔，{label}共{total:.2f}元")
    return tuple(totals)


def _business_summary(trades: Sequence[_Trade]) -> Register:
    """Totals by store, of which there is one, and over all."""
    refunds = sum(t.is_refund for t in trades)
    fen = sum(-t.fen if t.is_refund else t.fen for t in trades)
    fee = sum(t.fee_fen for t in trades)
    money = [yuan(f) for f in (fen, fen, 0, 0, 0, -fee, 0, fen - fee)]
    figures = [str(len(trades) - refunds), str(refunds), *money]
    table = Register(files.SOURCE, "业务汇总", list(files.BUSINESS_SUMMARY))
    table.rows = [Row([*_STORE, *figures]), Row(["合计", "", *figures], "aside")]
    return table


def _account(trades: Sequence[_Trade], day: date, layout: Sequence[str], *, signed: bool) -> _Bill:
    """Entries into and out of the account; `signed` prints those out of it with a minus."""
    table = Register(files.SOURCE, "账务明细", list(layout))
    entries = list(_entries(trades))
    nothing = "0.00" if "业务类型" in layout else ""
    flag = _flag("account", day, _FEE_TAKEN)
    balance = _OPENING_FEN
    for number, (kind, one, fen) in enumerate(entries):
        balance += fen
        out = yuan(fen if signed else -fen)
        cells = dict.fromkeys(layout, "") | {
            "账务流水号": f"SYNAL{day:%Y%m%d}{number:06d}", "业务流水号": one.transaction_no,
            "商户订单号": one.order_no, "业务基础订单号": one.order_no, "商品名称": "合成捐款",
            "发生时间": one.at, files.IN: yuan(fen) if fen > 0 else nothing,
            files.OUT: out if fen < 0 else nothing, files.LEFT: yuan(balance), "交易渠道": "支付宝",
            "业务类型": kind, "业务描述": "合成捐款", "备注": "合成",
        }  # fmt: skip # a table
        planted = (flag,) if kind == _FEE_TAKEN else ()
        row = Row([cells[h] for h in layout], "loaded", max(fen, 0), planted)
        table.rows.append(row)
    totals = []
    for word, sign in (("支出", -1), ("收入", 1)):
        count, fen = _added(entries, sign)
        totals.append(f"#{word}合计：{count}笔，共{yuan(fen if signed else abs(fen))}元")
    # in this bill, lines below the table are as wide as the table
    commas = "," * (len(layout) - 1)
    return _Bill("账务", table, _account_summary(entries), tuple(t + commas for t in totals))


_Entry = tuple[str, _Trade, int]


def _entries(trades: Sequence[_Trade]) -> list[_Entry]:
    """The entries of each trade in the account: type, trade, change of the balance in fen."""
    entries: list[_Entry] = []
    for one in trades:
        entries.append((_REFUND, one, -one.fen) if one.is_refund else (_PAYMENT, one, one.fen))
        if one.fee_fen:
            entries.append((_FEE_TAKEN, one, -one.fee_fen))
    return entries


def _added(entries: Sequence[_Entry], sign: int) -> tuple[int, int]:
    """Number and sum of the entries in this direction."""
    fens = [fen for *_, fen in entries if fen * sign > 0]
    return len(fens), sum(fens)


def _account_summary(entries: Sequence[_Entry]) -> Register:
    """Totals by kind of entry, and over all."""
    table = Register(files.SOURCE, "账务汇总", list(files.ACCOUNT_SUMMARY))
    for kind in (_PAYMENT, _REFUND, _FEE_TAKEN, "合计"):
        these = [e for e in entries if kind in (e[0], "合计")]
        (n_in, fen_in), (n_out, fen_out) = _added(these, 1), _added(these, -1)
        figures = [str(n_in), yuan(fen_in), str(n_out), yuan(-fen_out), yuan(fen_in + fen_out)]
        if these or kind == "合计":
            table.rows.append(Row([kind, *figures], "aside" if kind == "合计" else "loaded"))
    return table


def _received(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(10))


def _write_packed(landing: SampleFolder, bill: _Bill, day: date) -> None:
    """The details and their summary in one ZIP."""
    details, summary = files.framed(bill.details, day, bill.totals), files.framed(bill.summary, day)
    stem = f"合成数据_2088SYNTHETIC_{day:%Y%m%d}_{bill.what}明细"
    texts = {f"{stem}.csv": details, f"{stem}(汇总).csv": summary}
    data = zipped_as_gbk({name: text.to_bytes() for name, text in texts.items()})
    rows = details.rows
    rows.add("loaded", summary.rows.loaded, 0)  # amounts of a summary are not counted
    facts = landing.write(
        files.SOURCE,
        f"合成数据_支付宝{bill.what}明细_{day:%Y%m%d}.csv.zip",
        data,
        _received(day),
        rows=rows,
        encoding=GB18030.encoding,
        dialect=GB18030.described,
        partition=day,
        planted=(*details.planted, *bill.planted),
    )
    facts.footer_rows, facts.footer_agrees = len(bill.totals) + 1, True  # and the summary's 合计


def _write_unpacked(landing: SampleFolder, bill: _Bill, day: date) -> None:
    """The details alone, with the faulty lines; the printed totals do not include those."""
    table = plant_rows(bill.details, landing.manifest.faults)
    name = f"合成数据_支付宝{bill.what}明细_{day:%Y%m%d}.csv"
    text = files.framed(table, day, bill.totals)
    text.planted += bill.planted
    facts = landing.write_text(files.SOURCE, name, text, _received(day), day)
    facts.footer_rows = len(bill.totals)
    facts.footer_agrees = bill.totals == _business_totals(table.rows)
