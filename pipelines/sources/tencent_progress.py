"""腾讯公益项目进展: the reports that a project posts for its donors.

    landing/tencent_progress/…20240802….jsonl → lake/tencent_progress → stg_tencent_progress
    → fact_progress

As JSON a report is flat, or stands inside its item as the platform's list answers it:
`{"project_no": …, "process": {…}, "process_like": {…}}`. Titles come with markup, entities and
control characters; they are kept as plain text.
"""

from pipelines.cleaning.markup import plain_columns
from pipelines.sources.columns import known
from pipelines.sources.contract import Form, Source
from pipelines.sources.rules import has_words, moment_in_range

NAME = "tencent_progress"


TENCENT_PROGRESS = Source(
    name=NAME,
    title_zh="腾讯公益项目进展",
    title_en="Tencent Charity project reports",
    dated=True,
    derive=plain_columns("title"),
    forms=(
        Form("table"),
        Form(
            "json",
            structured=True,
            names={
                "process_id": "progress_id",
                "content_title": "title",
                "publish_time": "published_at",
            },
        ),
    ),
    columns=(
        known("progress_id", ("进展编号",), required=True, key=True),
        known("project_no", ("项目ID",), required=True),
        known("published_at", ("发布时间",), required=True),
        known("title", ("标题",), required=True),
    ),
    rules=(
        has_words(
            NAME,
            "title",
            "标题去除标记后须有文字。",
            "A title holds words once its markup is taken away.",
        ),
        moment_in_range(
            NAME,
            "published_at",
            "发布时间须在2007年至导出日次日之间。",
            "Published between 2007 and the day after the export date.",
        ),
    ),
)
