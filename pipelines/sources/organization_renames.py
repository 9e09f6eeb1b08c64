"""更名登记: which organisation was called what before, a rename per line, most without a code.

    landing/organization_renames/… → lake/organization_renames → stg_organization_renames
    → int_organization_names → former names of dim_organization, initiators that print no code

Registers of renames seldom print a code: whose the names are is found where one of them is known.
"""

from pipelines.sources.columns import known
from pipelines.sources.contract import Source

NAME = "organization_renames"

ORGANIZATION_RENAMES = Source(
    name=NAME,
    title_zh="更名登记",
    title_en="Renames of organisations",
    cadence="on_event",
    columns=(
        known(
            "former_name", ("原名称", "原名", "更名前名称", "name_2013"), required=True, key=True
        ),
        known(
            "name",
            ("现名称", "现名", "更名后名称", "name_2014"),
            zh="更名后的名称",
            en="Name after it",
            required=True,
            key=True,
        ),
        known("uscc"),
        known("renamed_on", ("更名日期",)),
    ),
)
