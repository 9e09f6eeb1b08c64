"""Fields of what is known of a project at a glance."""

from pipelines.dictionary.field import Field, Unit
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("child_count", Kind.INTEGER, "子项目数；母项目所印已筹与人次含子项目在内",
        "Projects that call it their parent; a parent's printed totals include its children's",
        counts=Unit.PROJECTS),
    Field("raised_to_target", Kind.RATIO, "筹款进度＝已筹÷目标", "raised_cny ÷ target_cny",
        "不设上限则为空", "null if open-ended"),
    Field("progress_reports", Kind.INTEGER, "项目进展篇数", "Reports of progress", "来源未到则为空",
        "null where the source has not landed"),
    Field("last_progress_on", Kind.DATE, "最近一篇项目进展的日期", "Day of the last report"),
    Field("disclosures", Kind.INTEGER, "财务披露次数", "财务披露 published", "来源未到则为空",
        "null where the source has not landed"),
    Field("last_disclosure_on", Kind.DATE, "最近一次财务披露的日期", "Day of the last 财务披露"),
    Field("told_until", Kind.DATE, "财务披露所及的末日", "Last day that a 财务披露 covers"),
    Field("spent_share", Kind.RATIO, "支出比例＝已披露支出÷已筹", "payout_cny ÷ raised_cny",
        "期间重叠、有子项目、未披露或未筹则为空",
        "null where periods overlap, where it has children, where nothing is published or nothing"
        " is raised"),
    Field("disclosure_gaps", Kind.INTEGER, "披露期间的缺口数", "Gaps between the periods",
        "未披露则为空", "null without any 财务披露"),
    Field("gap_days", Kind.INTEGER, "缺口天数", "Days in those gaps", "未披露则为空",
        "null without any 财务披露", counts=Unit.DAYS),
    Field("disclosure_overlaps", Kind.INTEGER, "披露期间的重叠数；大于0则不计支出",
        "Overlaps of the periods; where above 0, spending is not added up", "未披露则为空",
        "null without any 财务披露"),
    Field("review_chains", Kind.INTEGER, "所在审查链数", "Review chains it is in",
        "不在任何链则为空", "null if none"),
    Field("reviews_complete", Kind.INTEGER, "其中审查完整者", "Of these, complete"),
    Field("review_completeness", Kind.SHARE, "审查完整度＝已过层级÷须过层级",
        "Levels passed ÷ levels_required"),
)  # fmt: skip # a table of fields
