"""Facts of organisations: what they report, where they learn, what they answer."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Table

FACT_ORG_YEAR = Table(
    "star",
    "fact_org_year",
    zh="社会组织年报：每机构每年度一行，取最新一次导出",
    en="Annual reports: a row per organisation and year, from the newest export",
    grain="uscc year",
    fields="""
        uscc year organization_key income_cny charitable_spending_cny management_cost_cny
        total_spending_cny net_assets_cny report_published_on audit_report export_date
        source_file_id source_row
    """,
    nullable="net_assets_cny report_published_on audit_report",
    register="org_annual_reports",
    known="organization_key",
    refers={"organization_key": "dim_organization"},
    words={
        "year": Words("年度", "The year reported on"),
        "organization_key": Words("年末有效的机构版本；-1为当时名录未载",
            "Version of the organisation at the year's end; -1 if no register had it by then"),
        "management_cost_cny": Words("管理费用（元）", "Management costs in yuan"),
    },
)  # fmt: skip # a declaration

FACT_TRAINING_ATTENDANCE = Table(
    "star",
    "fact_training_attendance",
    zh="培训签到：每培训每学员一行，取该培训最新一次签到导出；学员只有化名",
    en=(
        "Attendance of trainings: a row per training and attendee, from the training's newest"
        " export; attendees are pseudonyms"
    ),
    grain="training_id attendee_key",
    fields="""
        training_id attendee_key attendee_uscc held_on held_date_key topic audience session_kind
        points export_date source_file_id source_row
    """,
    nullable="held_on topic audience session_kind points",
    register="training_attendance",
)

FACT_SURVEY_ANSWER = Table(
    "star",
    "fact_survey_answer",
    zh="问卷答案：每答卷每题一行，取最新一次导出；未答者亦在列",
    en="Answers of the survey: a row per response and question, unanswered ones too",
    grain="response_id question",
    fields="""
        response_id question answer is_valid region_code region_text export_date source_file_id
        source_row
    """,
    nullable="answer region_code region_text",
    register="county_org_survey",
    rows_per_line=3,
    words={
        "region_code": Words("区划代码；unknown为无此代码", "Region code; unknown if it is none",
            "未载则为空", "null where none is given"),
    },
)  # fmt: skip # a declaration

TABLES = (
    FACT_ORG_YEAR,
    FACT_TRAINING_ATTENDANCE,
    FACT_SURVEY_ANSWER,
)
