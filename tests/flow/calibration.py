"""Printed figures and the marts' answers for the samples that are calibrated to them.

`docs/calibration.md` is this page, made from published files: `python -m tests.flow.calibration`
prints it anew. Which figures a sample is drawn from stands in `sample.campaigns`.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

from pipelines.settings import load_settings
from sample import generate
from sample.living_water import NAYONG, YANHE
from tests.flow.conftest import night, published

#: Campaign → scale of the sample that answers.
SCALES = {
    "scsl-2024": Decimal("0.05"),
    "99-2020": Decimal("0.001"),
    "huoshui-2022": Decimal("0.005"),
}
SOURCES = {
    "scsl-2024": "四川省慈善联合总会，2024-12-25",
    "99-2020": "中国社会报，2020-09-11",
    "huoshui-2022": "活水计划报道，2023",
}
_CAMPAIGN = "from marts.campaign_summary where campaign_id = 'scsl-2024'"
#: By the year: gifts whose export names no campaign are of it too.
_SIZES = "from marts.donation_sizes where scope_type = 'year' and scope_id = '2020'"
#: The programme began in 2022.
_SINCE = "from marts.donation_sizes where scope_type = 'year' and scope_id >= '2022'"
_SPECIALS = "from marts.campaign_summary where program_id = 'huoshui'"
_FLOW = "from marts.regional_flow where year = 2021 limit 1"


@dataclass(frozen=True)
class Figure:
    """A printed figure, the band its digits allow (`low` ≤ figure < `high`), and who answers."""

    campaign: str
    what_zh: str
    what_en: str
    printed: str
    source: str
    low: Decimal
    high: Decimal
    sql: str
    is_scaled: bool = True
    note: str = ""

    def answer(self, db: duckdb.DuckDBPyConnection) -> Decimal:
        """What the published file says."""
        (told,) = db.execute(f"select {self.sql}").fetchone() or (None,)
        return Decimal(str(told))

    @property
    def scale(self) -> Decimal:
        """What the band is multiplied with before it is compared."""
        return SCALES[self.campaign] if self.is_scaled else Decimal(1)

    @property
    def expected(self) -> str:
        """The band at this scale; a single whole number stands for itself."""
        if not self.is_scaled and self.high - self.low == 1 and self.low > 1:
            return _plain(self.low)
        return " – ".join(_plain(bound * self.scale) for bound in (self.low, self.high))

    def agrees(self, answer: Decimal) -> bool:
        """Within the band at this scale; what is scaled may be rounded by one."""
        slack = 1 if self.is_scaled else 0
        return self.low * self.scale - slack <= answer < self.high * self.scale + slack


def _figure(
    campaign: str, what: tuple[str, str], printed: str, band: tuple[str, str], sql: str,
    *, is_scaled: bool = True, note: str = "",
) -> Figure:  # fmt: skip
    low, high = (Decimal(b) for b in band)
    source = SOURCES[campaign]
    return Figure(campaign, *what, printed, source, low, high, sql, is_scaled=is_scaled, note=note)


def _of_yanhe(year: int) -> str:
    return f"gross_cny from marts.org_growth where name = '{YANHE}' and year = {year}"


FIGURES = (
    _figure("scsl-2024", ("线上捐款（元）", "raised online, yuan"), "约2467万",
            ("24665000", "24675000"), f"gross_cny - refunded_cny {_CAMPAIGN}"),
    _figure("scsl-2024", ("人次", "gifts"), "约21万",
            ("205000", "215000"), f"donation_count {_CAMPAIGN}"),
    _figure("scsl-2024", ("笔均（元）", "yuan a gift"), "2467万 ÷ 21万",
            ("114.7", "120.4"), f"avg_cny {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("报名项目", "projects that applied"), "296",
            ("296", "297"), f"entries {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("入场项目", "projects admitted"), "208",
            ("208", "209"), f"admitted {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("入场单位", "organisations admitted"), "168",
            ("168", "169"), f"organizations {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("领域", "domains"), "8",
            ("8", "9"), f"domains {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("市州", "prefectures"), "21",
            ("21", "22"), f"prefectures_covered {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("39个欠发达县域", "of 39 underdeveloped counties"), "基本覆盖",
            ("30", "40"), f"sichuan_39_covered {_CAMPAIGN}", is_scaled=False,
            note="“基本”取三十以上 / “mostly” is taken as 30 or more"),
    _figure("scsl-2024", ("合慈青云提额后目标（元）", "raised target of 合慈青云, yuan"), "30万",
            ("300000", "300001"),
            "target_cny from marts.project_card where name = '合慈青云助学计划'",
            is_scaled=False),
    _figure("scsl-2024", ("社区慈善项目报名单位", "applicants of the community programme"), "25",
            ("25", "26"), "sum(applicants) from marts.community_funds", is_scaled=False),
    _figure("scsl-2024", ("拟新建社区基金", "community funds planned"), "1880",
            ("1880", "1881"), "sum(planned) from marts.community_funds", is_scaled=False),
    _figure("scsl-2024", ("社区慈善基金", "community funds there are"), "超4000",
            ("4000", "4100"), "sum(stock) from marts.community_funds", is_scaled=False,
            note="存量，与拟新建的1880个不相加 / a stock, not to be added to the 1,880 planned"),
    _figure("scsl-2024", ("线下捐赠（元）", "given offline, yuan"), "超过300万",
            ("3000000", "3100000"), f"offline_cny {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("舆情", "incidents of public opinion"), "0",
            ("0", "1"), f"incidents {_CAMPAIGN}", is_scaled=False),
    _figure("scsl-2024", ("投诉", "complaints"), "0",
            ("0", "1"), f"complaints {_CAMPAIGN}", is_scaled=False),
    _figure("99-2020", ("公众捐款（元）", "raised, yuan"), "22.65亿",
            ("2264500000", "2265500000"), f"sum(gross_cny) {_SIZES}"),
    _figure("99-2020", ("人次", "gifts"), "5594.74万",
            ("55947350", "55947450"), f"sum(donation_count) {_SIZES}"),
    _figure("99-2020", ("笔均（元）", "yuan a gift"), "41.18",
            ("40.47", "40.50"), f"round(sum(gross_cny) / sum(donation_count), 2) {_SIZES}",
            is_scaled=False,
            note="两个总数相除为40.48，与所印不合；样本依总数 / the two totals give 40.48, not what"
                 " is printed; the sample follows the totals"),
    _figure("99-2020", ("10元以下笔数占比", "share of gifts of 10 yuan or less"), "50%以上",
            ("0.5", "1"), f"cumulative_share {_SIZES} and band_no = 1", is_scaled=False,
            note="所印为全平台，样本取0.76 / printed of the whole platform; the sample has 0.76"),
    _figure("99-2020", ("项目配捐（元）", "matching for projects, yuan"), "2.99亿",
            ("298500000", "299500000"),
            "platform_cny from marts.matching_summary where campaign_id = '99-2020'",
            note="所印为整个99公益日，不限扶贫项目 / printed for all of the giving day"),
    _figure("99-2020", ("非定向配捐（元）", "undirected matching, yuan"), "1亿",
            ("95000000", "105000000"),
            "incentive_cny from marts.matching_summary where campaign_id = '99-2020'"),
    _figure("99-2020", ("捐款互动（人次）", "interactions"), "18.9亿",
            ("1885000000", "1895000000"), "sum(participations) from star.fact_behavior",
            note="所印未言何年 / printed without its year"),
    _figure("huoshui-2022", ("累计募款（元）", "raised so far, yuan"), "1.78亿",
            ("177500000", "178500000"), f"sum(gross_cny) {_SINCE}"),
    _figure("huoshui-2022", ("人次", "gifts"), "267万余",
            ("2670000", "2680000"), f"sum(donation_count) {_SINCE}"),
    _figure("huoshui-2022", ("两场专场募款（元）", "raised by two specials, yuan"), "8163万",
            ("81625000", "81635000"), f"sum(gross_cny) {_SPECIALS}"),
    _figure("huoshui-2022", ("两场专场人次", "gifts to two specials"), "213万",
            ("2125000", "2135000"), f"sum(donation_count) {_SPECIALS}"),
    _figure("huoshui-2022", ("沿河春晖公益协会2020年（元）", "沿河's association in 2020, yuan"),
            "55万", ("545000", "555000"), _of_yanhe(2020)),
    _figure("huoshui-2022", ("沿河春晖公益协会2021年（元）", "沿河's association in 2021, yuan"),
            "74万", ("735000", "745000"), _of_yanhe(2021)),
    _figure("huoshui-2022", ("沿河春晖公益协会2022年（元）", "沿河's association in 2022, yuan"),
            "225万", ("2245000", "2255000"), _of_yanhe(2022)),
    _figure("huoshui-2022", ("纳雍：本县所捐占比", "纳雍: share of its own county"), "90%",
            ("0.895", "0.905"),
            f"own_county_share from marts.org_growth where name = '{NAYONG}' and year = 2022",
            is_scaled=False),
    _figure("huoshui-2022", ("所得之比，东部比中部", "received, east to centre"), "5.5倍",
            ("5.45", "5.55"), f"received_east_to_centre {_FLOW}", is_scaled=False),
    _figure("huoshui-2022", ("所得之比，东部比西部", "received, east to west"), "2.8倍",
            ("2.75", "2.85"), f"received_east_to_west {_FLOW}", is_scaled=False,
            note="所印未言何年，样本取2021年，即该计划之前 / printed without its year; the sample"
                 " has it in 2021, before the programme"),
)  # fmt: skip


def sample_night(campaign: str, root: Path) -> duckdb.DuckDBPyConnection:
    """A sample without faults, refreshed: its published file."""
    settings = load_settings(root / "warehouse", root / "landing", env={})
    generate(settings.landing, campaign, float(SCALES[campaign]), faults="none")
    gates = night(settings)
    if gates.blocked:
        raise AssertionError([(r.rule_id, r.observed) for r in gates.blocking])
    return published(settings)


def page(answers: dict[Figure, Decimal]) -> str:
    """The page, in both languages."""
    lines = [
        "# Calibration",
        "",
        "印刷的数字与样本发布文件中各集市的回答。样本无瑕疵；“应为”是所印各位数字容许的范围乘以样本规模"
        "（人数、比例、均值等不随规模者除外）。",
        "",
        "Printed figures, and what the marts of a published sample answer. The samples have no",
        "faults; “expected” is the band that the printed digits allow, times the sample's scale",
        "where a figure grows with it. Made by `python -m tests.flow.calibration >",
        "docs/calibration.md`; a test compares.",
    ]
    for campaign, scale in SCALES.items():
        heads = ("数字 / figure", "所印 / printed", "出处 / source", "应为 / expected",
                 "回答 / answer")  # fmt: skip
        lines += ["", f"## `{campaign}`, scale {scale}", ""]
        lines += [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
        notes = []
        for figure, answer in answers.items():
            if figure.campaign != campaign:
                continue
            mark = ""
            if figure.note:
                notes.append(figure.note)
                mark = f" ({len(notes)})"
            what = f"{figure.what_zh} / {figure.what_en}{mark}"
            cells = (what, figure.printed, figure.source, figure.expected, _plain(answer))
            lines.append(f"| {' | '.join(cells)} |")
        lines += ["", *(f"{n}. {note}" for n, note in enumerate(notes, 1))]
    return "\n".join(lines).rstrip("\n") + "\n"


def _plain(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def answers_of(files: dict[str, duckdb.DuckDBPyConnection]) -> dict[Figure, Decimal]:
    """Every figure's answer."""
    return {f: f.answer(files[f.campaign]) for f in FIGURES}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        made = {c: sample_night(c, Path(scratch) / c) for c in SCALES}
        sys.stdout.write(page(answers_of(made)))
