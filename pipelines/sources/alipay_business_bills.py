"""支付宝商家账单: business details, account details, their summaries; personal ledgers too.

    landing/alipay_business_bills/… → lake/alipay_business_bills → stg_alipay_business_bills
    → fact_settlement (business and account details; personal ledgers and summaries stay here)

GB18030 framed by `#` lines, ids with a trailing tab. 退款 is printed negative in one variant and
positive beside its type in another: values keep their sign here, staging makes one convention.
"""

from dataclasses import replace

import polars as pl

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Claim, Column, Form, RowRule, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, matches, moment_in_range, within

NAME = "alipay_business_bills"
KINDS = ("business", "account", "account_summary", "business_summary", "personal")
TYPES = ("交易", "退款")
_LINE = ("transaction_no", "order_no", "traded_at", "business_type", "amount")
_IS_LEDGER = pl.col("bill_kind") == "personal"
_NUMBER = r"(-?[\d.,]+)"


def _claims() -> tuple[Claim, ...]:
    """`#交易合计：6笔，商家实收共0.06元，商家优惠共0.00元`; ledgers: `支出：63笔 16.54元`."""
    claims = [Claim("rows", (), r"^共(\d+)笔记录")]
    for name, word, kind in (("trades", "交易", "交易"), ("refunds", "退款", "退款")):
        line, rows = rf"^#{word}合计[：:]", pl.col("business_type") == kind
        claims += [
            Claim(f"{name}_rows", (), rf"{line}(\d+)笔", None, rows),
            Claim(f"{name}_received", (), rf"{line}.*?商家实收(?:退款)?共{_NUMBER}元", "received",
                  rows),
            Claim(f"{name}_discount", (), rf"{line}.*?商家优惠(?:退款)?共{_NUMBER}元",
                  "merchant_discount", rows),
        ]  # fmt: skip # a list
    for name, word, column in (
        ("entries_in", "收入", "amount"),
        ("entries_out", "支出", "expense"),
    ):
        line, rows = rf"^#{word}合计[：:]", pl.col(f"{column}_fen").fill_null(0) != 0
        claims += [
            Claim(f"{name}_rows", (), rf"{line}(\d+)笔", None, rows),
            Claim(name, (), rf"{line}\d+笔，共{_NUMBER}元", column),
        ]
    for name, word in (("income", "收入"), ("spending", "支出"), ("neutral", "不计收支")):
        rows = pl.col("direction") == word
        claims += [
            Claim(f"{name}_rows", (), rf"^{word}[：:](\d+)笔", None, rows),
            Claim(name, (), rf"^{word}[：:]\d+笔\s*{_NUMBER}元", "amount", rows),
        ]
    return tuple(claims)


_IN_RANGE = moment_in_range(
    NAME,
    "traded_at",
    "商家账单的时间须在2007年至账单日次日之间。",
    "A line of a merchant's bill was traded between 2007 and the day after the bill's.",
)


def _money(name: str, heading: str, en: str) -> Column:
    return Column(name, Kind.MONEY, (heading,), heading, en)


ALIPAY_BUSINESS_BILLS = Source(
    name=NAME,
    title_zh="支付宝商家账单",
    title_en="Alipay merchant bills",
    cadence="on_event",
    money_column="amount",
    claims=_claims(),
    day_words=("起始日期", "起始时间"),
    forms=(
        Form(
            "business",
            required=(*_LINE, "received"),
            row_required=_LINE,
            constants={"bill_kind": "business"},
        ),
        Form(
            "account",
            names={"收入金额": "amount"},
            required=("entry_no", "amount"),
            row_required=("traded_at",),
            constants={"bill_kind": "account"},
        ),
        Form(
            "account_summary",
            names={"类型": "summary_of", "收入金额": "summary_in"},
            required=("summary_of", "summary_in"),
            row_required=(),
            constants={"bill_kind": "account_summary"},
        ),
        Form(
            "business_summary",
            names={"订单金额": "summary_in"},
            required=("trades", "refunds", "summary_in"),
            row_required=(),
            constants={"bill_kind": "business_summary"},
        ),
        Form(
            "personal",
            required=("traded_at", "direction", "amount", "ledger_status"),
            row_required=("traded_at", "amount"),
            constants={"bill_kind": "personal"},
        ),
    ),
    columns=(
        known("bill_kind", zh="账单类型", en="Kind of bill", codes=KINDS),
        Column("entry_no", Kind.ID, ("账务流水号",), "账务流水号", "Number of the entry", key=True,
               by_machine=True),
        known("transaction_no", ("支付宝交易号", "业务流水号", "交易订单号"), zh="支付宝交易号",
            en="Alipay's number of the payment", required=True, key=True, by_machine=True),
        known("order_no", ("商户订单号", "商家订单号"), zh="商户订单号",
            en="Merchant's order number", required=True, key=True, by_machine=True),
        Column("base_order_no", Kind.ID, ("业务基础订单号",), "业务基础订单号", "Base order",
               by_machine=True),
        Column("business_order_no", Kind.ID, ("业务订单号",), "业务订单号", "Business order",
               by_machine=True),
        Column("business_type", Kind.TEXT, ("业务类型", "交易分类"), "业务类型", "Type of line",
               required=True, key=True),
        Column("goods", Kind.TEXT, ("商品名称",), "商品名称", "Goods, as the merchant calls them"),
        Column("created_at", Kind.DATETIME, ("创建时间",), "创建时间", "Order made at"),
        known("traded_at", ("完成时间", "发生时间", "交易时间"), zh="完成时间", en="Completed at",
            required=True, key=True),
        Column("store_no", Kind.TEXT, ("门店编号",), "门店编号", "Store number", key=True),
        Column("store_name", Kind.TEXT, ("门店名称",), "门店名称", "Store"),
        Column("operator", Kind.TEXT, ("操作员",), "操作员", "Operator", personal=True),
        Column("terminal_no", Kind.TEXT, ("终端号",), "终端号", "Terminal"),
        Column("payer", Kind.TEXT, ("对方账户", "对方账号"), "对方账户", "The other side's account",
               personal=True),
        Column("amount", Kind.MONEY, ("订单金额", "金额"), "订单金额",
               "Amount of the order (of an entry: what came in), with the printed sign",
               required=True),
        _money("received", "商家实收", "What the merchant receives, with the printed sign"),
        _money("red_packet", "支付宝红包", "Paid by Alipay's red packet"),
        _money("points", "集分宝", "Paid by points"),
        _money("alipay_discount", "支付宝优惠", "Discount borne by Alipay"),
        _money("merchant_discount", "商家优惠", "Discount borne by the merchant"),
        _money("coupon_used", "券核销金额", "Coupon used"),
        Column("coupon_name", Kind.TEXT, ("券名称",), "券名称", "Coupon"),
        _money("merchant_red_packet", "商家红包消费金额", "Paid by the merchant's red packet"),
        _money("card_used", "卡消费金额", "Paid by card"),
        known("refund_no", ("退款批次号/请求号",), zh="退款批次号/请求号",
            en="Number of the refund", key=True, by_machine=True),
        Column("fee", Kind.FINE_MONEY, ("服务费",), "服务费", "Fee, with the printed sign"),
        _money("profit_share", "分润", "Share of profit"),
        _money("expense", "支出金额", "What went out, with the printed sign"),
        _money("balance", "账户余额", "Balance after it"),
        Column("trade_channel", Kind.TEXT, ("交易渠道",), "交易渠道", "Channel"),
        Column("bill_origin", Kind.TEXT, ("业务账单来源",), "业务账单来源", "Origin of the entry"),
        known("note", ("备注",)),
        Column("description", Kind.TEXT, ("业务描述",), "业务描述",
               "What an entry is about (may hold anything)", personal=True),
        Column("summary_of", Kind.TEXT, (), "类型", "Summary: of what", key=True),
        Column("trades", Kind.INTEGER, ("交易订单总笔数",), "交易订单总笔数", "Summary: payments"),
        Column("refunds", Kind.INTEGER, ("退款订单总笔数",), "退款订单总笔数", "Summary: refunds"),
        _money("summary_in", "收入合计", "Summary: amount"),
        Column("entries_in", Kind.INTEGER, ("收入笔数",), "收入笔数", "Summary: entries in"),
        Column("entries_out", Kind.INTEGER, ("支出笔数",), "支出笔数", "Summary: entries out"),
        Column("summary_net", Kind.MONEY, ("总金额", "实收净额"), "实收净额",
               "Summary: what is left of it"),
        Column("direction", Kind.CODE, ("收/支",), "收/支", "Personal ledger: in, out or neither",
               codes={d: d for d in ("收入", "支出", "不计收支")}),
        Column("ledger_status", Kind.TEXT, ("交易状态",), "交易状态", "Personal ledger: state"),
        known("counterparty", ("交易对方",)),
        known("ledger_goods", ("商品说明",)),
        known("method", ("收/付款方式",)),
    ),
    rules=(
        replace(_IN_RANGE, holds=_IS_LEDGER | _IN_RANGE.holds),
        within(NAME, "amount_fen", -HUNDRED_MILLION_FEN, HUNDRED_MILLION_FEN,
               "金额不超过正负1亿元。", "An amount is at most 100 million yuan either way.",
               rule="amount_range"),
        matches(NAME, "order_no", r"[0-9A-Za-z_\-|*@.]{1,64}",
                "商户订单号只含字母、数字与 _ - | * @ .。",
                "An order number holds letters, digits and _ - | * @ . only.",
                rule="order_no_shape"),
        RowRule(f"{NAME}.business_type_known", ("business_type",),
                (pl.col("bill_kind") != "business") | pl.col("business_type").is_in(TYPES),
                "业务明细的业务类型须为：交易、退款。",
                "A line of the business details is a payment (交易) or a refund (退款).",
                "若支付宝新增了业务类型，请在来源契约中登记其含义。",
                "If Alipay has a new type, add its meaning to the source's contract."),
    ),
)  # fmt: skip # a contract
