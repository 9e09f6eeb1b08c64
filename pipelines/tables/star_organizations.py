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

TABLES = (FACT_ORG_YEAR,)
