"""The questions that the warehouse answers about each system, with their queries.

Which page shows the answers belongs to `answers`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

DEMO, GIVING_DAY = "demo", "99-2020"
MOST_ROWS = 12


@dataclass(frozen=True)
class Question:
    """One question about a system, and the query that answers it, at most `MOST_ROWS` rows."""

    system: str
    zh: str
    en: str
    sql: str
    sample: str = DEMO

    def answer(self, db: duckdb.DuckDBPyConnection) -> Answer:
        """What the published file says."""
        found = db.execute(self.sql)
        heads = tuple(column[0] for column in found.description or ())
        return Answer(heads, found.fetchmany(MOST_ROWS + 1))


@dataclass(frozen=True)
class Answer:
    """Columns and rows."""

    heads: tuple[str, ...]
    rows: Sequence[Sequence[object]]


QUESTIONS = (
    Question(
        "腾讯公益、99公益日",
        "历年总额、笔数、笔均，十元以下占比，复投项目占比，企业与机构数",
        "Totals, counts and means by year; small gifts; repeat projects; companies and charities",
        """
        SELECT campaign_id, year, donation_count, net_cny, avg_cny, share_10_yuan_or_less,
               repeat_projects_share, companies, charities
        FROM marts.giving_day_yearly ORDER BY year, campaign_id
        """,
        GIVING_DAY,
    ),
    Question(
        "冷静器",
        "捐前所示：何时立项、做了什么、花了多少、披露了什么",
        "Shown before a gift: when it was approved, what it did, spent and disclosed",
        """
        SELECT name, approved_on, target_cny, net_cny, progress_reports, last_progress_on,
               payout_cny, spent_share, disclosure_gaps, review_completeness
        FROM marts.project_card WHERE progress_reports > 0 AND target_cny > 0
        ORDER BY net_cny DESC, project_no LIMIT 3
        """,
    ),
    Question(
        "月捐、一起捐、小红花、公益消费券、接龙、直播",
        "各种捐款方式的笔数与金额",
        "Gifts by tool",
        """
        SELECT name_zh, count(*) AS donation_count, sum(amount_cny) AS gross_cny
        FROM star.fact_donation JOIN star.dim_channel USING (channel_id)
        WHERE campaign_id = 'scsl-2024' GROUP BY name_zh ORDER BY gross_cny DESC
        """,
    ),
    Question(
        "捐步（益行家）、小红花等行为捐",
        "行为捐与钱款捐赠分列",
        "Gifts of behaviour beside gifts of money",
        """
        SELECT behavior_kind, sum(participations) AS participations, sum(quantity) AS quantity,
               sum(exchanged_cny) AS exchanged_cny
        FROM star.fact_behavior GROUP BY behavior_kind ORDER BY behavior_kind
        """,
    ),
    Question(
        "一起捐的四个圈层",
        "各圈层的队伍、参与与所筹",
        "The four circles of givers",
        """
        SELECT circle, teams, raised_cny, share_of_raised
        FROM marts.circle_fundraising WHERE campaign_id = 'scsl-2024' ORDER BY raised_cny DESC
        """,
    ),
    Question(
        "配捐、企业配捐",
        "配捐与公众捐赠分列，按出资方",
        "Matching apart from public gifts, by sponsor",
        """
        SELECT campaign_id, sponsor_name, grants, matched_cny, platform_cny, corporate_cny,
               incentive_cny, multiplier, self_matching
        FROM marts.matching_summary ORDER BY matched_cny DESC LIMIT 6
        """,
    ),
    Question(
        "为村",
        "村庄、认证村民与工作日记",
        "Villages, certified villagers, work logs",
        """
        SELECT province_name, sum(villages) AS villages, sum(certified_villagers) AS certified,
               sum(logs) AS logs
        FROM marts.villages GROUP BY province_name ORDER BY villages DESC
        """,
    ),
    Question(
        "活水计划：逐县覆盖",
        "名单上的县、已入选者、启动资金、专职人数前后；名单本身是否完整",
        "Counties of the list and enrolled; grants; staff before and after; is the list complete?",
        """
        SELECT coalesce(is_listed, false) AS is_listed, any_value(list_is_complete) AS is_complete,
               count(*) AS counties, count(*) FILTER (WHERE enrolled) AS enrolled,
               sum(organizations) AS organizations, sum(seed_grant_paid_cny) AS paid_cny,
               sum(staff_before) AS staff_before, sum(staff_after) AS staff_after,
               count(*) FILTER (WHERE first_online) AS first_online
        FROM marts.program_coverage WHERE program_id = 'huoshui' GROUP BY ALL ORDER BY is_listed
        """,
    ),
    Question(
        "活水计划：机构成长",
        "沿河春晖公益协会历年所筹（所印为55万、74万、225万，此处为样本规模）",
        "What 沿河's association raised by year (printed 55万, 74万, 225万; here at sample scale)",
        """
        SELECT year, gross_cny, growth_ratio, growth_rate, first_online_year
        FROM marts.org_growth WHERE name = '沿河土家族自治县春晖公益协会' ORDER BY year
        """,
    ),
    Question(
        "活水计划：本县所捐",
        "纳雍所筹来自本县的占比（所印为90%）",
        "Share of what 纳雍 raised that its own county gave (printed 90%)",
        """
        SELECT name, sum(of_known_county_cny) AS of_known_county_cny,
               round(sum(own_county_share * of_known_county_cny) / sum(of_known_county_cny), 3)
                   AS own_county_share
        FROM marts.org_growth WHERE name = '纳雍县爱心纳雍公益联合会' GROUP BY name
        """,
    ),
    Question(
        "活水计划：东中西流向",
        "所得之比（所印东部为中部5.5倍、西部2.8倍）",
        "Ratios of what the regions receive (printed 5.5 and 2.8)",
        """
        SELECT year, project_band, received_by_band_cny, received_east_to_centre,
               received_east_to_west
        FROM marts.regional_flow WHERE year = 2021
        GROUP BY ALL ORDER BY received_by_band_cny DESC
        """,
    ),
    Question(
        "爱心超市、温暖包、路灯等产出",
        "所筹、产出与单位成本；单位不一者不相加",
        "Raised, outputs, cost per unit; what has different units is not summed",
        """
        SELECT output_kind, unit, sum(quantity) AS quantity, count(DISTINCT project_no) AS projects,
               min(unit_cost_cny) AS least_unit_cost, max(unit_cost_cny) AS most_unit_cost
        FROM marts.project_outputs GROUP BY output_kind, unit ORDER BY output_kind, unit
        """,
    ),
    Question(
        "善品公社、特困帮扶基金、典型案例",
        "项目计划与基金登记在同一处",
        "Programmes and funds stand in the same registers",
        """
        SELECT 'program' AS kind, count(*) AS registered, NULL AS balance_cny
        FROM star.dim_program WHERE program_id <> 'unknown'
        UNION ALL
        SELECT 'fund', count(*), sum(balance_cny) FROM star.fact_community_fund
        WHERE closed_on IS NULL
        """,
    ),
    Question(
        "蜀慈善邻2024：活动",
        "报名与入场、领域、市州、欠发达县、线上与线下所筹、舆情与投诉",
        "Entries, domains, prefectures, underdeveloped counties, raised, incidents, complaints",
        """
        SELECT entries, admitted, organizations, domains, prefectures_covered, sichuan_39_covered,
               donation_count, net_cny, offline_cny, incidents, complaints
        FROM marts.campaign_summary WHERE campaign_id = 'scsl-2024'
        """,
    ),
    Question(
        "蜀慈善邻2024：六级审查",
        "各级应审、已审、通过与完成",
        "The six levels: to be reviewed, reviewed, passed, satisfied",
        """
        SELECT level_no, level_name, coverage, subjects_eligible, subjects_reviewed,
               subjects_passed, coverage_share, blocking_gaps, is_satisfied
        FROM marts.audit_completeness WHERE chain_id = 'scsl-2024-6' ORDER BY level_no
        """,
    ),
    Question(
        "蜀慈善邻2024：紧急提额",
        "目标的提高及其后所筹",
        "Raised targets and what was collected after",
        """
        SELECT name, raised_on, from_cny, to_cny, collected_cny, review_state
        FROM marts.goal_raises ORDER BY raised_on, name
        """,
    ),
    Question(
        "蜀慈善邻：社区慈善基金",
        "计划新建（流量）与现有（存量）分列",
        "Funds planned (a flow) beside those in being (a stock)",
        """
        SELECT sum(applicants) AS applicants, sum(planned) AS planned, sum(founded) AS founded,
               sum(closed) AS closed, sum(stock) AS stock
        FROM marts.community_funds
        """,
    ),
    Question(
        "蜀慈善邻：培训与积分",
        "场次、参训人次、各类积分",
        "Trainings, attendances and points",
        """
        SELECT audience, count(*) AS trainings, sum(attendances) AS attendances,
               sum(required_points) AS required, sum(elective_points) AS elective,
               sum(reflection_points) AS reflection
        FROM marts.training_summary GROUP BY audience ORDER BY audience
        """,
    ),
    Question(
        "合慈青云：受助人五步审核",
        "各步完成情况",
        "The five-step review of beneficiaries",
        """
        SELECT level_no, level_name, subjects_reviewed, subjects_passed, blocking_gaps,
               is_satisfied
        FROM marts.audit_completeness WHERE chain_id = 'hcqy-5' ORDER BY level_no
        """,
    ),
    Question(
        "失能老人助养等：所筹与所花",
        "净额、支出总额及其占比",
        "Raised against spent",
        """
        SELECT domain, sum(net_cny) AS net_cny, sum(payout_cny) AS payout_cny,
               round(sum(payout_cny) / sum(net_cny), 3) AS spent_share
        FROM marts.project_card WHERE payout_cny IS NOT NULL AND net_cny > 0
        GROUP BY domain ORDER BY domain
        """,
    ),
    Question(
        "社区基金的收支",
        "南门坝一类社区基金：登记、管理机构与余额",
        "A fund's own lines: manager, founded, balance",
        """
        SELECT name, founded_on, closed_on, balance_cny
        FROM star.fact_community_fund WHERE balance_cny IS NOT NULL
        ORDER BY balance_cny DESC, fund_id LIMIT 3
        """,
    ),
    Question(
        "社区社会组织观察点",
        "按级别与阶段的观察点",
        "Observation points by level and stage",
        """
        SELECT level, stage, sum(listed) AS listed, sum(in_force) AS in_force
        FROM marts.observation_points GROUP BY level, stage ORDER BY level, stage
        """,
    ),
    Question(
        "社区社会组织数",
        "登记制＋备案制＝总数（铜陵所印127＋1807＝1934）",
        "Registered + filed = total (printed of 铜陵: 127 + 1807 = 1934)",
        """
        SELECT region_name, registered, filed, total FROM marts.org_counts
        WHERE is_latest AND region_code = '340700'
        """,
    ),
    Question(
        "县域社会组织互联网筹款研究",
        "各问各有其基数：74.26%为202份中150份，6.78%为118份中8份",
        "Every share has its own base: 74.26% is 150 of 202, 6.78% is 8 of 118",
        """
        SELECT question, answer, base, count, share, responses_valid, responses_total
        FROM marts.survey_findings ORDER BY question, count DESC, answer
        """,
    ),
    Question(
        "所印的数字",
        "文章所印与其他所印、与仓库是否相合",
        "Printed figures against each other and against the warehouse",
        """
        SELECT verdict, count(*) AS checks FROM marts.claim_check
        GROUP BY verdict ORDER BY verdict
        """,
    ),
    Question(
        "年报与慈善法的比例",
        "支出与管理费用是否达标，或为何不能断定",
        "Spending and management costs against their band, or why that cannot be said",
        """
        SELECT verdict, reason, count(*) AS organization_years
        FROM marts.org_ratio_compliance GROUP BY verdict, reason
        ORDER BY verdict, organization_years DESC, reason
        """,
    ),
)
