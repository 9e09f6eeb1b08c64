"""腾讯公益 projects: one line per project as of the export date, JSON lines (fen) or CSV (yuan).

landing/tencent_projects/…20240802….jsonl → lake/tencent_projects → stg_tencent_projects
→ fact_project_snapshot, dim_project (type 2), fact_goal_change

As JSON a project is flat, or stands in the objects `info` and `donate` of its item as the
platform's list answers it. The older detail page answers with one project, in JSONP: its target
is in fen and what it raised in yuan, in one object, and its states have numbers of their own.
Names come with markup and entities; they are kept as plain text.
"""

from pipelines.cleaning.markup import plain_columns
from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Source
from pipelines.sources.rules import has_words, within

NAME = "tencent_projects"

STATES = {
    "3": "筹款中",
    "筹款中": "筹款中",
    "募款中": "筹款中",
    "5": "结束筹款",
    "结束筹款": "结束筹款",
    "执行中": "执行中",
    "已结束": "已结束",
}

#: The detail page's states; in the lists 3 is 筹款中.
_DETAIL_STATES = {"1": "筹款中", "2": "执行中", "3": "已结束"}

TENCENT_PROJECTS = Source(
    name=NAME,
    title_zh="腾讯公益项目",
    title_en="Tencent Charity projects",
    dated=True,
    money_column="current_donate_amount",
    derive=plain_columns("name", "org_name", "funder_org_name", "cate", "sub_cate", "recipients"),
    forms=(
        Form("table"),
        Form("json", structured=True, money_unit="分", names={"start_time": "start_on"}),
        Form(
            "detail",
            structured=True,
            names={
                "base.id": "project_no",
                "base.title": "name",
                "base.pName": "org_name",
                "base.fundName": "funder_org_name",
                "base.record_num": "filing_no",
                "base.cateName": "cate",
                "base.status": "state",
                "base.needMoney": "target",
                "base.donate.obtainMoney": "current_donate_amount",
                "base.donate.donateNum": "current_donate_count",
                "base.startTime": "start_on",
                "base.endTime": "end_on",
            },
            money_units={"target": "分", "current_donate_amount": "元"},
            codes={"state": _DETAIL_STATES},
        ),
    ),
    columns=(
        known("project_no", ("项目ID",), required=True, key=True),
        known(
            "name", ("项目名称", "project_name"), zh="项目名称", en="Project name", required=True
        ),
        Column("org_no", Kind.ID, (), "发起机构编号", "Initiator's platform number"),
        Column(
            "org_name",
            Kind.TEXT,
            ("发起机构",),
            "发起机构",
            "Initiating organisation",
            required=True,
        ),
        Column(
            "org_uscc",
            Kind.USCC,
            ("发起机构统一社会信用代码",),
            "发起机构统一社会信用代码",
            "Initiator's unified social credit code",
        ),
        Column("funder_org_no", Kind.ID, (), "公募机构编号", "Supporter's platform number"),
        Column(
            "funder_org_name",
            Kind.TEXT,
            ("公募机构",),
            "公募机构",
            "Public-fundraising organisation (supporter)",
        ),
        Column(
            "funder_uscc",
            Kind.USCC,
            ("公募机构统一社会信用代码",),
            "公募机构统一社会信用代码",
            "Supporter's unified social credit code",
        ),
        known("filing_no", ("公募备案编号", "备案编号")),
        Column("cate", Kind.TEXT, ("一级类别",), "一级类别", "Category"),
        Column("sub_cate", Kind.TEXT, ("二级类别",), "二级类别", "Sub-category"),
        Column("recipients", Kind.TEXT, ("受益人",), "受益人", "Beneficiaries"),
        known("state", ("项目状态",), required=True, codes=STATES),
        Column("target", Kind.MONEY, ("筹款目标",), "筹款目标", "Target", required=True),
        Column("current_donate_amount", Kind.MONEY, ("已筹金额",), "已筹金额", "Raised so far"),
        Column(
            "current_donate_count",
            Kind.INTEGER,
            ("捐款人次",),
            "捐款人次",
            "Participations as the platform prints them",
        ),
        Column("is_monthly_donate", Kind.FLAG, (), "是否月捐", "Whether it takes monthly gifts"),
        known("region_code"),
        known("approved_on", ("立项时间",)),
        Column("start_on", Kind.DATE, (), "开始时间", "Starts on"),
        Column("end_on", Kind.DATE, (), "结束时间", "Ends on; null is open", null_words=("0",)),
        known("parent_project_no", ("母项目编号",)),
    ),
    rules=(
        has_words(
            NAME,
            "name",
            "项目名称去除标记后须有文字。",
            "A project's name holds words once its markup is taken away.",
        ),
        has_words(
            NAME,
            "org_name",
            "发起机构去除标记后须有文字。",
            "An initiator's name has words left once its markup is removed.",
        ),
        within(
            NAME,
            "target_fen",
            0,
            None,
            "筹款目标不得为负（0表示不设上限）。",
            "A target is not negative (0 is open-ended).",
            rule="target_not_negative",
        ),
        within(
            NAME,
            "current_donate_count",
            0,
            None,
            "捐款人次不得为负。",
            "Participations are not negative.",
            rule="count_not_negative",
        ),
    ),
)
