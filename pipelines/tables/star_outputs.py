"""Facts of what projects make or do, and of incidents."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, OneOf, Table

FACT_OUTPUT = Table(
    "star",
    "fact_output",
    zh="项目产出：每项目每期间每类型一行，取项目最新一次导出",
    en="Outputs: a row per project, period and kind, from the project's newest export",
    grain="project_no period output_kind",
    fields="""
        project_no period output_kind project_key period_from period_to date_key quantity unit
        unit_cost_cny export_date source_file_id source_row
    """,
    nullable="unit_cost_cny",
    register="project_outputs",
    known="project_key",
    words={
        "period_from": Words("期间首日", "First day of the period"),
        "period_to": Words("期间末日", "Last day of the period"),
        "date_key": Words("期间末日的日期键", "Key of the period's last day"),
        "quantity": Words("产出数量，单位见 unit", "Quantity, in the unit of column unit"),
    },
)  # fmt: skip # a declaration

FACT_INCIDENT = Table(
    "star",
    "fact_incident",
    zh="舆情与投诉：每件一行，取登记的最新一次导出",
    en="Incidents and complaints: a row each, from the register's newest export",
    grain="incident_id",
    fields="""
        incident_id campaign_id project_no project_key incident_kind reported_at date_key closed_at
        incident_severity export_date source_file_id source_row
    """,
    nullable="campaign_id project_no project_key closed_at incident_severity",
    register="incidents",
    words={
        "campaign_id": Words("活动编号：登记所载，未载则为项目当日所在的活动",
            "Campaign: the one named, else the one that its project was in on that day",
            "不属任何活动则为空，unknown为所载活动无处登记",
            "null: no campaign; 'unknown': the campaign named is not registered"),
        "project_no": Words("所涉项目", "Project concerned", "空为未载",
            "null where none is given"),
        "project_key": Words("项目的当前版本；-1为导出中没有的项目",
            "Current version of the project; -1 if no export has it", "未载项目则为空",
            "null where no project is given"),
        "date_key": Words("登记日期键", "Key of the day reported"),
    },
    one_of=(
        OneOf("incident_kind", ("舆情", "投诉"), "事件须为舆情或投诉",
            "An incident is of public opinion or a complaint"),
    ),
    holds=(
        Holds("incident_campaign_registered", "campaign_id <> 'unknown'", "事件所载的活动应有登记",
            "The campaign that an incident names is registered", severity="warn"),
        Holds("incident_project_known", "project_key <> '-1'", "事件所涉的项目应见于项目导出",
            "The project of an incident is in an export of projects", severity="warn"),
    ),
)  # fmt: skip # a declaration

TABLES = (FACT_OUTPUT, FACT_INCIDENT)
