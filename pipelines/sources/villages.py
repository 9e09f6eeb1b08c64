"""为村: villages that joined, with their certified villagers and work logs.

    landing/villages/… → lake/villages → stg_villages → fact_village → marts.villages

A list gives the village's own code of twelve digits, or only its region code.
"""

from pipelines.sources.columns import known
from pipelines.sources.contract import EVERYWHERE, Form, Source
from pipelines.sources.rules import matches, not_negative

NAME = "villages"

VILLAGES = Source(
    name=NAME,
    title_zh="为村",
    title_en="Villages of 为村",
    cadence="on_event",
    newest_only=True,
    forms=(
        Form("table"),
        Form(
            "by_region",
            names=dict.fromkeys(("region_code", *EVERYWHERE["region_code"]), "village_code"),
        ),
    ),
    columns=(
        known("village_code", ("村代码", "村级代码", "行政村代码"), required=True, key=True),
        known("joined_on", ("加入日期",), required=True),
        known("certified_villagers", ("认证村民数", "认证村民")),
        known("logs", ("工作日记", "工作日记数")),
    ),
    rules=(
        matches(
            NAME,
            "village_code",
            "[0-9]{6}([0-9]{6})?",
            "村代码须为12位数字，或6位区划代码。",
            "A village code has 12 digits, or it is a region code of 6.",
            rule="code_shape",
        ),
        not_negative(
            NAME, "certified_villagers", "认证村民数", "The number of certified villagers"
        ),
        not_negative(NAME, "logs", "工作日记数", "The number of work logs"),
    ),
)
