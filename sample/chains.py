"""The review chains of the sample: 蜀慈善邻's six levels and 合慈青云's five steps.

Level names and their order are as printed in the programme's 2024 report; shares, time limits
and who must differ from whom are invented. `reviews` makes histories.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Level:
    """A level of a chain; `required_share` only for a sampled level."""

    level_no: int
    code: str
    name: str
    sla_days: int
    longest: int  # most days that a decision of the sample takes, below the limit
    must_differ: tuple[str, ...] = ()
    evidence: bool = True
    required_share: float | None = None

    @property
    def is_sample(self) -> bool:
        """True if only a sample of the subjects is reviewed at the level."""
        return self.required_share is not None


@dataclass(frozen=True)
class Chain:
    """A chain and its levels in order."""

    chain_id: str
    name: str
    subject_type: str
    levels: tuple[Level, ...]

    @property
    def last_all_level(self) -> int:
        """The last level that every subject must pass."""
        return max(v.level_no for v in self.levels if not v.is_sample)

    def level(self, level_no: int) -> Level:
        """The level of that number."""
        return self.levels[level_no - 1]


_PARTIES = ("initiator", "supporter")
_APART = (*_PARTIES, "previous_reviewer")

SCSL_6 = Chain(
    "scsl-2024-6",
    "蜀慈善邻2024入场项目六级联动审查",
    "project",
    (
        Level(1, "self_check", "项目发起方自查", 3, 1),
        Level(2, "supporter", "公募支持方审查", 7, 3),
        Level(3, "assessment", "项目评估组审查", 10, 4, _APART),
        Level(4, "third_party", "第三方专业机构审查", 10, 4, _APART),
        Level(5, "cross_check", "联办单位交叉抽查", 7, 2, _APART, required_share=0.3),
        Level(6, "host_check", "主办单位抽查", 7, 2, _PARTIES, False, required_share=0.1),
    ),
)

HCQY_5 = Chain(
    "hcqy-5",
    "合慈青云助学计划受助学生五步审核",
    "beneficiary",
    (
        Level(1, "application", "学生申请", 5, 1, evidence=False),
        Level(2, "village", "村社核实", 7, 4, ("previous_reviewer",)),
        Level(3, "township", "镇街摸排", 7, 5, ("previous_reviewer",)),
        Level(4, "school", "学校反馈", 10, 5, ("previous_reviewer",)),
        Level(5, "charity", "慈善会最终审核", 15, 9, ("previous_reviewer",)),
    ),
)
