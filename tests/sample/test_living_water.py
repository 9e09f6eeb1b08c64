"""活水计划's sample is what is printed of the programme, to the yuan."""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from sample import Manifest, generate, generate_demo
from sample.campaigns import PROGRAMME
from sample.gift_plan import LARGEST_PAGE, plan_gifts
from sample.living_water import BEFORE, NAYONG, YANHE, editions, key_counties
from sample.organizations import make_organizations
from sample.projects import make_projects

SMALL = 0.01


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Manifest]:
    """The programme at a hundredth, without faults."""
    out = tmp_path_factory.mktemp("living-water") / "landing"
    return out, generate(out, campaign=PROGRAMME, scale=SMALL, faults="none")


def test_the_printed_totals_at_full_size() -> None:
    """1.78亿 by 2.67 million, 8,163万 of it by 2.13 million in two 专场; no page is too large."""
    made = editions()
    since = [e for e in made if e.campaign_id != BEFORE]
    assert sum(e.gifts for e in since) == 2_670_000
    assert sum(e.fen for e in since) == 178_000_000_00
    specials = [e for e in since if e.is_named_in_orders]
    assert sum(e.gifts for e in specials) == 2_130_000
    assert sum(e.fen for e in specials) == 81_630_000_00
    orgs = make_organizations(specials[0], 1)
    projects = make_projects(specials[0], orgs, 1)
    assert sum(p.region_code in dict(key_counties()) for p in projects) >= 200
    for edition in made:
        plan = plan_gifts(edition, projects, 1.0)
        assert sum(page.gifts for page in plan.pages) == edition.gifts
        assert sum(page.fen for page in plan.pages) == edition.fen
        assert max(page.gifts for page in plan.pages) <= LARGEST_PAGE


def test_92_counties_of_160_and_230_organisations() -> None:
    counties = key_counties()
    assert len(counties) == len(dict(counties)) == 92
    orgs = make_organizations(editions()[0], 1)
    assert {YANHE, NAYONG} <= {o.name for o in orgs.initiators}
    assert len({o.uscc for o in orgs.everybody}) == len(orgs.everybody)
    assert len({o.name for o in orgs.everybody}) == len(orgs.everybody)


def test_a_small_share_adds_up_exactly(small: tuple[Path, Manifest]) -> None:
    _, manifest = small
    assert manifest.totals["gifts"] == 26_700
    assert manifest.totals["gross_cny"] == "1780000.00"
    assert manifest.totals["enrolled"] == 232  # 80 in the first batch, over 150 in the second
    (book,) = [f for f in manifest.files if f.source == "huoshui_enrollments"]
    assert (book.rows.loaded, book.rows.fen_loaded) == (232, 232 * 200_000_00)


def test_the_printed_sums_of_two_organisations(small: tuple[Path, Manifest]) -> None:
    """沿河: 55万, 74万, 225万 in three years; of what 纳雍 raises, 90% is its own county's."""
    out, _ = small
    numbers = _project_numbers(out)
    raised: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    own: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for path in sorted((out / "tencent_donations").rglob("合成数据_捐款订单_*.csv")):
        for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()[1:]):
            if row["支付状态"] in ("支付失败",) or row["项目编号"] not in numbers:
                continue
            name = numbers[row["项目编号"]]
            if row["支付状态"] == "支付成功":
                raised[name, row["支付时间"][:4]] += Decimal(row["捐款金额"])
                own[name, row["捐款人地区代码"]] += Decimal(row["捐款金额"])
    years = [raised[YANHE, year] for year in ("2020", "2021", "2022")]
    expected = [Decimal(yuan) * Decimal(str(SMALL)) for yuan in (550_000, 740_000, 2_250_000)]
    for found, printed in zip(years, expected, strict=True):
        assert abs(found - printed) < Decimal("0.01") * printed  # some are unpaid at first
    nayong = {place: money for (name, place), money in own.items() if name == NAYONG}
    assert abs(nayong["520525"] / sum(nayong.values()) - Decimal("0.9")) < Decimal("0.005")


def test_the_same_arguments_give_the_same_bytes(
    small: tuple[Path, Manifest], tmp_path: Path
) -> None:
    again = generate(tmp_path / "again", campaign=PROGRAMME, scale=SMALL, faults="none")
    assert again.to_json() == small[1].to_json()


def test_the_demo_holds_a_share_beside_the_campaign(tmp_path: Path) -> None:
    """No file of one lies where the other's does, and no project has the other's number."""
    manifest = generate_demo(tmp_path / "landing", scale=0.01, faults="none")
    paths = [facts.path for facts in manifest.files]
    assert len(set(paths)) == len(paths)
    landing = tmp_path / "landing"
    there = {p.relative_to(landing).as_posix() for p in landing.glob("*/**/*") if p.is_file()}
    assert there == set(paths)
    assert manifest.totals[PROGRAMME]["gifts"] == 5_340
    numbers: dict[bool, set[str]] = defaultdict(set)
    for path in (landing / "tencent_projects").rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            numbers["活水" in str(path)].add(json.loads(line)["project_no"])
    assert numbers[True]
    assert not numbers[True] & numbers[False]


def _project_numbers(out: Path) -> dict[str, str]:
    """Project number → who runs it, of the two that are printed."""
    found = {}
    for path in (out / "tencent_projects").rglob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            facts = json.loads(line)
            if facts["org_name"] in (YANHE, NAYONG):
                found[facts["project_no"]] = facts["org_name"]
    return found
