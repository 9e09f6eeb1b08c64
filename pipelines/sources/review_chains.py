"""审查链: the levels a subject must pass, a level per line. Chains are a register, never code.

landing/review_chains/… → lake/review_chains → stg_review_chains → dim_review_level
"""

import polars as pl

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, RowRule, Source
from pipelines.sources.rules import within

NAME = "review_chains"

REVIEW_CHAINS = Source(
    name=NAME,
    title_zh="审查链",
    title_en="Review chains",
    cadence="on_event",
    snapshot_scope=("chain_id",),
    columns=(
        known("chain_id", required=True, key=True),
        known("chain_name", ("审查链名称",), required=True),
        known(
            "subject_type",
            ("对象类型",),
            required=True,
            closed=True,
            codes={
                "project": "project",
                "项目": "project",
                "beneficiary": "beneficiary",
                "受益人": "beneficiary",
                "organization": "organization",
                "组织": "organization",
                "机构": "organization",
            },
        ),
        known("level_no", ("层级序号",), required=True, key=True),
        known("level_code", ("层级代码",), required=True),
        known("level_name", ("层级名称",), required=True),
        known(
            "coverage",
            ("覆盖方式", "审查范围"),
            required=True,
            closed=True,
            codes={
                "all": "all",
                "全部": "all",
                "全覆盖": "all",
                "sample": "sample",
                "抽查": "sample",
                "抽样": "sample",
            },
        ),
        known("required_share", ("抽查比例", "要求比例")),
        Column(
            "must_differ_from",
            Kind.TEXT,
            ("回避对象", "须回避"),
            "须回避",
            "Who the reviewer may not be: initiator, supporter, previous_reviewer",
        ),
        known("sla_days", ("时限天数", "办理时限")),
        known("evidence_required", ("需要佐证", "是否需佐证"), required=True),
    ),
    rules=(
        within(
            NAME,
            "level_no",
            1,
            99,
            "层级从1开始编号。",
            "Levels are numbered from 1.",
            rule="level_no_range",
        ),
        RowRule(
            f"{NAME}.required_share_range",
            ("required_share",),
            pl.col("required_share").is_between(0, 1),
            "抽查比例须在0与1之间。",
            "A required share lies between 0 and 1.",
            "以小数或百分数填写，例如 0.2 或 20%。",
            "Give it as a decimal or a percentage, such as 0.2 or 20%.",
        ),
        within(
            NAME,
            "sla_days",
            0,
            None,
            "时限天数不得为负。",
            "A time limit is not negative.",
            rule="sla_days_not_negative",
        ),
        RowRule(
            f"{NAME}.must_differ_from_known",
            ("must_differ_from",),
            pl.col("must_differ_from").str.contains(
                r"^\s*(initiator|supporter|previous_reviewer)"
                r"(\s*[;；]\s*(initiator|supporter|previous_reviewer))*\s*$"
            ),
            "须回避对象须为 initiator、supporter、previous_reviewer，以分号分隔。",
            "must_differ_from holds initiator, supporter, previous_reviewer, split by semicolons.",
            "按契约列出的词填写。",
            "Use the contract's words.",
        ),
    ),
)
