"""Every row rule of every contract, broken once and seen named; nothing personal shown."""

from pathlib import Path

import pytest

from pipelines.reading.headings import normal
from pipelines.sources import SOURCES, Column
from pipelines.stages.load.reasons import row_rules
from tests.stages.landings import GOOD, Landing, conserves, row, table

#: Rule → the cells that break it. `required` and `readable` rules follow from the contract.
BROKEN: dict[str, dict[str, str]] = {
    "tencent_donations.order_no_shape": {"订单号": "1234567"},
    "tencent_donations.amount_range": {"捐款金额": "0.00", "退款金额": ""},
    "tencent_donations.refund_within_amount": {"退款金额": "40.01"},
    "tencent_donations.paid_at_in_range": {"支付时间": "2024-08-04 00:00:00"},
    "tencent_donations.status_known": {"支付状态": "飞走了"},
    "tencent_projects.target_not_negative": {"筹款目标": "-1"},
    "tencent_projects.name_has_words": {"项目名称": "<p>&nbsp;</p>"},
    "tencent_projects.org_name_has_words": {"发起机构": "<p>&nbsp;</p>"},
    "tencent_projects.count_not_negative": {"捐款人次": "-1"},
    "alipay_gongyi_donations.order_no_shape": {"商户订单号": "1234567"},
    "alipay_gongyi_donations.amount_range": {"捐赠金额": "0.00", "退回金额": ""},
    "alipay_gongyi_donations.refund_within_amount": {"退回金额": "40.01"},
    "alipay_gongyi_donations.paid_at_in_range": {"捐赠时间": "2024-08-04 00:00:00"},
    "alipay_gongyi_donations.status.known": {"交易状态": "飞走了"},
    "tencent_matching.matching_no_shape": {"配捐流水号": "M1"},
    "tencent_matching.sponsor_name_has_words": {"配捐方": "<b></b>"},
    "tencent_matching.amount_range": {"配捐金额": "0.00"},
    "tencent_matching.matched_at_in_range": {"配捐时间": "2024-08-04 00:00:00"},
    "tencent_matching.sponsor_type.known": {"配捐类型": "随缘"},
    "tencent_teams.raised_not_negative": {"已筹金额": "-1"},
    "tencent_teams.goal_not_negative": {"目标金额": "-1"},
    "tencent_teams.gifts_not_negative": {"参与人次": "-1"},
    "tencent_teams.created_at_in_range": {"创建时间": "2006-12-31 00:00:00"},
    "tencent_behaviors.participations_not_negative": {"参与人次": "-1"},
    "tencent_behaviors.quantity_not_negative": {"行为量": "-1"},
    "tencent_behaviors.amount_not_negative": {"兑换金额": "-0.01"},
    "tencent_behaviors.date_by_export": {"日期": "2024-08-03"},
    "tencent_behaviors.kind.known": {"行为类型": "捐梦"},
    "tencent_disclosures.period_from_before_period_to": {"披露结束日期": "2023-12-31"},
    "tencent_disclosures.payout_not_negative": {"支出总额": "-1", "管理成本": ""},
    "tencent_disclosures.management_within_payout": {"管理成本": "500.01"},
    "tencent_disclosures.published_at_in_range": {"披露时间": "2024-08-04 00:00:00"},
    "tencent_progress.title_has_words": {"标题": "<p>&nbsp;</p>"},
    "tencent_progress.published_at_in_range": {"发布时间": "2024-08-04 00:00:00"},
    "organizations.uscc_shape": {"统一社会信用代码": "5331"},
    "org_annual_reports.year_by_export": {"年度": "2025", "年报公布日期": ""},
    "org_annual_reports.published_after_the_year": {"年报公布日期": "2023-12-31"},
    "org_annual_reports.charitable_spending_not_negative": {"慈善活动支出": "-0.01"},
    "org_annual_reports.management_cost_not_negative": {"管理费用": "-0.01"},
    "org_annual_reports.parts_within_total": {"总支出": "749999.99"},
    "campaigns.starts_on_before_ends_on": {"结束日期": "2024-08-01"},
    "campaign_entries.applied_on_before_admitted_on": {"入场日期": "2024-05-01"},
    "campaign_entries.admitted_on_only_if_admitted": {"入场结果": "未入场"},
    "campaign_entries.result.known": {"入场结果": "也许"},
    "county_lists.list_id.known": {"名单编号": "key_50"},
    "county_lists.official_count_positive": {"官方数目": "0"},
    "review_chains.level_no_range": {"层级": "0"},
    "review_chains.required_share_range": {"抽查比例": "120%"},
    "review_chains.sla_days_not_negative": {"时限天数": "-1"},
    "review_chains.must_differ_from_known": {"须回避": "supporter;亲戚"},
    "review_chains.subject_type.known": {"对象类型": "村"},
    "review_chains.coverage.known": {"覆盖方式": "随缘"},
    "review_records.round_no_range": {"轮次": "0"},
    "review_records.level_no_range": {"层级": "0"},
    "review_records.evidence_not_negative": {"佐证数量": "-1"},
    "review_records.submitted_at_before_decided_at": {"决定时间": "2024-06-01 00:00:00"},
    "review_records.decision_with_time": {"决定": ""},
    "review_records.subject_is_no_identity_number": {"对象编号": "110101190001010000"},
    "huoshui_enrollments.seed_grant_not_negative": {"启动资金": "-20"},
    "huoshui_enrollments.staff_before_not_negative": {"专职人数入选前": "-1"},
    "huoshui_enrollments.staff_after_not_negative": {"专职人数入选后": "-1"},
    "community_program_applicants.online_projects_not_negative": {"互联网募捐项目数": "-1"},
    "community_program_applicants.brand_projects_not_negative": {"品牌项目数": "-1"},
    "community_program_applicants.funds_planned_not_negative": {"拟新建社区基金数": "-1"},
    "community_program_applicants.funds_cultivated_not_negative": {"培育社区基金数": "-1"},
    "community_funds.founded_on_before_closed_on": {"终止日期": "2023-04-30"},
    "community_funds.balance_not_negative": {"余额": "-0.01"},
    "observation_points.starts_on_before_ends_on": {"结束日期": "2021-07-31"},
    "community_org_counts.registered_not_negative": {
        "登记制社区社会组织数": "-1",
        "社区社会组织总数": "1806",
    },
    "community_org_counts.filed_not_negative": {
        "备案制社区社会组织数": "-1",
        "社区社会组织总数": "126",
    },
    "community_org_counts.total_is_the_sum": {"社区社会组织总数": "1943"},
    "villages.code_shape": {"行政村代码": "510104001"},
    "villages.certified_villagers_not_negative": {"认证村民": "-1"},
    "villages.logs_not_negative": {"工作日记数": "-1"},
    "offline_gifts.amount_range": {"捐赠金额": "0.00"},
    "offline_gifts.received_on_by_export": {"接收日期": "2024-08-03"},
    "repayments.amount_range": {"返还金额": "0.00"},
    "repayments.paid_on_by_export": {"返还日期": "2024-08-03"},
    "project_outputs.period_shape": {"期间": "去年"},
    "project_outputs.period_from_before_export_date": {"期间": "2025"},
    "project_outputs.quantity_not_negative": {"数量": "-1"},
    "project_outputs.unit_cost_range": {"单位成本": "-0.01"},
    "incidents.reported_at_before_closed_at": {"办结时间": "2024-08-01 00:00:00"},
    "incidents.reported_at_in_range": {"登记时间": "2024-08-04 00:00:00", "办结时间": ""},
    "incidents.kind.known": {"事件类型": "传闻"},
    "published_claims.value_or_lost": {"下限": "", "上限": ""},
    "published_claims.bounds_readable": {"上限": "若干"},
    "published_claims.dated_or_period": {"发布日期": "", "期间": ""},
    "published_claims.value_low_not_negative": {"下限": "-1"},
    "published_claims.value_low_before_value_high": {"下限": "178000001", "上限": "177999999"},
    "published_claims.value_as_printed": {"下限": "17800", "上限": "17800"},
    "claim_checks.check_id_free": {"核对编号": "none"},
    "claim_checks.right_side_fits_kind": {"右方公布数": "c2"},
    "claim_checks.mart_named": {"集市": "campaign_summary"},
    "claim_checks.check_kind.known": {"核对方式": "目测"},
    "claim_checks.check_operator.known": {"比较": "大约"},
    "wechat_trade_bills.traded_at_in_range": {"交易时间": "2024-08-04 00:00:00"},
    "wechat_trade_bills.amount_range": {"应结订单金额": "-0.01"},
    "wechat_trade_bills.order_no_shape": {"商户订单号": "订单1"},
    "wechat_trade_bills.refund_numbered": {"交易状态": "REFUND"},
    "wechat_trade_bills.currency_is_cny": {"货币种类": "USD"},
    "wechat_trade_bills.trade_status.known": {"交易状态": "LOST"},
    "wechat_fundflow_bills.amount_range": {"收支金额": "-1.00"},
    "wechat_fundflow_bills.booked_at_in_range": {"记账时间": "2024-08-04 00:00:00"},
    "wechat_fundflow_bills.direction.known": {"收支类型": "其他"},
    "alipay_business_bills.traded_at_in_range": {"完成时间": "2024-08-04 00:00:00"},
    "alipay_business_bills.amount_range": {"订单金额": "100000000.01"},
    "alipay_business_bills.order_no_shape": {"商户订单号": "订单1"},
    "alipay_business_bills.business_type_known": {"业务类型": "转账"},
    "review_records.decision.known": {"决定": "或许"},
}
#: What no amount, number or moment can be.
UNREADABLE = "若干"
#: Seen in `tests/reading`, and the last over every number of every source in `test_bounds`.
RAW = {
    "any.field_count", "any.cut_off", "any.malformed", "any.stray_quote", "any.bad_bytes",
    "any.total_row", "any.number_beyond_bounds",
}  # fmt: skip
CASES = [(s, rule) for s in SOURCES for rule in row_rules(s) if rule not in RAW]


def _broken(source: str, rule: str) -> dict[str, str]:
    if rule in BROKEN:
        return row(source, **BROKEN[rule])
    contract = SOURCES[source]
    if rule == "any.damaged_id":
        ids = [
            c
            for c in contract.columns
            if c.kind in ("id", "uscc") and set(c.accepted) & set(GOOD[source])
        ]
        (heading,) = set(ids[0].accepted) & set(GOOD[source])
        return row(source, **{heading: "1.23E+27"})
    if rule == "any.other_currency":
        money = (c for c in contract.columns if c.kind in ("money", "fine_money"))
        heading = next(h for c in money for h in GOOD[source] if normal(h) in _headings(c))
        return row(source, **{heading: "US$1"})
    _, name, what = rule.split(".")
    (heading,) = set(contract.by_name[name].accepted) & set(GOOD[source])
    return row(source, **{heading: "" if what == "required" else UNREADABLE})


def _headings(column: Column) -> set[str]:
    return {normal(n + unit) for n in column.accepted for unit in ("", "（元）")}


def _possible(source: str, rule: str) -> bool:
    """Text, ids and codes can always be read; day totals need no donor; no id, none damaged."""
    parts = rule.split(".")
    if rule == "any.damaged_id":
        return any(c.kind in ("id", "uscc") for c in SOURCES[source].columns)
    if len(parts) != 3 or parts[2] not in ("readable", "required"):
        return True
    column = SOURCES[source].by_name[parts[1]]
    if parts[2] == "readable":
        return column.kind not in ("text", "id", "uscc", "region", "code")
    return True


@pytest.mark.parametrize(("source", "rule"), [c for c in CASES if _possible(*c)])
def test_a_row_that_breaks_it_is_quarantined_under_it(
    tmp_path: Path, source: str, rule: str
) -> None:
    landing = Landing(tmp_path)
    rows = [row(source), _broken(source, rule)]
    landing.put(f"{source}/a_20240802.csv", table(rows))
    (account,) = landing.load()
    refused = landing.refused_rows()
    assert (account.rows_read, account.rows_loaded, account.rows_quarantined) == (2, 1, 1)
    assert conserves(account)
    assert refused["source_row"].to_list() == [3]
    assert rule in refused["rule_ids"][0].split(";")
    assert refused["reasons_zh"][0]
    assert refused["reasons_en"][0]
    for secret in ("测试昵称甲", "13800000001", "测试审查人", "测试捐赠人", "u00000001",
                   "110101190001010000"):  # fmt: skip
        assert secret not in refused["raw_text"][0]


def test_an_empty_cell_is_refused_beside_an_unknown_code(tmp_path: Path) -> None:
    """Of a closed column that every row must fill, in one block."""
    landing = Landing(tmp_path)
    rows = [
        row("incidents", 事件编号=f"IN{i}", 事件类型=kind) for i, kind in enumerate(("", "传闻"))
    ]
    landing.put("incidents/a_20240802.csv", table(rows))
    landing.load()
    refused = landing.refused_rows().sort("source_row")["rule_ids"].to_list()
    assert refused == ["incidents.kind.required", "incidents.kind.known"]


def test_every_rule_has_a_case() -> None:
    named = {r.rule_id for s in SOURCES.values() for r in s.rules}
    named |= {f"{s.name}.{c.name}.known" for s in SOURCES.values() for c in s.columns if c.closed}
    assert named == set(BROKEN)


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("x,y,z,1,2,3,4,5,6,7,8,9,10,11,12,13", "any.field_count"),
        ("10000000000000000009,224328,40.00", "any.cut_off"),
    ],
)
def test_rows_that_do_not_line_up_show_nothing(tmp_path: Path, line: str, rule: str) -> None:
    landing = Landing(tmp_path)
    end = "" if rule == "any.cut_off" else "\n"
    data = table([row("tencent_donations")]) + f"{line}{end}".encode()
    landing.put("tencent_donations/a_20240802.csv", data)
    (account,) = landing.load()
    refused = landing.refused_rows()
    assert refused["rule_ids"].to_list() == [rule]
    assert "withheld" in refused["raw_text"][0]
    assert account.is_truncated == (rule == "any.cut_off")
    assert conserves(account)


def test_a_broken_json_line_is_quarantined(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    good = '{"project_no": "1", "name": "甲", "org_name": "乙", "state": 3, "target": 100}'
    landing.put("tencent_projects/a_20240802.jsonl", f"{good}\n{{oops\n".encode())
    (account,) = landing.load()
    assert landing.refused_rows()["rule_ids"].to_list() == ["any.malformed"]
    assert account.rows_loaded == 1
    assert landing.lake("tencent_projects")["target_fen"].to_list() == [100]


def test_a_short_row_stands_unless_its_fields_have_shifted(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    text = (
        "项目编号,项目名称,发起机构,项目状态,筹款目标,捐款人次,结束时间\n"
        "1,甲,乙,筹款中,100\n2,甲,乙,筹款中,100,2024-09-01\n3,甲,乙,筹款中,100,5,0\n"
    )
    landing.put("tencent_projects/a_20240802.csv", text.encode())
    landing.load()
    assert landing.lake("tencent_projects")["project_no"].to_list() == ["1", "3"]
    assert landing.refused_rows()["rule_ids"].to_list() == ["any.field_count"]
