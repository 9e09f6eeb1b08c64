"""Facts of programmes: who takes part in them."""

from pipelines.dictionary import Words
from pipelines.tables.declaration import Holds, Table

FACT_ENROLLMENT = Table(
    "star",
    "fact_enrollment",
    zh="项目计划的入选：每计划每县每机构一行，取计划最新一次导出",
    en="Enrolments: a row per programme, county and organisation, from the newest export",
    grain="program_id county_code org_uscc",
    fields="""
        program_id county_code org_uscc region_code batch enrolled_on enrolled_date_key
        seed_grant_cny seed_granted_on staff_before staff_after first_online_fundraising
        brand_project_no is_listed export_date source_file_id source_row
    """,
    nullable="""
        seed_grant_cny seed_granted_on staff_before staff_after first_online_fundraising
        brand_project_no is_listed
    """,
    register="huoshui_enrollments",
    known="region_code",
    refers={"program_id": "dim_program"},
    words={
        "region_code": Words("该县的区划代码；unknown为无此代码",
            "Region code of the county; unknown if no such code exists"),
    },
    holds=(
        Holds("on_the_list", "is_listed", "参与县应在该计划的县域名单内；名单之外确有其例",
            "The county is on the programme's list; some real participants are not",
            severity="warn"),
    ),
)  # fmt: skip # a declaration

TABLES = (FACT_ENROLLMENT,)
