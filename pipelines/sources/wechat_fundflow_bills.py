"""微信支付资金账单: what came into and went out of a merchant's account, an entry per line.

    landing/wechat_fundflow_bills/…20240802….csv → lake/wechat_fundflow_bills
    → stg_wechat_fundflow_bills → fact_settlement

It names no order: an entry finds it through the trade bill's line of the same payment. Fees are
separate entries here (扣除交易手续费), and a column in the trade bill.
"""

import polars as pl

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Claim, Column, Source
from pipelines.sources.rules import HUNDRED_MILLION_FEN, moment_in_range, within

NAME = "wechat_fundflow_bills"
_IN, _OUT = pl.col("direction") == "收入", pl.col("direction") == "支出"

WECHAT_FUNDFLOW_BILLS = Source(
    name=NAME,
    title_zh="微信支付资金账单",
    title_en="WeChat Pay fund-flow bills",
    cadence="on_event",
    money_column="amount",
    claims=(
        Claim("rows", ("资金流水总笔数",)),
        Claim("income_rows", ("收入笔数",), where=_IN),
        Claim("income", ("收入金额",), column="amount", where=_IN),
        Claim("spending_rows", ("支出笔数",), where=_OUT),
        Claim("spending", ("支出金额",), column="amount", where=_OUT),
    ),
    columns=(
        Column("booked_at", Kind.DATETIME, ("记账时间",), "记账时间", "Booked at",
               required=True, key=True),
        Column("business_no", Kind.ID, ("微信支付业务单号",), "微信支付业务单号",
               "WeChat Pay's number of the payment or refund", key=True, by_machine=True),
        Column("flow_no", Kind.ID, ("资金流水单号",), "资金流水单号", "Number of the entry",
               required=True, key=True, by_machine=True),
        Column("business_name", Kind.TEXT, ("业务名称",), "业务名称", "Kind of business"),
        Column("business_type", Kind.TEXT, ("业务类型",), "业务类型", "Type of entry",
               required=True, key=True),
        Column("direction", Kind.CODE, ("收支类型",), "收支类型", "In or out",
               required=True, key=True, codes={"收入": "收入", "支出": "支出"}, closed=True),
        Column("amount", Kind.MONEY, ("收支金额",), "收支金额", "Amount of the entry",
               required=True),
        Column("balance", Kind.MONEY, ("账户结余",), "账户结余", "Balance after it"),
        Column("applicant", Kind.TEXT, ("资金变更提交申请人",), "资金变更提交申请人",
               "Who asked for it", personal=True),
        known("note", ("备注",)),
        Column("voucher_no", Kind.ID, ("业务凭证号",), "业务凭证号", "Number of the voucher",
               key=True, by_machine=True),
    ),
    rules=(
        within(NAME, "amount_fen", 0, HUNDRED_MILLION_FEN,
               "收支金额须在0至1亿元之间，方向由收支类型表示。",
               "An entry's amount lies between 0 and 100 million yuan; its direction is a word.",
               rule="amount_range"),
        moment_in_range(NAME, "booked_at", "记账时间须在2007年至账单日次日之间。",
                        "Booked between 2007 and the day after the bill's."),
    ),
)  # fmt: skip # a contract
