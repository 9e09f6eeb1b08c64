"""The rows of programme registers: 活水计划, a community programme, its funds, points, villages.

Clean rows only; `program_faults` adds rows that break a rule. Facts: 宣恩 and 玉屏 take part in
活水 and are none of the 160 key counties; 铜陵 counts 127 and 1,807 community organisations; 25
applicants with 196 online projects plan 1,880 funds, and there are over 4,000. All else is
invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sample.draw import Stream, apportion
from sample.manifest import SampleFile
from sample.organizations import Organization, Organizations
from sample.projects import Project
from sample.regions import COUNTIES, PREFECTURES
from sample.registers import Register, Row
from sample.workbook import Cell

#: Counties of Sichuan among the 160 key counties.
_KEY_COUNTIES = (
    *("513226", "513228", "513230", "513231", "513232", "513233", "513326", "513327", "513328"),
    *("513329", "513330", "513331", "513332", "513333", "513334", "513423", "513428", "513429"),
    *("513430", "513431", "513432", "513434", "513435", "513436", "513437"),
)
_OFF_THE_LIST = ("422825", "520622")  # 宣恩, 玉屏
_ENROLLED, _GRANTED = date(2022, 4, 8), date(2022, 6, 1)
_APPLICANTS, _ONLINE_PROJECTS, _FUNDS_PLANNED, _FUNDS_OPEN = 25, 196, 1880, 4021
_GRANT_WAN, FEN_PER_WAN = 20, 1_000_000
_TONGLING = ("340700", 127, 1807)
_STAGES = ("培育发展", "能力提升", "示范引领")


def enrollment_register(as_of: date) -> Register:
    """活水计划入选名单 without rows."""
    return Register(
        "huoshui_enrollments",
        "活水计划入选名单",
        ["项目计划编号", "县级区划代码", "机构统一社会信用代码", "批次", "入选日期",
         "启动资金（万元）", "启动资金拨付日期", "入选前专职人数", "入选后专职人数",
         "首次互联网筹款", "品牌项目编号"],
        as_of=as_of,
        notes=["启动资金为非限定性资金"],
    )  # fmt: skip # a table


def enrollments(orgs: Organizations, projects: Sequence[Project], as_of: date) -> Register:
    """活水计划入选名单: an organisation for each key county that has one, and two off the list."""
    table = enrollment_register(as_of)
    near = {o.region_code: o for o in orgs.initiators}
    taken = [(c, near[c]) for c in _KEY_COUNTIES if c in near]
    others = (o for o in orgs.initiators if not o.named and o not in [t[1] for t in taken])
    taken += zip(_OFF_THE_LIST, others, strict=False)
    brands = {p.initiator.uscc: p.project_no for p in reversed(projects)}
    for i, (county, org) in enumerate(taken):
        cells: list[Cell] = [
            *("huoshui", county, org.uscc, "第一批" if i % 4 else "第二批", _ENROLLED),
            *(_GRANT_WAN, _GRANTED, i % 3, 3, "是" if i % 3 else "否", brands.get(org.uscc)),
        ]
        table.rows.append(Row(cells, fen=_GRANT_WAN * FEN_PER_WAN))
    return table


def applicants(orgs: Organizations, seed: int, as_of: date) -> Register:
    """蜀慈善邻报名: the charities of the prefectures and a few members."""
    table = Register(
        "community_program_applicants",
        "蜀慈善邻城乡社区慈善项目报名表",
        ["统一社会信用代码", "申报单位", "单位类别", "区划代码", "互联网募捐项目数", "品牌项目数",
         "拟新建社区基金数", "培育社区基金数"],
        as_of=as_of,
    )  # fmt: skip # a table
    of_cities = [o for o in orgs.supporters if "慈善总会" in o.name]
    members = [o for o in orgs.supporters if o not in of_cities]
    chosen = [*of_cities, *members][:_APPLICANTS]
    weights = [1.0 + w for w in Stream(seed, "applicants").uniform(len(chosen))]
    online, planned = apportion(_ONLINE_PROJECTS, weights), apportion(_FUNDS_PLANNED, weights)
    for i, org in enumerate(chosen):
        kind = "市州慈善会" if org in of_cities else "单位会员"
        table.rows.append(
            Row([org.uscc, org.name, kind, org.region_code, online[i], i % 4, planned[i], 9 + i])
        )
    return table


def funds(orgs: Organizations, seed: int, as_of: date) -> Register:
    """社区基金: as many open ones as printed, and a few that have closed."""
    table = Register(
        "community_funds",
        "社区基金登记表",
        ["基金编号", "基金名称", "所在社区", "行政区划代码", "管理机构统一社会信用代码",
         "成立日期", "终止日期", "余额（元）"],
        as_of=as_of,
    )  # fmt: skip # a table
    by_city = {o.region_code: o for o in orgs.supporters if "慈善总会" in o.name}
    draws = Stream(seed, "funds")
    count = _FUNDS_OPEN + _FUNDS_OPEN // 100
    place = draws.child("place").whole(count, 0, len(COUNTIES) - 1)
    days = draws.child("day").whole(count, 0, 1500)
    fen = draws.child("balance").whole(count, 0, 9_000_000)
    for i in range(count):
        county = COUNTIES[place[i]]
        founded = date(2020, 1, 1) + timedelta(days=int(days[i]))
        closed = founded + timedelta(days=120) if i >= _FUNDS_OPEN else None
        manager: Organization | None = by_city.get(county.prefecture_code)
        left = 0 if closed else int(fen[i])
        community = f"{county.name}第{i % 97 + 1}社区（合成）"
        cells: list[Cell] = [
            *(f"SCF{i:05d}", f"{community}基金", community, county.code),
            *(manager.uscc if manager else None, founded, closed),
            f"{left // 100}.{left % 100:02d}",
        ]
        table.rows.append(Row(cells, fen=left))
    return table


def observation_points(as_of: date) -> Register:
    """社区社会组织观察点: every ninth county, some of them no longer."""
    headings = ["行政区划代码", "观察点级别", "阶段", "开始日期", "结束日期"]
    table = Register("observation_points", "社区社会组织观察点名单", headings, as_of=as_of)
    for i, county in enumerate(COUNTIES[::9]):
        ended = date(2023, 12, 31) if i % 6 == 5 else None
        level = "省级" if i % 5 < 2 else "市级"
        table.rows.append(Row([county.code, level, _STAGES[i % 3], date(2021, 8, 1), ended]))
    return table


def org_counts(seed: int, as_of: date) -> Register:
    """社区社会组织数 of the prefectures at the end of two years, and those of 铜陵."""
    headings = ["行政区划代码", "统计日期", "登记制", "备案制", "总数"]
    table = Register("community_org_counts", "社区社会组织统计表", headings, as_of=as_of)
    code, registered, filed = _TONGLING
    table.rows.append(Row([code, date(2023, 12, 31), registered, filed, registered + filed]))
    for code in PREFECTURES:
        draws = Stream(seed, "org_counts", code)
        registered, filed = draws.child("r").number(40, 400), draws.child("f").number(600, 4000)
        for year in (2022, 2023):
            filed += (year - 2022) * 90
            cells: list[Cell] = [code, date(year, 12, 31), registered, filed, registered + filed]
            table.rows.append(Row(cells))
    return table


def villages(seed: int, as_of: date) -> Register:
    """为村: a few hundred villages."""
    headings = ["村代码", "加入日期", "认证村民数", "工作日记"]
    table = Register("villages", "为村村庄名单", headings, as_of=as_of)
    for i, county in enumerate(COUNTIES):
        draws = Stream(seed, "villages", county.code)
        for village in range(1, 1 + i % 3):
            joined = date(2016, 3, 1) + timedelta(days=draws.child(village).number(0, 2400))
            certified = draws.child("certified", village).number(40, 900)
            cells: list[Cell] = [f"{county.code}100{200 + village}", joined, certified]
            table.rows.append(Row([*cells, None if village > 1 else certified * 3]))
    return table


def total_row(table: Register) -> Row:
    """The row 合计 with the sum of the amounts above it, in the unit of their heading."""
    at = next(i for i, h in enumerate(table.headings) if "元" in h)
    fen = table.tally().fen_read
    total = fen // FEN_PER_WAN if "万元" in table.headings[at] else f"{fen // 100}.{fen % 100:02d}"
    cells: list[Cell] = ["合计", *[None] * (at - 1), total]
    return Row(cells, "aside")


def totals_agree(facts: SampleFile) -> None:
    """Says in the manifest that the file ends with the row 合计, and that it is right."""
    facts.footer_rows, facts.footer_fen, facts.footer_agrees = 1, facts.rows.fen_read, True
