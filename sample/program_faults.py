"""Rows of programme registers that one rule each refuses, as changed copies of good rows.

`register_faults` plants them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sample.platform_faults import Refused

PROGRAM_REFUSED: Mapping[str, tuple[Refused, ...]] = {
    "huoshui_enrollments": (
        Refused("grant_negative", "seed_grant_not_negative", {"启动资金（万元）": -20},
                in_some=True, fen=-20_000_000),
        Refused("staff_before_negative", "staff_before_not_negative", {"入选前专职人数": -1}),
        Refused("staff_after_negative", "staff_after_not_negative", {"入选后专职人数": -1}),
        Refused("enrolled_in_words", "enrolled_on.readable", {"入选日期": "去年春"}),
    ),
    "community_program_applicants": (
        Refused("planned_negative", "funds_planned_not_negative", {"拟新建社区基金数": -1},
                in_some=True),
        Refused("cultivated_negative", "funds_cultivated_not_negative", {"培育社区基金数": -1}),
        Refused("online_negative", "online_projects_not_negative", {"互联网募捐项目数": -1}),
        Refused("brands_negative", "brand_projects_not_negative", {"品牌项目数": -1}),
        Refused("planned_in_words", "funds_planned.readable", {"拟新建社区基金数": "若干"}),
    ),
    "community_funds": (
        Refused("closed_before_founded", "founded_on_before_closed_on",
                {"终止日期": date(2019, 1, 1)}, in_some=True),
        Refused("balance_negative", "balance_not_negative", {"余额（元）": "-1.00"}, fen=-100),
    ),
    "observation_points": (
        Refused("ends_before_it_starts", "starts_on_before_ends_on",
                {"结束日期": date(2020, 1, 1)}, in_some=True),
    ),
    "community_org_counts": (
        Refused("total_wrong", "total_is_the_sum", {"总数": 7}, in_some=True),
        Refused("registered_negative", "registered_not_negative",
                {"登记制": -1, "备案制": 8, "总数": 7}),
        Refused("filed_negative", "filed_not_negative", {"登记制": 8, "备案制": -1, "总数": 7}),
    ),
    "villages": (
        Refused("code_of_a_town", "code_shape", {"村代码": "510104001"}, in_some=True),
        Refused("certified_negative", "certified_villagers_not_negative", {"认证村民数": -1}),
        Refused("logs_negative", "logs_not_negative", {"工作日记": -1}),
    ),
}  # fmt: skip # a table
