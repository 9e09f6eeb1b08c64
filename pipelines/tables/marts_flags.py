"""The mart of findings that want a look."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Table

GIVING_RED_FLAGS = Table(
    "marts",
    "giving_red_flags",
    zh="红旗：每项发现一行；红旗是须看一看的理由，不是结论",
    en="Red flags: a row per finding; a flag is a reason to look, not a verdict",
    grain="finding_id",
    fields="""
        finding_id rule_id rule_zh rule_en severity subject_type subject_id project_no
        project_name campaign_id found_on amount_cny evidence_rows evidence_zh evidence_en
        evidence_query why_zh why_en as_of
    """,
    nullable="project_no project_name campaign_id amount_cny",
    words={
        "project_name": Words("项目名称", "Its name", "导出中没有的项目为空",
            "null for a project that no export has"),
        "severity": Words("warning 待核实、critical 不合法律要求",
            "warning: to be looked into; critical: against the law's requirement"),
        "subject_type": Words("对象类别：donor 捐款人（化名）、project 项目、bill 账单、order 订单",
            "donor (pseudonym), project, bill or order"),
        "subject_id": Words("对象：化名、项目编号、账单或订单号",
            "Pseudonym, project number, bill or order number"),
        "project_no": Words("所涉项目", "Project concerned", "与项目无关则为空", "null if none"),
        "campaign_id": Words("所涉活动", "Campaign concerned", "不属任何活动则为空",
            "null if none"),
        "amount_cny": Words("所涉金额（元）：捐款、回落、配捐、被收费的捐款或退回额",
            "Amount concerned in yuan: the gifts, the fall, the grants, the gifts charged with a"
            " fee, or what was paid back",
            "无金额则为空", "null if none"),
    },
    loose="campaign_id",
    no_rows=dict.fromkeys(("amount_cny", "evidence_rows"), Words(
        "各规则所查的表不同：该行的 evidence_query 即列出其各行的查询，可用 juandi sql 执行",
        "each rule looks at tables of its own: evidence_query of the row is the query that lists"
        " its rows; `juandi sql` runs it")),
)  # fmt: skip # a declaration

TABLES = (GIVING_RED_FLAGS,)
