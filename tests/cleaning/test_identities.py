"""Numbers of people: what is one, what is none, and what becomes of them. All made up."""

import time

import polars as pl
import pytest
from stdnum.cn import uscc

from pipelines.cleaning.identities import (
    MASK,
    PREFIX,
    mask,
    mask_text,
    pseudonym_text,
    pseudonymised,
)

KEY = "k" * 32
#: How people write them.
SOMEBODYS = (
    "110101199001011237", "51010019900101123X", "51010019900101123x", "510100198001011234",
    "510100 19900101 1234", "510100-19900101-1234", "５１０１００１９８００１０１１２３４",
    "510100900101123",
    "13800000001", "138 0000 0001", "138-0000-0001", "1380 000 0001", "+8613800000001",
    "+86 138 0000 0001", "8613800000001", "(+86)13800000001", "008613800000001",
    "１３８０００００００１", "6222020000000000000", "6222 0200 0000 0000 000", "6200000000000005",
    "4111111111111111", "4111 1111 1111 1111", "5500000000000004",
)  # fmt: skip
#: Long numbers that are nobody's.
NOBODYS = (
    "10000000000000000001", "4200000001202408020000000001", "2024080222001400000000000001",
    "202408020000000001", "990120240802000000000001", "1722564000000", "20240802101112",
    "53310000501781028T", "91510000MA6380001A", "12000000001", "6222020000000000001",
    "4111111111111112", "510100901301123", "900100900101123", "510104", "510104001001",
    "2024-08-02 10:11:12", "0.13800000001", "ORD13800000001", "028-20240802",
)  # fmt: skip


@pytest.mark.parametrize("number", SOMEBODYS)
@pytest.mark.parametrize(
    "around", ["{}", "电话{}咨询", "（{}）", "名单_{}_1.csv", "a, {}; b", "{}。"]
)
def test_somebodys_number_is_masked_and_becomes_a_pseudonym(number: str, around: str) -> None:
    text = around.format(number)
    assert mask_text(text) == around.format(MASK)
    assert mask(pl.Series([text, None, "甲"])).to_list() == [around.format(MASK), None, "甲"]
    assert PREFIX in pseudonym_text(text, KEY)
    assert pseudonymised(pl.Series([text]), KEY)[0] == pseudonym_text(text, KEY)


@pytest.mark.parametrize("number", NOBODYS)
def test_nobodys_number_stays(number: str) -> None:
    for text in (number, f"编号{number}。"):
        assert mask_text(text) == text
        assert pseudonym_text(number, KEY) == number
        assert mask(pl.Series([text]))[0] == text


def test_land_lines_are_masked_where_the_area_code_is_set_apart() -> None:
    assert mask_text("咨询 028-85550000 或 (010) 62340000") == "咨询 *** 或 ***"
    assert mask_text("02885550000") == "02885550000"


def test_a_right_credit_code_of_digits_alone_is_none() -> None:
    head = "51510119200001"  # a code of 510119 that begins like somebody born in 2000
    codes = [f"{head}{n:03d}" for n in range(400)]
    codes = [c + uscc.calc_check_digit(c) for c in codes]
    digits = [c for c in codes if c.isdigit()]
    assert digits
    assert all(mask_text(c) == c for c in digits)


def test_the_same_number_meets_itself_however_it_is_written() -> None:
    mine = {pseudonym_text(n, KEY) for n in ("13800000001", "+86 138-0000-0001", "138 0000 0001")}
    assert len(mine) == 1
    (pseudonym,) = mine
    assert pseudonym.isalnum()
    assert pseudonym.startswith(PREFIX)
    assert len(pseudonym) == 26
    assert pseudonym == pseudonym.upper()
    assert pseudonym_text(pseudonym, KEY) == mask_text(pseudonym) == pseudonym
    assert pseudonym_text("13800000001", "j" * 32) != pseudonym
    assert pseudonym_text("13800000001-2", KEY) == f"{pseudonym}-2"  # two ids stay two


def test_where_a_machine_counts_chance_is_no_evidence() -> None:
    # no such region, no UnionPay card
    for number in ("519999198001011235", "519999900101123", "4111111111111111"):
        assert pseudonym_text(number, KEY, by_machine=True) == number
    for number in (
        *("110101199001011237", "13800000001", "510100198001011234", "510100900101123"),
        "6222020000000000000",
    ):
        assert pseudonym_text(number, KEY, by_machine=True).startswith(PREFIX)
        (told,) = pseudonymised(pl.Series([number]), KEY, by_machine=True)
        assert told == pseudonym_text(number, KEY)
    for digits in (15, 16, 18):
        step = 7_919 * 10 ** (digits - 15)
        counted = pl.Series([str(10 ** (digits - 1) + step * n * n) for n in range(100_000)])
        told = pseudonymised(counted, KEY, by_machine=True)
        assert (told != counted).sum() < 100


def test_a_column_of_order_numbers_costs_next_to_nothing() -> None:
    orders = pl.Series([f"9901202408021{n:012d}" for n in range(500_000)])
    started = time.process_time()
    assert pseudonymised(orders, KEY, by_machine=True) is orders
    assert time.process_time() - started < 1
