"""Facts of projects: what they show, publish and change."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, Table

FACT_DISCLOSURE = Table(
    "star",
    "fact_disclosure",
    zh="财务披露：每项目每期一行，最新状态",
    en="Financial disclosures: a row per project and period, newest state",
    grain="project_no period_from period_to",
    fields="""
        project_no period_from period_to project_key period_days published_at published_date_key
        payout_cny management_cost_cny management_share export_date source_file_id source_row
    """,
    nullable="management_cost_cny management_share",
    words={
        "project_key": Words("披露当日的项目版本；-1为导出中没有的项目",
            "Version of the project on the day it was published; -1 if no export has it"),
    },
    holds=(
        Holds("period_ordered", "period_from <= period_to", "披露期间的起日不得晚于止日",
            "A period does not end before it starts", shown="project_no period_from period_to"),
        Holds("published_after_period", "published_at >= period_to", "披露应在期间结束之后",
            "A disclosure is published once its period is over",
            shown="project_no period_from period_to published_at", severity="warn"),
    ),
)  # fmt: skip # a declaration

FACT_GOAL_CHANGE = Table(
    "star",
    "fact_goal_change",
    zh="筹款目标的提高或降低（提额），自首次显示它的导出日起算",
    en=(
        "A raise or cut of a project's target (提额), counted from the export date that first"
        " shows it"
    ),
    grain="project_no first_shown_on",
    fields="""
        project_no first_shown_on date_key last_shown_on from_cny to_cny change_cny direction
        source_file_id source_row
    """,
    nullable="change_cny",
    words={
        "date_key": Words("该导出日的日期键", "Key of that day"),
        "from_cny": Words("原目标（元）；0为不设上限", "Old target in yuan; 0 is open-ended"),
    },
    refers={"project_no": "dim_project"},
)  # fmt: skip # a declaration

FACT_PROGRESS = Table(
    "star",
    "fact_progress",
    zh="项目进展：每篇一行，最新状态；标题为纯文本",
    en="Project reports: a row each, newest state; titles are plain text",
    grain="progress_id",
    fields="""
        progress_id project_no project_key published_at published_date_key title export_date
        source_file_id source_row
    """,
    words={
        "project_key": Words("发布当日的项目版本；-1为导出中没有的项目",
            "Version of the project on the day it was published; -1 if no export has it"),
    },
)  # fmt: skip # a declaration

FACT_PROJECT_SNAPSHOT = Table(
    "star",
    "fact_project_snapshot",
    zh="项目快照：每项目每导出日一行，平台所印累计数",
    en=(
        "Project snapshots: a row per project and export date, running totals as the platform"
        " prints them"
    ),
    grain="project_no export_date",
    fields="""
        project_no export_date date_key project_key state target_cny raised_cny participations
        takes_monthly_gifts source_file_id source_row
    """,
    nullable="state target_cny raised_cny participations takes_monthly_gifts",
    words={
        "date_key": Words("导出日期键", "Key of the export date"),
        "project_key": Words("当日的项目版本", "Version of the project on that day"),
        "raised_cny": Words("已筹金额（元），平台所印累计，可能回落",
            "Raised so far in yuan, as printed; it may fall"),
        "participations": Words("捐款人次，平台所印累计", "人次 so far, as the platform prints it"),
    },
)  # fmt: skip # a declaration

TABLES = (
    FACT_DISCLOSURE,
    FACT_GOAL_CHANGE,
    FACT_PROGRESS,
    FACT_PROJECT_SNAPSHOT,
)
