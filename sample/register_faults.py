"""Faults of registers, project exports and notices: refused rows, odd spellings, drift.

Refused rows are extra lines; odd spellings keep their value; neither causes a review gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from pipelines.cleaning.identifiers import ALPHABET
from pipelines.sources import source as declared
from sample.bill_faults import BILL_REFUSED
from sample.campaign_register_faults import CAMPAIGN_REFUSED
from sample.donation_breaches import DAMAGED_ID, full_width
from sample.landing import SampleFolder
from sample.manifest import Faults, Level, Planted, SampleTally
from sample.organization_faults import ORGANIZATION_REFUSED
from sample.platform_faults import PLATFORM_REFUSED, Refused
from sample.program_faults import PROGRAM_REFUSED
from sample.registers import Register, Row, cell_text
from sample.workbook import Cell, serial

_EARLY = datetime.combine(date(2024, 6, 3), time(9))
_LATE = datetime.combine(date(2024, 6, 4), time(15))


@dataclass(frozen=True)
class Odd:
    """A cell with another spelling. `expected` None: it must be read as before."""

    kind: str
    heading: str
    spell: Callable[[str], Cell]
    row: int
    expected: str | None = None
    level: Level = "value"
    in_some: bool = False


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _wrong_check(uscc: str) -> str:
    return uscc[:-1] + ALPHABET[(ALPHABET.index(uscc[-1]) + 1) % len(ALPHABET)]


UNSTATED = "file.unstated"
_USCC = "统一社会信用代码"
_BROKEN = {"审查链编号": "broken-chain"}
REFUSED: Mapping[str, tuple[Refused, ...]] = {
    "organizations": (
        Refused("uscc_short", "uscc_shape", {_USCC: "51510000HEC00048"}, in_some=True),
        Refused("uscc_damaged", DAMAGED_ID, {_USCC: "5.15E+17"}),
        Refused("name_missing", "name.required", {_USCC: "51510000HEC999990X", "名称": None}),
        Refused("kind_missing", "kind.required", {_USCC: "51510000HEC999990Y", "组织类型": "—"}),
    ),
    "campaigns": (
        Refused("ends_before_it_starts", "starts_on_before_ends_on",
                {"活动编号": "broken-1", "开始日期": date(2024, 8, 9)}),
        Refused("date_in_words", "starts_on.readable",
                {"活动编号": "broken-2", "开始日期": "八月二日"}),
        Refused("host_missing", "host_name.required", {"活动编号": "broken-3", "主办单位": None}),
    ),
    "campaign_entries": (
        Refused("admitted_before_applied", "applied_on_before_admitted_on",
                {"报名日期": date(2024, 7, 30), "入场日期": date(2024, 7, 1)}, in_some=True),
        Refused("date_without_admission", "admitted_on_only_if_admitted",
                {"入场结果": "未入场", "入场日期": date(2024, 7, 30)}),
        Refused("result_unknown", "result.known", {"入场结果": "基本同意"}),
        Refused("number_missing", "project_no.required", {"项目编号": None}),
        Refused("applied_in_words", "applied_on.readable", {"报名日期": "六月初"}),
    ),
    "county_lists": (
        Refused("list_unknown", "list_id.known", {"名单编号": "key_50"}, in_some=True),
        Refused("name_missing", "name.required", {"县域名称": None}),
        Refused("count_zero", "official_count_positive", {"官方数目": 0}),
    ),
    "review_chains": (
        Refused("level_zero", "level_no_range", {**_BROKEN, "层级": 0}),
        Refused("share_above_one", "required_share_range", {**_BROKEN, "抽查比例": "150%"}),
        Refused("limit_negative", "sla_days_not_negative", {**_BROKEN, "时限天数": -1}),
        Refused("must_differ_unknown", "must_differ_from_known", {**_BROKEN, "须回避": "friends"}),
        Refused("coverage_unknown", "coverage.known", {**_BROKEN, "覆盖方式": "随缘"}),
        Refused("subject_unknown", "subject_type.known", {**_BROKEN, "对象类型": "动物"}),
        Refused("level_in_words", "level_no.readable", {**_BROKEN, "层级": "末级"}),
    ),
    "review_records": (
        Refused("decided_before_submitted", "submitted_at_before_decided_at",
                {"提交时间": _LATE, "决定时间": _EARLY}, in_some=True),
        Refused("decision_without_time", "decision_with_time",
                {"决定": "通过", "决定时间": None}, in_some=True),
        Refused("time_without_decision", "decision_with_time",
                {"决定": None, "提交时间": _EARLY, "决定时间": _LATE}),
        # region 999999 and a 99th of December 2099: that shape, but nobody's number
        Refused("subject_like_an_identity_number", "subject_is_no_identity_number",
                {"对象编号": "999999209912300002"}),
        Refused("round_zero", "round_no_range", {"轮次": 0}),
        Refused("level_hundred", "level_no_range", {"层级": 100}),
        Refused("evidence_negative", "evidence_not_negative", {"佐证数量": -1}),
        Refused("decision_unknown", "decision.known", {"决定": "原则同意"}),
        Refused("evidence_missing", "evidence_count.required", {"佐证数量": "—"}),
        Refused("reviewer_missing", "reviewer_uscc.required",
                {"审查单位统一社会信用代码": None}),
    ),
    "tencent_projects": (
        Refused("target_negative", "target_not_negative",
                {"筹款目标": "-1.00", "已筹金额": "0.00"}, in_some=True),
        Refused("count_negative", "count_not_negative", {"捐款人次": -3, "已筹金额": "0.00"}),
        Refused("name_missing", "name.required", {"项目名称": None, "已筹金额": "0.00"}),
        Refused("target_in_words", "target.readable",
                {"筹款目标": "待定", "已筹金额": "0.00"}),
        Refused("name_of_tags_only", "name_has_words",
                {"项目名称": "<p>&nbsp;</p>", "已筹金额": "0.00"}),
        Refused("initiator_of_tags_only", "org_name_has_words",
                {"发起机构": "<b></b>", "已筹金额": "0.00"}),
    ),
    "published_claims": (
        Refused("value_of_another_unit", "value_as_printed",
                {"下限": "1.2", "上限": "1.2", "单位": "CNY", "原文数字": "1.2亿元"}, in_some=True),
        Refused("value_missing", "value_or_lost", {"下限": None, "上限": None, "修饰语": None}),
        Refused("bound_in_words", "bounds_readable", {"上限": "若干"}),
        Refused("undated", "dated_or_period", {"发布日期": None, "期间": None}),
        Refused("bounds_reversed", "value_low_before_value_high", {"下限": "9", "上限": "3"}),
        Refused("value_negative", "value_low_not_negative", {"下限": "-1", "上限": "-1"}),
        Refused("quote_missing", "quote.required", {"原文摘录": "—"}),
    ),
    "claim_checks": (
        Refused("one_number_to_divide", "right_side_fits_kind",
                {"核对方式": "相除", "右方公布数": "SYN-total", "右方数": None}, in_some=True),
        Refused("mart_without_column", "mart_named", {"集市": "campaign_summary"}),
        Refused("id_none", "check_id_free", {"核对编号": "none"}),
        Refused("kind_unknown", "check_kind.known", {"核对方式": "目测"}),
        Refused("operator_unknown", "check_operator.known", {"比较": "约莫"}),
    ),
    **PLATFORM_REFUSED,
    **PROGRAM_REFUSED,
    **BILL_REFUSED,
    **ORGANIZATION_REFUSED,
    **CAMPAIGN_REFUSED,
    "donation_notices": (
        Refused("amount_in_words", "amount.readable", {"捐赠金额（元）": "若干"}, in_some=True),
        Refused("donor_missing", "donor.required", {"捐赠单位/个人": None}),
    ),
}  # fmt: skip # a table

#: Negative rows count from the end, where projects are that were not admitted.
ODD: Mapping[str, tuple[Odd, ...]] = {
    "organizations": (
        Odd("wrong_check_character", _USCC, _wrong_check, -4, "is_uscc_valid is false",
            in_some=True),
        Odd("full_width_id", _USCC, full_width, 20),
        Odd("trailing_tab", _USCC, lambda s: f"{s}\t", 21),
        Odd("chinese_date", "成立日期",
            lambda s: f"{_day(s).year}年{_day(s).month}月{_day(s).day}日", 22, in_some=True),
        Odd("slashed_date", "成立日期",
            lambda s: f"{_day(s).year}/{_day(s).month}/{_day(s).day}", 23),
        Odd("excel_serial", "成立日期", lambda s: f"{serial(_day(s)):.0f}", 24),
        Odd("unit_in_value", "净资产（万元）", lambda s: f"{s}万元", 25),
        Odd("unit_without_digits", "净资产（万元）", lambda _: "万元", 26, "null, kept in unread"),
        Odd("unknown_code", "组织类型", lambda _: "慈善组织", -1, level="drift"),
    ),
    "published_claims": (
        Odd("full_width_digits", "下限", full_width, 0, in_some=True),
        Odd("trailing_tab", "单位", lambda s: f"{s}\t", 1),
    ),
    "campaign_entries": (
        Odd("unknown_code", "领域", lambda _: "医疗救助", -2, level="drift", in_some=True),
    ),
    "county_lists": (
        Odd("floated_code", "行政区划代码", lambda s: f"{s}.0", 3, in_some=True),
        Odd("full_width_id", "行政区划代码", full_width, 5),
    ),
    "tencent_projects": (
        Odd("currency_and_thousands", "已筹金额", lambda s: f"￥{s}", 30, in_some=True),
        Odd("full_width_digits", "已筹金额", full_width, 31),
        Odd("unknown_code", "项目状态", lambda _: "暂停筹款", -5, level="drift"),
    ),
    "tencent_progress": (
        Odd("markup", "标题", lambda s: f"<p>{s}&nbsp;</p>", 3, in_some=True),
    ),
    "donation_notices": (
        Odd("amount_as_text", "捐赠金额（元）", lambda s: f"￥{s}元", 12, in_some=True),
        Odd("full_width_digits", "捐赠金额（元）", full_width, 13),
        Odd("chinese_date", "到账日期", lambda s: s.replace(".", "年", 1).replace(".", "月") + "日",
            14),
    ),
}  # fmt: skip # a table


def plant_rows(table: Register, faults: Faults) -> Register:
    """Adds the faults of the table's source at this level; returns the table."""
    if faults == "none":
        return table
    many = faults == "many"
    for odd in ODD.get(table.source, ()):
        if odd.in_some or many:
            _respell(table, odd)
    refused = [r for r in REFUSED.get(table.source, ()) if r.in_some or many]
    clean = list(table.rows)
    for i, one in enumerate(refused):
        rule = one.rule if one.rule.startswith("any.") else f"{table.source}.{one.rule}"
        like = clean[(one.like + 3 + i) % len(clean)]
        cells = list(like.cells)
        for heading, cell in one.cells.items():
            cells[table.position(heading)] = cell
        if "记录编号" in table.headings:
            cells[table.position("记录编号")] = f"SPX{i:06d}"
        planted = [Planted(one.kind, "row", table.source, rule=rule, outcome="quarantined")]
        if rule.endswith(".known"):
            planted.append(_unknown_word(table.source, one))
        fen = 0 if table.source == "tencent_projects" else like.fen
        if "捐赠金额（元）" in one.cells:
            fen = 0
        if one.fen is not None:
            fen = one.fen
        at = (i * 17 + 5) % (len(clean) + 1)
        table.rows.insert(at, Row(cells, "quarantined", fen, tuple(planted)))
    return table


def refuse_nameless_list(landing: SampleFolder, table: Register) -> None:
    """A county list that neither its rows nor anything around them names: a refused file."""
    at = table.position("名单编号")
    for row in table.rows:
        del row.cells[at]
    table.headings.remove("名单编号")
    planted = Planted("unstated", "file", table.source, rule=UNSTATED, outcome="refused")
    landing.write(
        table.source,
        "合成数据_县域.csv",
        table.to_text().to_bytes(),
        _LATE,
        rows=SampleTally(),
        status="refused",
        rule=UNSTATED,
        planted=[planted],
    )


def _unknown_word(source: str, one: Refused) -> Planted:
    """A word outside a closed list: the row is refused, and the drift report lists the word."""
    column = one.rule.partition(".")[0]
    word = next(cell_text(c) for h, c in one.cells.items() if _canonical(source, h) == column)
    return Planted("unknown_code", "drift", source, outcome="quarantined", column=column, text=word)


def _respell(table: Register, odd: Odd) -> None:
    row = table.rows[odd.row % len(table.rows)]
    at = table.position(odd.heading)
    before = cell_text(row.cells[at])
    row.cells[at] = written = odd.spell(before)
    planted = Planted(
        odd.kind,
        odd.level,
        table.source,
        outcome="loaded",
        column=_canonical(table.source, odd.heading),
        text=cell_text(written),
        key=cell_text(row.cells[0]),
        expected=odd.expected or (before if odd.level == "value" else None),
    )
    row.planted = (*row.planted, planted)


def _canonical(source: str, heading: str) -> str:
    """The contract's name of the column with this `heading`."""
    plain = heading.partition("（")[0]
    return next(c.name for c in declared(source).columns if plain in c.accepted)
