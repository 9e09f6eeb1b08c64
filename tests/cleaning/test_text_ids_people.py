"""Text, ids, flags, codes and people."""

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from pipelines.cleaning.columns import clean_code, clean_flag, clean_id, clean_text
from pipelines.cleaning.identifiers import ALPHABET, is_uscc_valid
from pipelines.cleaning.people import (
    donor_key,
    free_text,
    is_anonymous,
    pseudonym_key,
)
from pipelines.cleaning.text import distinct
from pipelines.settings import SettingsError, load_settings


def one(expression: pl.Expr) -> object:
    return pl.select(expression).item()


def test_text_keeps_its_meaning() -> None:
    raw = pl.Series(
        [" 甲 ", "`乙", '="00123"', "无", "暂无", "-", "—", "/", "\t", "a\u200bb", "无锡"]
    )
    got = clean_text(raw).values.to_list()
    assert got == ["甲", "乙", "00123", None, None, None, None, None, None, "ab", "无锡"]


@pytest.mark.parametrize("first", [None, "甲"])
def test_texts_that_begin_alike_are_looked_at_to_the_end(first: str | None) -> None:
    assert set(distinct(pl.Series([first] * 9000))) == {first}
    assert set(distinct(pl.Series([*[first] * 9000, "`1"]))) == {first, "`1"}
    assert free_text(pl.Series([*[first] * 9000, "`1"]))[-1] == "1"


@pytest.mark.parametrize(
    "text",
    ["`1", " '1", '="1"', "1\t", "1\u00a0", "1\u200b", "\ufeff1", "1\u3000", "1\x07", "\u2003`1 "],
)
def test_one_marked_value_among_many_plain_ones_is_noticed(text: str) -> None:
    plain = ["项目（甲），“乙”—丙、丁。"] * 9000
    assert clean_text(pl.Series([*plain, text])).values[-1] == "1"
    assert clean_id(pl.Series([*["10"] * 9000, text])).values[-1] == "1"


def test_ids_are_repaired_only_where_nothing_was_lost() -> None:
    got = clean_id(pl.Series(["130631.0", "1.23E+27", "ＡＢ１２", "00123", "1.2.3"]))
    assert got.values.to_list() == ["130631", None, "AB12", "00123", "1.2.3"]
    assert got.damaged is not None
    assert got.damaged.to_list() == [False, True, False, False, False]


def test_codes_keep_what_they_do_not_know() -> None:
    codes = {"支付成功": "支付成功", "11": "支付成功"}
    got = clean_code(pl.Series(["支付成功", "１１", "神秘"]), codes)
    assert got.values.to_list() == ["支付成功", "支付成功", "神秘"]
    assert got.unread is not None
    assert got.unread.to_list() == [False, False, True]
    assert clean_flag(pl.Series(["是", "否", "Ｙ", "?"])).values.to_list() == [
        True, False, True, None,
    ]  # fmt: skip


def test_none_is_an_answer_where_the_column_has_it_as_one() -> None:
    """无 under 有无… is no, and a code where the contract has it; 暂无 and a dash say nothing."""
    asked = pl.Series(["有", "无", " 无 ", "没有", "暂无", "-", ""])
    got = clean_flag(asked)
    assert got.values.to_list() == [True, False, False, False, None, None, None]
    assert got.unread is None
    told = clean_code(asked, {"有": "有", "无": "无", "没有": "无"})
    assert told.values.to_list() == ["有", "无", "无", "无", None, None, None]
    assert free_text(asked, ("无",)).to_list() == ["有", "无", "无", "没有", None, None, None]


def test_check_digits() -> None:
    code = "53310000501781028" + uscc.calc_check_digit("53310000501781028")
    assert one(is_uscc_valid(pl.lit(code)))
    for wrong in (code[:-1] + "0", code[:-1], code.replace("5", "I", 1), ""):
        assert one(is_uscc_valid(pl.lit(wrong))) is False
    assert one(is_uscc_valid(pl.lit(None, pl.String))) is None


@given(st.text(ALPHABET, min_size=17, max_size=17), st.sampled_from(ALPHABET))
def test_columns_are_weighed_as_the_library_weighs_a_code(first17: str, last: str) -> None:
    """Its check character and no other is right, be the first character a letter too."""
    right = uscc.calc_check_digit(first17)
    assert one(is_uscc_valid(pl.lit(first17 + right)))
    assert one(is_uscc_valid(pl.lit(first17 + last))) is (last == right)


def test_who_did_not_want_to_be_named() -> None:
    for name in ("爱心人士", "匿名", "匿名好心人", "网友"):
        assert one(is_anonymous(pl.lit(name))), name
    assert not one(is_anonymous(pl.lit("张三")))


def test_numbers_of_people_are_masked_in_free_text() -> None:
    texts = ["电话13800000001咨询", "证件110101190001010000。", "订单10000000000000000001", None]
    assert free_text(pl.Series(texts)).to_list() == [
        "电话***咨询", "证件***。", "订单10000000000000000001", None,
    ]  # fmt: skip


def test_pseudonyms_need_the_key() -> None:
    ids = [("donor_id", pl.Series(["u1", None, "u1"])), ("phone", pl.Series(["p1", "p1", None]))]
    mine = donor_key(ids, "k" * 32, namespace="s").to_list()
    assert mine[0] == mine[2] != mine[1]
    assert all(len(k) == 32 for k in mine)
    assert mine != donor_key(ids, "j" * 32, namespace="s").to_list()
    assert mine != donor_key(ids, "k" * 32, namespace="t").to_list()


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = load_settings(tmp_path, tmp_path, env={})
    assert pseudonym_key(settings) == pseudonym_key(settings)
    (file,) = settings.secrets.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(SettingsError, match="16 characters"):
        pseudonym_key(load_settings(tmp_path, tmp_path, env={"JUANDI_PSEUDONYM_KEY": "short"}))
