"""Facts of campaigns."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, Table

FACT_CAMPAIGN_ENTRY = Table(
    "star",
    "fact_campaign_entry",
    zh="入场申报：每活动每项目一行，取活动最新一次导出",
    en="Campaign entries: a row per campaign and project, from the campaign's newest export",
    grain="registered_campaign_id project_no",
    fields="""
        registered_campaign_id project_no campaign_id project_key applicant_uscc applied_on
        applied_date_key domain region_code region_text county_today result is_admitted admitted_on
        go_live_at export_date source_file_id source_row
    """,
    nullable="region_text county_today admitted_on go_live_at",
    register="campaign_entries",
    known="campaign_id project_key region_code",
    words={
        "region_code": Words("落地区划代码；unknown为无此代码",
            "Region code; unknown if no such code exists"),
        "campaign_id": Words("活动编号；unknown为无处登记",
            "Campaign id; 'unknown': a campaign that is not registered"),
        "is_admitted": Words("是否入场", "Whether it was admitted"),
    },
    holds=(
        Holds("admission_consistent", "is_admitted = (result = '入场')", "入场与否和入场结果一致",
            "Whether an entry was admitted agrees with its result"),
    ),
)  # fmt: skip # a declaration

TABLES = (FACT_CAMPAIGN_ENTRY,)
