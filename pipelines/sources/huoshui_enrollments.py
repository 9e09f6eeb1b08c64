"""活水计划: organisations that a programme takes in, county by county, and their seed grants.

landing/huoshui_enrollments/… → lake/huoshui_enrollments → stg_huoshui_enrollments
→ fact_enrollment → marts.program_coverage
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Form, Source
from pipelines.sources.rules import not_negative

NAME = "huoshui_enrollments"

HUOSHUI_ENROLLMENTS = Source(
    name=NAME,
    title_zh="活水计划入选名单",
    title_en="Enrolments of the programme 活水计划",
    cadence="on_event",
    money_column="seed_grant",
    forms=(Form("table", money_units={"seed_grant": "万元"}),),
    snapshot_scope=("program_id",),
    newest_only=True,
    columns=(
        known("program_id", required=True, key=True),
        known(
            "county_code",
            ("县级区划代码", "县区划代码", "区县代码", "行政区划代码", "区划代码"),
            required=True,
            key=True,
        ),
        known(
            "org_uscc",
            ("机构统一社会信用代码", "统一社会信用代码"),
            required=True,
            key=True,
        ),
        known("batch", ("批次", "入选批次"), required=True),
        known("enrolled_on", ("入选日期", "加入日期"), required=True),
        Column(
            "seed_grant",
            Kind.MONEY,
            ("启动资金", "非限定启动资金", "项目启动资金"),
            "启动资金",
            "Seed grant",
        ),
        known("seed_granted_on", ("启动资金拨付日期", "拨付日期")),
        known("staff_before", ("入选前专职人数", "专职人数入选前")),
        known("staff_after", ("入选后专职人数", "专职人数入选后")),
        known("first_online_fundraising", ("首次互联网筹款", "是否首次互联网筹款")),
        known("brand_project_no", ("品牌项目编号",)),
    ),
    rules=tuple(
        not_negative(NAME, *column)
        for column in (
            ("seed_grant_fen", "启动资金", "A seed grant"),
            ("staff_before", "入选前专职人数", "The number of staff before"),
            ("staff_after", "入选后专职人数", "The number of staff after"),
        )
    ),
)
