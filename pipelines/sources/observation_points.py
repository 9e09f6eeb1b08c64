"""观察点: regions chosen as observation points of community organisations, by level and stage.

    landing/observation_points/… → lake/observation_points → stg_observation_points
    → fact_observation_point → marts.observation_points

Each province or city keeps a list of its own, so that no list speaks for all: of every region the
newest line stands, and a point ends by its last day.
"""

from pipelines.sources.columns import known
from pipelines.sources.contract import Source
from pipelines.sources.rules import ordered

NAME = "observation_points"

LEVELS = {"省级": "省级", "省": "省级", "市级": "市级", "市": "市级"}
STAGES = ("培育发展", "能力提升", "示范引领")

OBSERVATION_POINTS = Source(
    name=NAME,
    title_zh="社区社会组织观察点",
    title_en="Observation points of community organisations",
    cadence="on_event",
    snapshot_scope=("region_code",),
    newest_only=True,
    columns=(
        known("region_code", ("观察点区划代码",), required=True, key=True),
        known(
            "level",
            ("观察点级别", "级别"),
            zh="观察点级别",
            en="Level of the point",
            required=True,
            codes=LEVELS,
        ),
        known("stage", ("阶段", "发展阶段"), codes=STAGES),
        known("starts_on", ("from", "起始日期"), required=True),
        known("ends_on", ("to", "截止日期")),
    ),
    rules=(
        ordered(
            NAME,
            "starts_on",
            "ends_on",
            "观察点的开始日期不得晚于结束日期。",
            "An observation point does not end before it starts.",
        ),
    ),
)
