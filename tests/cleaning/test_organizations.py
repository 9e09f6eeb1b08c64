"""Names: none of a person is published, hardly one of an organisation is kept back.

`names.csv` is a list of made-up names, labelled by hand, in every form in which notices print
them. A form that slipped through once goes there.
"""

import csv
from collections import Counter
from pathlib import Path

import polars as pl
import pytest

from pipelines.cleaning.organizations import organization_name, organization_names

with (Path(__file__).parent / "names.csv").open(encoding="utf-8", newline="") as file:
    NAMES = list(csv.DictReader(file))


def _of(kind: str) -> list[str]:
    return [row["name"] for row in NAMES if row["kind"] == kind]


def test_the_list_is_worth_its_name() -> None:
    assert len({row["name"] for row in NAMES}) == len(NAMES)
    assert len(_of("person")) >= 400
    assert len(_of("organization")) >= 200
    assert len({row["form"] for row in NAMES}) >= 30


def test_no_person_is_named() -> None:
    named = [(row["form"], row["name"]) for row in NAMES
             if row["kind"] == "person" and organization_name(row["name"])]  # fmt: skip
    assert named == []


def test_organizations_are_named() -> None:
    missed = [name for name in _of("organization") if not organization_name(name)]
    assert len(missed) <= 0.05 * len(_of("organization")), missed
    by_form = Counter(row["form"] for row in NAMES if row["kind"] == "organization")
    kept_back = Counter(row["form"] for row in NAMES if row["name"] in set(missed))
    assert all(kept_back[form] * 2 <= by_form[form] for form in by_form), kept_back


def test_a_nickname_is_a_persons_unless_it_is_a_legal_name() -> None:
    assert [n for n in _of("person") if organization_name(n, legal=True)] == []
    for name in (
        "爱心公司",
        "快乐有限公司",
        "某某小学",
        "希望小学",
        "一个小公司",
        "车队",
        "某某中心",
    ):
        assert organization_name(name, legal=True) is None, name
    for name in ("晴川科技有限公司", "晴川公益慈善基金会", "四川省红十字会", "成都市第三人民医院",
                 "四川大学"):  # fmt: skip
        assert organization_name(name, legal=True) == name


SIGNS = (
    "（{}）", "({})", "【{}】", "〔{}〕", " {}", "　{}", "-{}", "—{}", "/{}", "、{}", "，{}",
    "：{}", ":{}", "|{}", "&{}", "@{}", "·{}", "~{}", "\n{}", "。{}", "{}", "的{}",
    "（经办人：{}）", "（{}代捐）",
)  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize("organization", ["某某公司", "成都晴川有限公司", "某某中学", "幸福社区"])
def test_no_sign_between_person_and_organization_names_one(sign: str, organization: str) -> None:
    for person in ("张三", "王小明", "欧阳明月"):
        assert organization_name(organization + sign.format(person)) is None
        assert organization_name(person + sign.format(organization)) is None


def test_several_organizations_are_named_together() -> None:
    assert organization_name("某某公司、某某医院") == "某某公司、某某医院"
    assert organization_name("四川省红十字会转来某某公司捐款") == "四川省红十字会、某某公司"
    assert organization_name("某某公司、张三") is None
    assert organization_name("张三转来某某公司捐款") is None


def test_a_column_is_told_as_each_of_its_names() -> None:
    names = [row["name"] for row in NAMES]
    for legal in (False, True):
        told = organization_names(pl.Series([*names, None]), legal=legal).to_list()
        assert told == [*(organization_name(n, legal=legal) for n in names), None]
    marked = pl.Series(["`晴川科技有限公司\t", " 张三 ", "晴川科技有限公司电话13800000001"])
    assert organization_names(marked).to_list() == ["晴川科技有限公司", None, None]
