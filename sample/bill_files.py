"""Payment bills in WeChat Pay's present and older formats: headings, marks, summary tables.

Only the format, as in the channel's documentation; `bills` makes the lines.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from sample.landing import NOTICE, Dialect, Text
from sample.manifest import yuan
from sample.registers import Register

TRADE, FUNDFLOW = "wechat_trade_bills", "wechat_fundflow_bills"
CRLF = Dialect(newline="\r\n")
FEE = 6  # thousandths of a fen per fen: 0.60% where a bill charges a fee; gifts should pay none

_HEAD = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,"
    "交易状态,付款银行,货币种类,应结订单金额,代金券金额"
)
_REFUNDED = "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态"
_TAIL = "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
ALL = f"{_HEAD},{_REFUNDED},{_TAIL}".split(",")
SUCCESS = f"{_HEAD},商品名称,商户数据包,手续费,费率,订单金额,费率备注".split(",")
REFUND = f"{_HEAD},退款申请时间,退款成功时间,{_REFUNDED},{_TAIL}".split(",")
#: The older layouts: 24 columns for all lines, 26 for refunds. Old merchants still get them.
_OLD_NAMES = {
    "特约商户号": "子商户号",
    "应结订单金额": "总金额",
    "代金券金额": "企业红包金额",
    "充值券退款金额": "企业红包退款金额",
}
_LATER = ("订单金额", "申请退款金额", "费率备注")
OLD_ALL = [_OLD_NAMES.get(h, h) for h in ALL if h not in _LATER]
OLD_REFUND = [_OLD_NAMES.get(h, h) for h in REFUND if h not in _LATER]
SUMMARY = (
    "总交易单数",
    "应结订单总金额",
    "退款总金额",
    "充值券退款总金额",
    "手续费总金额",
    "订单总金额",
    "申请退款总金额",
)
OLD_SUMMARY = ("总交易单数", "总交易额", "总退款金额", "总企业红包退款金额", "手续费总金额")
FUNDFLOW_HEAD = (
    "记账时间", "微信支付业务单号", "资金流水单号", "业务名称", "业务类型", "收支类型",
    "收支金额(元)", "账户结余(元)", "资金变更提交申请人", "备注", "业务凭证号",
)  # fmt: skip # a list
FUNDFLOW_SUMMARY = ("资金流水总笔数", "收入笔数", "收入金额", "支出笔数", "支出金额")


def _money(fen: pl.Expr) -> pl.Expr:
    text = fen.abs().cast(pl.String).str.zfill(3)
    sign = pl.when(fen < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return sign + text.str.head(-2) + pl.lit(".") + text.str.tail(2)


def _fee(fen: pl.Expr, rate: int) -> pl.Expr:
    text = (fen.abs() * rate).cast(pl.String).str.zfill(6)
    sign = pl.when(fen * rate < 0).then(pl.lit("-")).otherwise(pl.lit(""))
    return sign + text.str.head(-5) + pl.lit(".") + text.str.tail(5)


def _minus(headings: Sequence[str]) -> int:
    """The sign of refunds and fees: minus in the older layouts, plus in the present ones."""
    return -1 if "总金额" in headings else 1


def trade_lines(lines: pl.DataFrame, headings: Sequence[str], rate: int = 0) -> pl.DataFrame:
    """`order_no`, `at`, `state`, `fen` (paid), `refund_fen`, `refund_no` as a bill's texts.

    `rate`: the fee, in thousandths of a fen per fen.
    """
    refunded = pl.col("state") == "REFUND"
    at = pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S")
    sign = _minus(headings)
    texts = {
        "交易时间": at, "公众账号ID": pl.lit("wxSYNTHETIC0001"), "商户号": pl.lit("SYN1500000001"),
        "微信订单号": pl.lit("SYNTX") + pl.col("order_no") + pl.lit("X"),
        "商户订单号": pl.col("order_no"), "用户标识": pl.lit("oSYNTHETIC"),
        "交易类型": pl.lit("JSAPI"), "交易状态": pl.col("state"), "付款银行": pl.lit("OTHERS"),
        "货币种类": pl.lit("CNY"), "应结订单金额": _money(pl.col("fen")),
        "代金券金额": pl.lit("0.00"), "退款申请时间": at, "退款成功时间": at,
        "微信退款单号": pl.col("refund_no"), "商户退款单号": pl.col("refund_no"),
        "退款金额": _money(pl.col("refund_fen") * sign), "充值券退款金额": pl.lit("0.00"),
        "退款类型": pl.when(refunded).then(pl.lit("ORIGINAL")).otherwise(pl.lit("")),
        "退款状态": pl.when(refunded).then(pl.lit("SUCCESS")).otherwise(pl.lit("")),
        "商品名称": pl.lit("合成捐款"), "手续费": _fee(pl.col("fen") * sign, rate),
        "费率": pl.lit(f"{rate / 10:.2f}%"),
        "订单金额": _money(pl.col("fen")), "申请退款金额": _money(pl.col("refund_fen")),
    }  # fmt: skip # a table
    texts |= {old: texts[new] for new, old in _OLD_NAMES.items() if new in texts}
    return lines.select((pl.lit("`") + texts.get(h, pl.lit(""))).alias(h) for h in headings)


def trade_summary(lines: pl.DataFrame, headings: Sequence[str], rate: int) -> dict[str, str]:
    """The table below a trade bill; a bill of payments alone has no figures for refunds."""
    sign = _minus(headings)
    fen, refund = int(lines["fen"].sum()), int(lines["refund_fen"].sum()) * sign
    fee = f"{fen * rate:06d}"
    minus = "-" if fen * rate * sign < 0 else ""
    figures = [str(lines.height), yuan(fen), yuan(refund), "0.00", f"{minus}{fee[:-5]}.{fee[-5:]}"]
    if sign < 0:
        return {n: f"`{f}" for n, f in zip(OLD_SUMMARY, figures, strict=True)}
    by_name = dict(zip(SUMMARY, [*figures, yuan(fen), yuan(refund)], strict=True))
    return {n: f"`{f}" for n, f in by_name.items() if headings != SUCCESS or "退款" not in n}


def trade_bill(lines: pl.DataFrame, headings: Sequence[str], rate: int = 0) -> Text:
    """A whole bill of these lines, its summary table last."""
    text = Text(CRLF)
    text.cells([NOTICE])
    text.cells(headings)
    shown = trade_lines(lines, headings, rate)
    data = shown.write_csv(include_header=False, line_terminator=CRLF.newline).encode()
    text.block(data, lines.height, int(lines["fen"].sum()))
    summary = trade_summary(lines, headings, rate)
    text.cells(summary)
    text.cells(summary.values())
    return text


def fundflow_bill(lines: pl.DataFrame, opening_fen: int) -> Text:
    """Payments (`order_no`, `at`, `fen`) as entries of an account that begins at `opening_fen`."""
    texts = (
        pl.col("at").dt.strftime("%Y-%m-%d %H:%M:%S"),
        pl.lit("SYNTX") + pl.col("order_no") + pl.lit("X"),
        pl.lit("SYNFLOW") + pl.col("order_no"),
        pl.lit("交易"),
        pl.lit("交易"),
        pl.lit("收入"),
        _money(pl.col("fen")),
        _money(pl.col("fen").cum_sum() + opening_fen),
        pl.lit("SYNAPI"),
        pl.lit("合成"),
        pl.lit("SYNV") + pl.col("order_no"),
    )
    shown = lines.sort("at", "order_no").select(
        (pl.lit("`") + text).alias(name) for name, text in zip(FUNDFLOW_HEAD, texts, strict=True)
    )
    fen = int(lines["fen"].sum())
    text = Text(CRLF)
    text.cells([NOTICE])
    text.cells(FUNDFLOW_HEAD)
    data = shown.write_csv(include_header=False, line_terminator=CRLF.newline).encode()
    text.block(data, lines.height, fen)
    text.cells(FUNDFLOW_SUMMARY)
    text.cells(f"`{f}" for f in (lines.height, lines.height, yuan(fen), 0, yuan(0)))
    return text


def with_summary(table: Register, names: Sequence[str], figures: Sequence[str]) -> Text:
    """A small bill, its summary table last."""
    text = table.to_text(CRLF)
    text.cells(names)
    text.cells([f"`{f}" for f in figures])
    return text
