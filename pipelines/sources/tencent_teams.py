"""腾讯公益一起捐: teams of supporters that raise money together for a project.

    landing/tencent_teams/…20240802….csv → lake/tencent_teams → stg_tencent_teams → fact_team

An export shows a team as it stands; its newest export is its state. The leader is a person: a
pseudonym is all that is kept. In the platform's JSON what is raised is in fen, and the goal
that the leader typed in, in yuan, in one and the same object.
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Identity, Source
from pipelines.sources.rules import moment_in_range, within

NAME = "tencent_teams"

CIRCLES = {"1": "核心", "2": "兼职与志愿者", "3": "认同公益", "4": "其他"}

TENCENT_TEAMS = Source(
    name=NAME,
    title_zh="腾讯公益一起捐队伍",
    title_en="Tencent Charity teams",
    dated=True,
    money_column="raised",
    identity=Identity(columns=("leader",), name_column="leader"),
    forms=(
        Form("table"),
        Form("json", structured=True, money_unit="分", money_units={"goal": "元"}),
    ),
    columns=(
        known("team_id", ("队伍编号",), required=True, key=True),
        Column("leader", Kind.TEXT, ("队长昵称",), "队长昵称", "Leader", personal=True),
        known("project_no", ("项目ID",), required=True),
        Column(
            "goal",
            Kind.MONEY,
            ("目标金额",),
            "目标金额；JSON中亦为元",
            "Goal; in yuan in JSON too",
        ),
        Column("raised", Kind.MONEY, ("已筹金额",), "已筹金额", "Raised so far", required=True),
        Column("gifts", Kind.INTEGER, ("参与人次",), "参与人次", "Participations", required=True),
        known("circle", ("圈层",), codes={**CIRCLES, **{c: c for c in CIRCLES.values()}}),
        known("region_code", zh="行政区划代码"),
        known("created_at", ("创建时间",), required=True),
    ),
    rules=(
        within(
            NAME,
            "raised_fen",
            0,
            None,
            "已筹金额不得为负。",
            "What a team has raised is not negative.",
            rule="raised_not_negative",
        ),
        within(
            NAME,
            "goal_fen",
            0,
            None,
            "目标金额不得为负。",
            "A team's goal is not negative.",
            rule="goal_not_negative",
        ),
        within(
            NAME,
            "gifts",
            0,
            None,
            "参与人次不得为负。",
            "Participations are not negative.",
            rule="gifts_not_negative",
        ),
        moment_in_range(
            NAME,
            "created_at",
            "创建时间须在2007年至导出日次日之间。",
            "Founded between 2007 and the day after the export date.",
        ),
    ),
)
