"""The rows of the registers: organisations, campaigns, entries, chains, review records.

Clean rows only, under the headings that real registers use; `register_faults` adds rows that break
a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time

from sample.campaigns import Campaign
from sample.chains import Chain
from sample.organizations import Organization, Organizations
from sample.regions import County
from sample.registers import Register, Row
from sample.reviews import Entry, ReviewLine
from sample.workbook import Cell

_SUBJECT = {"project": "项目", "beneficiary": "受益人"}
_AUTHORITY = {"国家": "民政部", "省": "省级民政部门", "市": "市级民政部门", "县": "县级民政部门"}


def _flag(value: bool) -> str:
    return "是" if value else "否"


def organizations(orgs: Organizations, as_of: date, *, renamed: bool) -> Register:
    """社会组织名录. If not `renamed`, organisations still have their former names."""
    table = Register(
        "organizations",
        "社会组织名录",
        ["统一社会信用代码", "名称", "曾用名", "组织类型", "公开募捐资格", "登记机关", "登记层级",
         "行政区划代码", "成立日期", "净资产（万元）"],
        as_of=as_of,
    )  # fmt: skip # a table
    for org in orgs.everybody:
        table.rows.append(Row(_organization(org, renamed=renamed)))
    return table


def _organization(org: Organization, *, renamed: bool) -> list[Cell]:
    before = not renamed and bool(org.former_names)
    return [
        org.uscc,
        org.former_names[0] if before else org.name,
        None if before else "；".join(org.former_names) or None,
        org.kind,
        _flag(org.can_fundraise),
        _AUTHORITY[org.level],
        org.level,
        org.region_code,
        org.founded_on,
        org.net_assets_wan,
    ]


def campaigns(campaign: Campaign, orgs: Organizations, as_of: date) -> Register:
    """活动."""
    return Register(
        "campaigns",
        "活动登记表",
        ["活动编号", "活动名称", "项目计划编号", "开始日期", "结束日期",
         "主办单位统一社会信用代码", "主办单位", "审查链编号", "平台"],
        [Row([campaign.campaign_id, campaign.name, campaign.program_id, campaign.days[0],
              campaign.days[-1], orgs.host.uscc, orgs.host.name, campaign.chain_id, "腾讯公益"])],
        as_of=as_of,
    )  # fmt: skip # a table


def entries(
    campaign: Campaign, made: Sequence[Entry], as_of: date | None, *, decided: bool
) -> Register:
    """入场申报; unless `decided`, every result is 待定."""
    table = Register(
        "campaign_entries",
        "入场申报表",
        ["活动编号", "项目编号", "申报单位统一社会信用代码", "报名日期", "领域", "落地区划代码",
         "入场结果", "入场日期", "上线时间"],
        as_of=as_of,
    )  # fmt: skip # a table
    prefix = "蜀慈善邻·" if campaign.in_sichuan else ""
    for entry in made:
        project = entry.project
        table.rows.append(
            Row(
                [
                    campaign.campaign_id,
                    project.project_no,
                    project.initiator.uscc,
                    entry.applied_on,
                    f"{prefix}{project.domain}" if project.domain != "其他类" else "其他类",
                    project.region_code,
                    entry.result if decided else "待定",
                    entry.admitted_on if decided else None,
                    entry.go_live_at if decided else None,
                ]
            )
        )
    return table


def county_list(counties: Iterable[County], as_of: date) -> Register:
    """县域名单: Sichuan's less developed counties."""
    listed = list(counties)
    return Register(
        "county_lists",
        "四川省欠发达县域名单",
        ["行政区划代码", "县域名称", "所属省份", "名单编号", "官方数目"],
        [Row([c.code, c.name, "四川省", "sichuan_39", len(listed)]) for c in listed],
        as_of=as_of,
    )


def chains(made: Iterable[Chain], as_of: date) -> Register:
    """审查链, one level per line; shares are printed in percent."""
    table = Register(
        "review_chains",
        "审查链登记表",
        ["审查链编号", "审查链名称", "对象类型", "层级", "层级代码", "层级名称", "覆盖方式",
         "抽查比例", "须回避", "时限天数", "需要佐证"],
        as_of=as_of,
    )  # fmt: skip # a table
    for chain in made:
        for level in chain.levels:
            share = level.required_share
            table.rows.append(
                Row(
                    [
                        chain.chain_id,
                        chain.name,
                        _SUBJECT[chain.subject_type],
                        level.level_no,
                        level.code,
                        level.name,
                        "抽查" if level.is_sample else "全部",
                        None if share is None else f"{share:.0%}",
                        ";".join(level.must_differ) or None,
                        level.sla_days,
                        _flag(level.evidence),
                    ]
                )
            )
    return table


def records(made: Iterable[ReviewLine], as_of: date, *, known_on: date | None = None) -> Register:
    """审查记录; with `known_on`, as of the end of that day."""
    table = Register(
        "review_records",
        "审查记录表",
        ["记录编号", "审查链编号", "对象编号", "轮次", "层级", "审查单位统一社会信用代码",
         "审查人", "提交时间", "决定时间", "决定", "意见", "佐证数量"],
        as_of=as_of,
    )  # fmt: skip # a table
    until = datetime.combine(known_on, time(23, 59, 59)) if known_on else None
    for r in made:
        if until and r.submitted_at > until:
            continue
        open_still = until is not None and r.decided_at is not None and r.decided_at > until
        table.rows.append(
            Row(
                [
                    r.record_no,
                    r.chain_id,
                    r.subject_id,
                    r.round_no,
                    r.level_no,
                    r.reviewer_uscc,
                    r.reviewer_name,
                    r.submitted_at,
                    None if open_still else r.decided_at,
                    None if open_still else r.decision,
                    None if open_still else r.opinion,
                    r.evidence_count,
                ]
            )
        )
    return table
