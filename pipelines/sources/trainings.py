"""培训: trainings that were held, and for whom.

landing/trainings/… → lake/trainings → stg_trainings → fact_training_attendance,
training_summary
"""

from pipelines.sources.columns import known
from pipelines.sources.contract import Source

NAME = "trainings"

TRAININGS = Source(
    name=NAME,
    title_zh="培训",
    title_en="Trainings",
    cadence="on_event",
    snapshot_scope=("training_id",),
    newest_only=True,
    columns=(
        known("training_id", ("培训编号", "课程编号"), required=True, key=True),
        known("held_on", ("举办日期", "培训日期", "开班日期"), required=True),
        known("topic", ("主题", "培训主题", "课程名称"), required=True),
        known("audience", ("培训对象", "对象", "参训对象")),
        known("session_kind", ("培训形式", "形式", "培训类型")),
    ),
)
