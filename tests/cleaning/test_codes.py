"""Credit codes and codes of regions, as people type them and as all are compared."""

import polars as pl
import pytest

from pipelines.cleaning.columns import clean_region, clean_uscc
from pipelines.cleaning.identifiers import code_among_ids
from pipelines.cleaning.region_names import code_of

CODE = "53310000501781028T"


def read(text: str) -> str | None:
    """One value among many plain ones, so that the quick way is no excuse."""
    got: str | None = clean_uscc(pl.Series([*[CODE] * 100, text])).values[-1]
    return got


@pytest.mark.parametrize(
    "typed",
    [
        CODE.lower(),
        "５３３１００００５０１７８１０２８Ｔ",
        "5331 0000 5017 8102 8T",
        "53-310000-501781028-T",
        "53310000\u00a0501781028\u3000t",
        "`53310000501781028t",
        '="53310000501781028T"',
        "53310000–501781028—T",
        "53310000\u200b501781028T ",
    ],
)
def test_a_credit_code_is_one_however_it_is_typed(typed: str) -> None:
    assert read(typed) == CODE


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("5331000050178IO28T", "5331000050178IO28T"),  # letters that no code has are not repaired
        ("5331000050178io28t", "5331000050178IO28T"),
        ("50178102-8", "50178102-8"),  # an older number of organisations has its dash
        ("53310000501781028", "53310000501781028"),
        ("53310000501781028ta24001", "53310000501781028TA24001"),  # a filing number
        ("53310000501781028T A24001", "53310000501781028TA24001"),
        ("53310000501781028TA24001-1", "53310000501781028TA24001-1"),
        ("5331 0000 5017 E102 86", "533100005017E10286"),  # eighteen of them: no rounded number
        ("无", None),
        ("", None),
    ],
)
def test_nothing_else_is_made_of_a_code(typed: str, kept: str | None) -> None:
    assert read(typed) == kept


def test_a_rounded_code_is_damaged() -> None:
    got = clean_uscc(pl.Series([CODE, "5.3310000501781E+17", None]))
    assert got.values.to_list() == [CODE, None, None]
    assert got.damaged is not None
    assert got.damaged.to_list() == [False, True, False]


def test_a_subject_is_written_as_a_code_only_where_it_is_one() -> None:
    told = pl.DataFrame(
        {"n": [CODE.lower(), "53310000 501781028T", "p-0012a", "224328", None, "Abc 1"]}
    )
    got = told.select(code_among_ids(pl.col("n"))).to_series().to_list()
    assert got == [CODE, CODE, "p-0012a", "224328", None, "Abc 1"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("510104", "510104"),
        ("510104000000", "510104"),
        ("510104003", "510104"),
        ("510104003001", "510104"),
        ("441900003", "441900"),
        ("510104.0", "510104"),
        ("510104003001.0", "510104"),
        ("51 0104", "510104"),
        ("５１０１０４", "510104"),
        ("`510104", "510104"),
        ("5101", "510100"),
        ("5101.0", "510100"),
        ("51", "510000"),
        ("99", None),
        ("9901", None),
        ("0", None),
        ("51010", None),
        ("5.10104E+11", None),
        ("510104、510105", None),
        ("锦江区", None),
        ("510104锦江区", None),
    ],
)
def test_a_region_is_its_six_digits(typed: str, code: str | None) -> None:
    assert code_of(typed) == code
    got = clean_region(pl.Series(["510105", typed])).values.to_list()
    assert got == ["510105", code or typed]


def test_what_is_no_code_is_kept_and_a_person_in_it_masked() -> None:
    got = clean_region(pl.Series(["460403", "暂无", "锦江区 13800138000", "510104"])).values
    assert got[0] == "460403"  # which codes there are is the table's business
    assert got[1] is None
    assert "13800138000" not in got[2]
    assert got[2].startswith("锦江区")
