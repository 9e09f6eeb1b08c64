"""培训签到: who attended a training, for which organisation, and the points earned.

landing/training_attendance/… → lake/training_attendance → stg_training_attendance
→ fact_training_attendance → training_summary

An attendee is a person: a pseudonym is all that is kept, and it is the key.
"""

from pipelines.dictionary import Kind
from pipelines.sources.columns import known
from pipelines.sources.contract import Column, Identity, Source

NAME = "training_attendance"

TRAINING_ATTENDANCE = Source(
    name=NAME,
    title_zh="培训签到",
    title_en="Training attendance",
    cadence="on_event",
    identity=Identity(columns=("attendee_id",)),
    snapshot_scope=("training_id",),
    newest_only=True,
    columns=(
        known("training_id", ("培训编号", "课程编号"), required=True, key=True),
        Column("attendee_id", Kind.ID, ("学员编号", "参训人编号", "参训人员编号"),
               "学员编号", "Attendee id", required=True, key=True, personal=True),
        Column("org_uscc", Kind.USCC, ("所在单位统一社会信用代码", "单位统一社会信用代码"),
               "所在单位统一社会信用代码", "Code of the attendee's organisation"),
        known("points", ("积分", "积分类型"), codes=("必修", "选修", "心得")),
    ),
)  # fmt: skip # a declaration
