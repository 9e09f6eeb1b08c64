"""微信支付交易账单: a merchant's bill of a day, a payment or refund per line; personal ledgers too.

    landing/wechat_trade_bills/…20240802….csv → lake/wechat_trade_bills → stg_wechat_trade_bills
    → fact_settlement (not the personal ledgers: they are somebody's purchases, and stay here)

Headings: WeChat Pay's merchant documentation (as of 2024-11) and the layouts before it (24, 26
columns, 总金额 for 应结订单金额, 企业红包 for 代金券). Values keep the sign they are printed with:
older bills print refunds and fees negative, newer ones positive beside a status; the one
convention is made in staging. A revoked payment is a second row of the same order.
"""

from dataclasses import replace

import polars as pl

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Claim, Column, Form, RowRule, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, matches, moment_in_range, within

NAME = "wechat_trade_bills"
STATUSES = ("SUCCESS", "REFUND", "REVOKED")
REFUND_STATUSES = ("SUCCESS", "PROCESSING", "FAIL", "CHANGE")
DIRECTIONS = {"收入": "收入", "支出": "支出"}  # 中性交易 prints a slash: neither
KINDS = ("trade_all", "trade_success", "trade_refund", "personal")
_LINE = ("transaction_no", "order_no", "traded_at", "trade_status", "amount")
_NO_REFUND = ("0", "`0")  # how a bill of all lines prints "no refund here"
_IS_LEDGER = pl.col("bill_kind") == "personal"


def _kind(name: str, *extra: str) -> Form:
    return Form(name, required=(*_LINE, *extra), row_required=_LINE, constants={"bill_kind": name})


def _claims() -> tuple[Claim, ...]:
    income, spending = pl.col("direction") == "收入", pl.col("direction") == "支出"
    neutral = _IS_LEDGER & pl.col("direction").is_null()
    claims = [
        Claim("rows", ("总交易单数",), r"^共(\d+)笔记录"),
        Claim("amount", ("应结订单总金额", "总交易额"), None, "amount"),
        Claim("refund", ("退款总金额", "总退款金额"), None, "refund"),
        Claim("refund_coupon", ("充值券退款总金额", "总企业红包退款金额"), None, "refund_coupon"),
        Claim("fee", ("手续费总金额",), None, "fee"),
        Claim("order_amount", ("订单总金额",), None, "order_amount"),
        Claim("refund_requested", ("申请退款总金额",), None, "refund_requested"),
    ]
    for name, word, rows in (
        ("income", "收入", income),
        ("spending", "支出", spending),
        ("neutral", "中性交易", neutral),
    ):
        claims.append(Claim(f"{name}_rows", (), rf"^{word}[：:](\d+)笔", None, rows))
        claims.append(Claim(name, (), rf"^{word}[：:]\d+笔\s*([\d.,]+)元", "amount", rows))
    return tuple(claims)


def _without_accounts(frame: pl.DataFrame) -> pl.DataFrame:
    """Ledgers print the holder's bank and card into the type: 转入零钱通-来自某银行(9876)."""
    plain = pl.col("trade_type").str.replace(r"-(?:来自|到).*$", "")
    return frame.with_columns(plain.alias("trade_type"))


_IN_RANGE = moment_in_range(
    NAME,
    "traded_at",
    "商户账单的交易时间须在2007年至账单日次日之间。",
    "A line of a merchant's bill was traded between 2007 and the day after the bill's.",
)

WECHAT_TRADE_BILLS = Source(
    name=NAME,
    title_zh="微信支付交易账单",
    title_en="WeChat Pay trade bills",
    cadence="on_event",
    money_column="amount",
    claims=_claims(),
    day_words=("起始时间",),
    derive=_without_accounts,
    forms=(
        _kind("trade_refund", "refund_requested_at"),
        _kind("trade_all", "refund_no"),
        _kind("trade_success"),
        Form(
            "personal",
            names={"商品": "ledger_goods"},
            required=("traded_at", "direction", "amount", "ledger_status"),
            row_required=("traded_at", "amount"),
            constants={"bill_kind": "personal"},
        ),
    ),
    columns=(
        known("bill_kind", zh="账单类型", en="Kind of bill", codes=KINDS),
        known("transaction_no", ("微信订单号", "微信支付订单号", "交易单号"), zh="微信支付订单号",
            en="WeChat Pay's number of the payment", required=True, key=True, by_machine=True),
        known("order_no", ("商户订单号", "商户单号"), zh="商户订单号", en="Merchant's order number",
            required=True, key=True, by_machine=True),
        known("traded_at", ("交易时间",), zh="交易时间", en="Traded at; of a refund: accepted at",
            required=True, key=True),
        Column("trade_type", Kind.TEXT, ("交易类型",), "交易类型", "Type of trade", key=True),
        Column("trade_status", Kind.CODE, ("交易状态",), "交易状态", "State of the trade",
               required=True, key=True, codes={s: s for s in STATUSES}, closed=True),
        Column("appid", Kind.TEXT, ("公众账号ID",), "公众账号ID", "Application id"),
        Column("merchant_no", Kind.ID, ("商户号",), "商户号", "Merchant"),
        Column("sub_merchant_no", Kind.ID, ("特约商户号", "子商户号"), "特约商户号",
               "Sub-merchant"),
        Column("device_no", Kind.TEXT, ("设备号",), "设备号", "Device"),
        Column("payer", Kind.ID, ("用户标识",), "用户标识", "Payer's id", personal=True),
        Column("bank", Kind.TEXT, ("付款银行",), "付款银行", "Paying bank"),
        Column("currency", Kind.TEXT, ("货币种类",), "货币种类", "Currency"),
        Column("amount", Kind.MONEY, ("应结订单金额", "总金额", "金额"), "应结订单金额",
               "Amount to be settled, as printed", required=True),
        Column("coupon", Kind.MONEY, ("代金券金额", "企业红包金额"), "代金券金额",
               "Paid by coupon"),
        Column("refund_requested_at", Kind.DATETIME, ("退款申请时间",), "退款申请时间",
               "Refund requested at"),
        Column("refund_succeeded_at", Kind.DATETIME, ("退款成功时间",), "退款成功时间",
               "Refund succeeded at"),
        known("refund_no", ("微信退款单号",), zh="微信退款单号",
            en="WeChat Pay's number of the refund", key=True, null_words=_NO_REFUND,
            by_machine=True),
        Column("merchant_refund_no", Kind.ID, ("商户退款单号",), "商户退款单号",
               "Merchant's number of the refund", null_words=_NO_REFUND, by_machine=True),
        Column("refund", Kind.MONEY, ("退款金额",), "退款金额", "Refund, with the printed sign"),
        Column("refund_coupon", Kind.MONEY, ("充值券退款金额", "企业红包退款金额"),
               "充值券退款金额", "Refund of coupons, with the printed sign"),
        Column("refund_type", Kind.TEXT, ("退款类型",), "退款类型", "Way of the refund"),
        known("refund_status", ("退款状态",), codes=REFUND_STATUSES),
        Column("goods", Kind.TEXT, ("商品名称",), "商品名称", "Goods, as the merchant calls them"),
        Column("packet", Kind.TEXT, ("商户数据包",), "商户数据包",
               "Merchant's packet (may hold anything)", personal=True),
        Column("fee", Kind.FINE_MONEY, ("手续费",), "手续费",
               "Fee, five decimals, with the printed sign"),
        Column("fee_rate", Kind.SHARE, ("费率",), "费率", "Rate of the fee"),
        Column("order_amount", Kind.MONEY, ("订单金额",), "订单金额", "Amount of the order"),
        Column("refund_requested", Kind.MONEY, ("申请退款金额",), "申请退款金额",
               "Refund asked for, with the printed sign"),
        Column("rate_note", Kind.TEXT, ("费率备注",), "费率备注", "Remark on the rate"),
        Column("direction", Kind.CODE, ("收/支",), "收/支", "Personal ledger: in or out",
               codes=DIRECTIONS),
        Column("ledger_status", Kind.TEXT, ("当前状态",), "当前状态", "Personal ledger: state"),
        known("counterparty", ("交易对方",)),
        known("ledger_goods"),
        known("method", ("支付方式",)),
        Column("ledger_note", Kind.TEXT, ("备注",), "备注", "Personal ledger: remark",
               personal=True),
    ),
    rules=(
        replace(_IN_RANGE, holds=_IS_LEDGER | _IN_RANGE.holds),
        within(NAME, "amount_fen", 0, HUNDRED_MILLION_FEN, "应结订单金额须在0至1亿元之间。",
               "An amount to be settled lies between 0 and 100 million yuan.",
               rule="amount_range"),
        matches(NAME, "order_no", r"[0-9A-Za-z_\-|*@]{1,64}",
                "商户订单号只含字母、数字与 _ - | * @。",
                "An order number holds letters, digits and _ - | * @ only.",
                rule="order_no_shape"),
        RowRule(f"{NAME}.refund_numbered", ("trade_status", "refund_no"),
                (pl.col("trade_status") != "REFUND") | pl.col("refund_no").is_not_null(),
                "退款行须有微信退款单号。", "A refund has a number of its own.",
                "从商户平台重新下载账单。", "Download the bill again from the merchant platform."),
        RowRule(f"{NAME}.currency_is_cny", ("currency",),
                pl.col("currency").is_null() | (pl.col("currency") == "CNY"),
                "货币种类须为人民币（CNY）。", "The currency is CNY.",
                "外币账单不在本来源内。",
                "Bills in another currency do not belong to this source."),
    ),
)  # fmt: skip # a contract
