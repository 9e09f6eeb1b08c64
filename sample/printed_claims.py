"""公布数: what an invented paper prints about the sample, and checks of it, some of which fail.

Beside it `articles` hands out the figures of five real articles, which the project has read: facts
with a few words of quotation, no samples.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sample.campaigns import Campaign
from sample.draw import Stream
from sample.landing import Dialect, Line, Text
from sample.manifest import Faults, Planted
from sample.registers import Register, Row

#: Of the article that was printed last; all five are older than a list of that day.
READ_ON = date(2024, 12, 25)
_PUBLISHED = Path(__file__).with_name("published")
_CLAIMS = ("公布数编号", "发布者", "发布日期", "文章标题", "指标", "下限", "上限", "单位", "修饰语",
           "期间", "范围", "原文数字", "原文摘录")  # fmt: skip # headings
_CHECKS = ("核对编号", "公布数编号", "核对方式", "比较", "右方公布数", "右方数", "集市", "集市列",
           "集市筛选", "范围齐全", "说明", "英文说明")  # fmt: skip # headings


@dataclass(frozen=True)
class _Check:
    """A check, and the verdict that it must come to."""

    check_id: str
    claim_id: str
    kind: str
    right: str
    verdict: str
    operator: str = "等于"
    mart: tuple[str, str, str] = ("", "", "")

    @property
    def is_wrong(self) -> bool:
        """True if what is printed is planted to be wrong."""
        return self.verdict == "differs"


def articles() -> dict[str, tuple[str, Text]]:
    """Source → (file name, text) of the figures of five articles and of their checks."""
    files = {"published_claims": ("claims.csv", "五篇文章的公布数"),
             "claim_checks": ("checks.csv", "五篇文章公布数的核对")}  # fmt: skip # a table
    return {
        source: (f"{title}_{READ_ON:%Y%m%d}.csv", _as_it_is(_PUBLISHED / name))
        for source, (name, title) in files.items()
    }


def _as_it_is(path: Path) -> Text:
    text = Text(Dialect())
    heading, *records = path.read_text(encoding="utf-8").splitlines()
    text.add(Line(heading, "aside"))
    for record in records:
        text.add(Line(record))
    return text


def registers(campaign: Campaign, printed_on: date, seed: int, faults: Faults) -> list[Register]:
    """The invented figures and their checks; without `faults` every figure is right."""
    draws = Stream(seed, campaign.campaign_id, "claims")
    wan, gifts = draws.child("wan").number(200_000, 900_000), draws.child("n").number(300, 900)
    first, second = draws.child("a").number(40, 90), draws.child("b").number(200, 900)
    base = draws.child("base").number(150, 390)
    k = base * 2 // 3
    mean = wan * 100 // gifts  # fen: (wan / 100 万元) ÷ (gifts / 100 万), cut off
    whole = f"{100 * k / base:.2f}%"
    between = f"{100 * (k + 0.5) / base:.2f}%"
    figures = [
        ("total", "网络捐款总额", f"{wan // 100}.{wan % 100:02d}万元", "CNY", ""),
        ("gifts", "捐赠人次", f"{gifts // 100}.{gifts % 100:02d}万", "人次", ""),
        ("mean", "每笔平均", f"{mean // 100}.{mean % 100:02d}元", "CNY", ""),
        ("mean-off", "每笔平均", f"{mean * 11 // 10 // 100}.{mean % 100:02d}元", "CNY", ""),
        ("county", "县级单位", f"{first}家", "家", ""),
        ("city", "市级单位", f"{second}家", "家", ""),
        ("units", "单位总数", f"{first + second}家", "家", ""),
        ("units-off", "单位总数", f"{first + second + 3}家", "家", ""),
        ("answers", "有效问卷", f"{base}份", "份", ""),
        ("share", "认为有帮助", whole, "%", ""),
        ("share-off", "认为无帮助", between, "%", ""),
        ("before", "累计捐款（较早）", f"超{wan // 200}万元", "CNY", "超"),
        ("nearly", "报名单位", f"近{(first + second) // 10 * 10 + 10}家", "家", "近"),
        ("lost", "受益人次", "", "人次", "数字缺失"),
    ]
    checks = [
        _Check("SYN-mean", "SYN-mean", "相除", "SYN-total;SYN-gifts", "agrees"),
        _Check("SYN-mean-off", "SYN-mean-off", "相除", "SYN-total;SYN-gifts", "differs"),
        _Check("SYN-sum", "SYN-units", "合计", "SYN-county;SYN-city", "agrees"),
        _Check("SYN-sum-off", "SYN-units-off", "合计", "SYN-county;SYN-city", "differs"),
        _Check("SYN-share", "SYN-share", "整数占比", "SYN-answers", "agrees"),
        _Check("SYN-share-off", "SYN-share-off", "整数占比", "SYN-answers", "differs"),
        _Check("SYN-later", "SYN-total", "累计", "SYN-before", "agrees", "不少于"),
        _Check("SYN-added", "SYN-total", "合计", "SYN-before;SYN-total", "not_computable"),
        _Check("SYN-within", "SYN-units", "同数", "SYN-nearly", "agrees", "不多于"),
        _Check("SYN-lost", "SYN-gifts", "同数", "SYN-lost", "not_computable"),
        _Check("SYN-mart", "SYN-total", "与仓库比", "", "not_computable",
               mart=("campaign_summary", "gross_cny", f"campaign_id={campaign.campaign_id}")),
    ]  # fmt: skip # a table
    return [
        _claims(campaign, printed_on, figures, faults),
        _checks([c for c in checks if faults != "none" or not c.is_wrong]),
    ]


def _claims(
    campaign: Campaign, printed_on: date, figures: Sequence[tuple[str, ...]], faults: Faults
) -> Register:
    table = Register("published_claims", "公布数登记表", list(_CLAIMS))
    for name, metric, printed, unit, qualifier in figures:
        if name.endswith("-off") and faults == "none":
            continue
        number = printed.strip("超近约元家份%")
        quote = f"{metric}{printed}" if printed else f"{metric}达人次"
        table.rows.append(
            Row(
                [
                    f"SYN-{name}",
                    "合成示例日报",
                    printed_on,
                    f"{campaign.name}的合成报道",
                    metric,
                    number or None,
                    None if qualifier == "超" else number or None,
                    unit,
                    qualifier or None,
                    f"{campaign.days[0].year}年",
                    campaign.name,
                    printed or None,
                    quote,
                ]
            )
        )
    return table


def _checks(checks: Sequence[_Check]) -> Register:
    table = Register("claim_checks", "公布数核对表", list(_CHECKS))
    for check in checks:
        wrong = Planted(
            "wrong_figure", "claim", "claim_checks", outcome="loaded",
            rule=check.check_id, key=check.claim_id, expected=check.verdict,
        )  # fmt: skip # a planted thing
        cells = [check.check_id, check.claim_id, check.kind, check.operator, check.right or None]
        remark = ["合成示例核对", "A synthetic check"]
        table.rows.append(
            Row(
                [*cells, None, *(part or None for part in check.mart), None, *remark],
                planted=(wrong,) if check.is_wrong else (),
            )
        )
    return table
