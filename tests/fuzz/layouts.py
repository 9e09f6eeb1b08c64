"""What the fuzzer writes of each source: headings, and for row `n` each cell's text and what it means.

Every cell that can be is a function of its row's number, so that a lake row tells by itself whether
its cells were written on one line. Written from the contracts' words, not from their code.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple


class Said(NamedTuple):
    """A cell as printed, and the value it stands for in the lake."""

    text: str
    value: Any


@dataclass(frozen=True)
class Cell:
    """A column of a layout. `lake` is None for what never reaches the lake (people)."""

    heading: str
    lake: str | None
    say: Callable[[int], Said]
    required: bool = True
    free_text: bool = False  # may hold delimiters, quotes and line breaks


@dataclass(frozen=True)
class Layout:
    """A source's table. `id` and `amount` are lake columns of which a row's number tells both."""

    source: str
    cells: tuple[Cell, ...]
    id: str
    amount: str | None
    in_fen: bool = False  # the platform's own JSON keys
    dated: bool = True
    summed: bool = True  # the source's accounts add its amounts up


def fen_of(n: int) -> int:
    """The amount that belongs to row `n`: no two rows share it, nor is one part of another."""
    return 10_000 + 137 * n


def ident(prefix: str, width: int) -> Callable[[int], Said]:
    return lambda n: Said(f"{prefix}{n:0{width}d}", f"{prefix}{n:0{width}d}")


def word(text: str, value: Any = ...) -> Callable[[int], Said]:
    return lambda n: Said(text, text if value is ... else value)


def words(text: str) -> Callable[[int], Said]:
    return lambda n: Said(f"{text}{n:03d}号", f"{text}{n:03d}号")


def yuan(n: int) -> Said:
    fen = fen_of(n)
    return Said(f"{fen // 100}.{fen % 100:02d}", fen)


def little(n: int) -> Said:
    return Said(f"0.{n:02d}", n) if n < 100 else Said("0.00", 0)


def millifen(n: int) -> Said:
    return Said(f"0.{n:05d}", n)


def whole_yuan(n: int) -> Said:
    return Said(str(5000 + n), (5000 + n) * 100)


def ten_thousands(n: int) -> Said:
    return Said(str(5000 + n), (5000 + n) * 1_000_000)


def number(n: int) -> Said:
    return Said(str(7000 + n), 7000 + n)


def fen(n: int) -> Said:
    return Said(str(fen_of(n)), fen_of(n))


def at(hour: int) -> Callable[[int], Said]:
    def say(n: int) -> Said:
        moment = datetime(2024, 8, 2, hour) + timedelta(seconds=61 * n)
        return Said(f"{moment:%Y-%m-%d %H:%M:%S}", moment)

    return say


def offset(n: int) -> Said:
    moment = datetime(2024, 8, 2, 9) + timedelta(seconds=61 * n)
    return Said(f"{moment:%Y-%m-%dT%H:%M:%S}+08:00", moment)


def on(year: int) -> Callable[[int], Said]:
    def say(n: int) -> Said:
        day = date(year, 1, 1) + timedelta(days=n % 200)
        return Said(f"{day}", day)

    return say


def uscc(n: int) -> Said:
    return Said(f"5331000050{n:04d}028T", f"5331000050{n:04d}028T")


def _table(source: str, id: str, amount: str | None, *cells: Cell, **told: bool) -> Layout:  # noqa: A002
    return Layout(source, cells, id, amount, **told)


def _spare(heading: str, lake: str | None, say: Callable[[int], Said]) -> Cell:
    return Cell(heading, lake, say, required=False)


def _text(heading: str, lake: str, *, required: bool = False) -> Cell:
    return Cell(heading, lake, words("春芽计划"), required=required, free_text=True)


LAYOUTS: Mapping[str, Layout] = {
    layout.source: layout
    for layout in (
        _table("tencent_donations", "order_no", "amount_fen",
               Cell("订单号", "order_no", ident("1000000000000000", 4)),
               Cell("项目编号", "project_no", ident("2243", 3)), _text("项目名称", "project_name"),
               Cell("捐款金额", "amount_fen", yuan), Cell("支付时间", "paid_at", at(9)),
               Cell("支付状态", "status", word("支付成功")), _spare("退款金额", "refund_fen", little),
               _spare("捐款方式", "channel", word("单笔捐")), _spare("捐款人昵称", None, words("匿名友")),
               _spare("活动编号", "campaign_id", ident("scsl-", 3))),
        _table("tencent_projects", "project_no", "current_donate_amount_fen",
               Cell("项目编号", "project_no", ident("2243", 3)), _text("项目名称", "name", required=True),
               Cell("发起机构", "org_name", words("某某中心")), Cell("项目状态", "state", word("筹款中")),
               Cell("筹款目标", "target_fen", whole_yuan), Cell("已筹金额", "current_donate_amount_fen", yuan),
               _spare("捐款人次", "current_donate_count", number), _spare("开始时间", "start_on", on(2023))),
        _table("tencent_matching", "matching_no", "amount_fen",
               Cell("配捐流水号", "matching_no", ident("MT00000", 4)),
               _spare("关联订单号", "order_no", ident("1000000000000000", 4)),
               Cell("项目编号", "project_no", ident("2243", 3)), Cell("配捐类型", "sponsor_type", word("企业配捐")),
               _text("配捐方", "sponsor_name", required=True), Cell("配捐金额", "amount_fen", yuan),
               Cell("配捐时间", "matched_at", at(9)), _spare("活动编号", "campaign_id", ident("scsl-", 3))),
        _table("tencent_teams", "team_id", "raised_fen",
               Cell("队伍编号", "team_id", ident("T000", 4)), _spare("队长昵称", None, words("匿名友")),
               Cell("项目编号", "project_no", ident("2243", 3)), _spare("目标金额", "goal_fen", whole_yuan),
               Cell("已筹金额", "raised_fen", yuan), Cell("参与人次", "gifts", number),
               Cell("创建时间", "created_at", at(8))),
        _table("tencent_behaviors", "project_no", "amount_fen",
               Cell("日期", "date", on(2023)), Cell("项目编号", "project_no", ident("2243", 3)),
               Cell("行为类型", "kind", word("捐步")), Cell("参与人次", "participations", number),
               Cell("行为量", "quantity", lambda n: Said(str(900_000 + n), 900_000 + n)),
               Cell("兑换金额", "amount_fen", yuan), _text("兑换方", "sponsor_name")),
        _table("tencent_disclosures", "project_no", "payout_total_fen",
               Cell("项目编号", "project_no", ident("2243", 3)), Cell("披露开始日期", "period_from", on(2022)),
               Cell("披露结束日期", "period_to", on(2023)), Cell("支出总额", "payout_total_fen", yuan),
               _spare("管理成本", "management_cost_fen", little), Cell("披露时间", "published_at", at(9))),
        _table("tencent_progress", "progress_id", None,
               Cell("进展编号", "progress_id", ident("pg000", 4)), Cell("项目编号", "project_no", ident("2243", 3)),
               Cell("发布时间", "published_at", at(9)), _text("标题", "title", required=True)),
        _table("alipay_gongyi_donations", "order_no", "amount_fen",
               _spare("支付宝交易号", "trade_no", ident("2024080222001400000000", 4)),
               Cell("商户订单号", "order_no", ident("2088000000000000", 4)),
               Cell("公益项目ID", "project_no", ident("2024", 3)), _text("公益项目名称", "project_name"),
               Cell("捐赠金额", "amount_fen", yuan), Cell("捐赠时间", "paid_at", at(9)),
               Cell("交易状态", "status", word("捐赠成功", "支付成功")), _spare("退回金额", "refund_fen", little),
               _spare("捐赠方式", "channel", word("单次捐", "单笔捐"))),
        _table("organizations", "uscc", "net_assets_fen", Cell("统一社会信用代码", "uscc", uscc),
               _text("名称", "name", required=True), Cell("组织类型", "kind", word("基金会")),
               _spare("公开募捐资格", "can_fundraise_publicly", word("是", value=True)),
               _spare("成立日期", "founded_on", on(2001)), Cell("净资产", "net_assets_fen", ten_thousands),
               dated=False, summed=False),
        _table("campaigns", "campaign_id", None, Cell("活动编号", "campaign_id", ident("scsl-", 3)),
               _text("活动名称", "name", required=True), Cell("项目计划编号", "program_id", ident("plan", 3)),
               Cell("开始日期", "starts_on", on(2023)), Cell("结束日期", "ends_on", on(2024)),
               Cell("主办单位", "host_name", words("某某总会")), dated=False),
        _table("campaign_entries", "project_no", None, Cell("活动编号", "campaign_id", ident("scsl-", 3)),
               Cell("项目编号", "project_no", ident("2243", 3)),
               Cell("申报单位统一社会信用代码", "applicant_uscc", uscc), Cell("报名日期", "applied_on", on(2023)),
               Cell("领域", "domain", word("儿童关爱")), Cell("落地区划代码", "region_code", word("510104")),
               Cell("入场结果", "result", word("入场")), _spare("入场日期", "admitted_on", on(2024)), dated=False),
        _table("review_chains", "chain_id", None, Cell("审查链编号", "chain_id", ident("six", 3)),
               _text("审查链名称", "chain_name", required=True), Cell("对象类型", "subject_type", word("项目", "project")),
               Cell("层级", "level_no", lambda n: Said(str(n % 99 + 1), n % 99 + 1)),
               Cell("层级代码", "level_code", ident("self", 3)), Cell("层级名称", "level_name", words("自查")),
               Cell("覆盖方式", "coverage", word("全部", "all")), _spare("时限天数", "sla_days", number),
               Cell("需要佐证", "evidence_required", word("是", value=True)), dated=False),
        _table("review_records", "record_no", None, Cell("记录编号", "record_no", ident("r", 4)),
               Cell("审查链编号", "chain_id", ident("six", 3)), Cell("对象编号", "subject_id", ident("2243", 3)),
               Cell("轮次", "round_no", word("1", 1)), Cell("层级", "level_no", word("2", 2)),
               Cell("审查单位统一社会信用代码", "reviewer_uscc", uscc), Cell("提交时间", "submitted_at", at(8)),
               Cell("决定时间", "decided_at", at(20)), Cell("决定", "decision", word("通过")),
               _text("意见", "opinion"), Cell("佐证数量", "evidence_count", number), dated=False),
        _table("donation_notices", "seq", "amount_fen", Cell("序号", "seq", ident("", 4)),
               Cell("捐赠人", None, words("某某公司")), Cell("捐赠金额", "amount_fen", yuan),
               Cell("捐赠日期", "donated_on", on(2023)), _text("备注", "remark"), dated=False),
        _table("wechat_trade_bills", "order_no", "amount_fen", Cell("交易时间", "traded_at", at(9)),
               _spare("商户号", "merchant_no", word("1500000001")),
               Cell("微信订单号", "transaction_no", lambda n: Said(f"`420000{n:04d}", f"420000{n:04d}")),
               Cell("商户订单号", "order_no", lambda n: Said(f"`A1000000{n:04d}", f"A1000000{n:04d}")),
               _spare("交易类型", "trade_type", word("JSAPI")), Cell("交易状态", "trade_status", word("SUCCESS")),
               _spare("货币种类", "currency", word("CNY")), Cell("应结订单金额", "amount_fen", yuan),
               _spare("退款金额", "refund_fen", little), _text("商品名称", "goods"),
               _spare("手续费", "fee_millifen", millifen), _spare("订单金额", "order_amount_fen", yuan)),
        _table("wechat_fundflow_bills", "flow_no", "amount_fen", Cell("记账时间", "booked_at", at(9)),
               Cell("微信支付业务单号", "business_no", ident("420000", 4)),
               Cell("资金流水单号", "flow_no", ident("F100", 4)), _text("业务名称", "business_name"),
               Cell("业务类型", "business_type", word("交易")), Cell("收支类型", "direction", word("收入")),
               Cell("收支金额", "amount_fen", yuan), _spare("账户结余", "balance_fen", whole_yuan),
               Cell("业务凭证号", "voucher_no", ident("430000", 4))),
        _table("alipay_business_bills", "order_no", "amount_fen",
               Cell("支付宝交易号", "transaction_no", lambda n: Said(f"20240802{n:04d}\t", f"20240802{n:04d}")),
               Cell("商户订单号", "order_no", lambda n: Said(f"B1000000{n:04d}\t", f"B1000000{n:04d}")),
               Cell("业务类型", "business_type", word("交易")), _text("商品名称", "goods"),
               Cell("完成时间", "traded_at", at(9)), Cell("订单金额", "amount_fen", yuan),
               Cell("商家实收（元）", "received_fen", yuan), _spare("服务费（元）", "fee_millifen", millifen)),
    )
}  # fmt: skip

OPEN_PLATFORM = Layout(
    "tencent_donations",
    (Cell("transcode", "order_no", ident("1000000000000000", 4)),
     Cell("pid", "project_no", ident("2243", 3)), _text("proj_name", "project_name"),
     Cell("money", "amount_fen", fen), Cell("trans_time", "paid_at", offset),
     Cell("trans_state", "status", word("11", "支付成功"))),
    "order_no", "amount_fen", in_fen=True,
)  # fmt: skip
