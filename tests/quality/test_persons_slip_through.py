"""The gates against persons, each kind of slip once: in ids, codes, texts, file names and names."""

from collections.abc import Callable

import pytest

from pipelines.quality import load_suites
from pipelines.settings import Settings
from tests.quality.conftest import check

STAR, OPS, NAMED = (
    f"release.tables.no_person_{what}" for what in ("in_star_and_marts", "in_ops", "named")
)
_SLIPS = (
    (STAR, "UPDATE juandi.star.fact_matching SET sponsor_uscc = '110101199001011237'"),
    (STAR, "UPDATE juandi.star.fact_donation SET order_no = '13800000001' WHERE source_row = 5"),
    (STAR, "UPDATE juandi.star.dim_campaign SET name_zh = '卡 6222020000000000000 收'"),
    (STAR, "UPDATE juandi.star.dim_project SET project_no = '510100198001011234'"),
    (OPS, "UPDATE juandi.ops.load_audit SET file_name = '名单_13800000001.csv'"),
    (NAMED, "张三"),
    (NAMED, "欧阳明月"),
    (NAMED, "某某公司李总"),
    (NAMED, "张三（某某公司）"),
    (NAMED, "李四 某某医院"),
    (NAMED, "王小明某某公司"),
    (NAMED, "某某公司、周*"),
    (NAMED, "快乐小鱼"),
)
_RULES = [s for s in load_suites(layers=["release"]) if s.table_name == "release.tables"]


@pytest.mark.parametrize(("rule_id", "slip"), _SLIPS)
def test_a_slip_is_noticed(rule_id: str, slip: str, broken: Callable[[str], Settings]) -> None:
    if rule_id == NAMED:
        slip = f"UPDATE juandi.star.fact_notice_donation SET donor_name_public = '{slip}'"
    found = {r.rule_id: r for r in check(broken(slip), _RULES)}
    assert (found[rule_id].status, found[rule_id].blocks) == ("fail", True)


def test_numbers_that_only_look_alike_pass(broken: Callable[[str], Settings]) -> None:
    settings = broken(
        "UPDATE juandi.star.fact_donation SET order_no = '510100198001011234' WHERE source_row = 5;"
        "UPDATE juandi.star.dim_campaign SET name_zh = '卡 6222020000000000001，金额 0.13800000001'"
    )
    found = {r.rule_id: r.status for r in check(settings, _RULES)}
    assert (found[STAR], found[NAMED]) == ("pass", "pass")
