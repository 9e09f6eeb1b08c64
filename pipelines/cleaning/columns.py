"""Turns a column of text into a typed column, one function per kind: `clean_money`, `clean_id` …

Plain values take a fast path, others the full rules. A value that cannot be read becomes
null and its text is kept (law 8); the contract decides whether that refuses the row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import polars as pl

from pipelines.cleaning import moments, numbers
from pipelines.cleaning.identifiers import has_code_shape, tidy_code
from pipelines.cleaning.money_words import FEN, FOREIGN, fold, is_foreign, is_yuan, unit_of
from pipelines.cleaning.people import free_text
from pipelines.cleaning.region_names import code_of
from pipelines.cleaning.rounded import rounded_ids
from pipelines.cleaning.text import CELL_ERROR, distinct, half_width, tidy

FLAGS: Mapping[str, bool] = {
    **dict.fromkeys(("是", "1", "true", "TRUE", "True", "Y", "y", "yes", "有"), True),
    **dict.fromkeys(("否", "0", "false", "FALSE", "False", "N", "n", "no", "无", "没有"), False),
}
#: An amount in another currency than yuan.
OTHER_AMOUNT = pl.Decimal(18, 2)
_SCIENTIFIC = re.compile(r"^[+-]?\d+(?:\.\d+)?[eE]\+?\d+$")
#: Anything that is not part of a plain id; an empty one is null.
_BEYOND_PLAIN_ID = r"[^0-9A-Za-z_\-]|^$"
#: Anything that is not part of a credit code in its plain form; an empty one is null.
_BEYOND_PLAIN_CODE = r"[^0-9A-Z]|^$"
_FLOATED = re.compile(r"^(\d{1,15})\.0+$")


@dataclass(frozen=True)
class Cleaned:
    """A typed column and masks of its unreadable rows; a mask is None if no row is concerned."""

    values: pl.Series
    unread: pl.Series | None = None  # Boolean
    damaged: pl.Series | None = None  # Boolean: an id that a spreadsheet has rounded
    foreign: pl.Series | None = None  # Boolean: an amount in another currency than yuan
    beyond: pl.Series | None = None  # Boolean, among `unread`: a number beyond the bound
    other: pl.Series | None = None  # Decimal: the `foreign` amounts that are kept as they are
    currency: pl.Series | None = None  # … and the currency of each

    @property
    def not_kept(self) -> pl.Series | None:
        """The rows whose amount is in another currency and is kept nowhere."""
        if self.foreign is None or self.other is None:
            return self.foreign
        return self.foreign & self.other.is_null()

    def kept_apart(self) -> tuple[pl.Series, pl.Series]:
        """`other` and `currency`, null where there are none."""
        height = len(self.values)
        amounts = pl.Series([None], dtype=OTHER_AMOUNT).new_from_index(0, height)
        names = pl.Series([None], dtype=pl.String).new_from_index(0, height)
        return (
            amounts if self.other is None else self.other,
            names if self.currency is None else self.currency,
        )


def _typed(
    raw: pl.Series,
    quick: Callable[[pl.Series], pl.Series],
    read: Callable[[str], Any],
    dtype: pl.DataType,
    most: int | None = None,
    words: Collection[str] = (),
) -> Cleaned:
    """`quick` over the whole column, then `read` over the distinct texts that it left null.

    A number beyond `most`, positive or negative, counts as unreadable. `words` are values even
    where they mean null elsewhere.
    """
    values = quick(raw)
    if values.null_count() == raw.null_count():
        return Cleaned(values.cast(dtype))
    text = tidy(raw, values=words)
    left = values.is_null() & text.is_not_null()
    known = {w: m for w in text.filter(left).unique() if (m := read(w)) is not None}
    large = [] if most is None else [w for w, m in known.items() if abs(m) > most]
    for word in large:
        del known[word]
    values = values.cast(dtype)
    if known:
        found = text.replace_strict(
            pl.Series(list(known), dtype=pl.String),
            pl.Series(list(known.values()), dtype=dtype, strict=False),
            default=None,
            return_dtype=dtype,
        )
        values = values.zip_with(~left, found)
    unread = values.is_null() & text.is_not_null()
    beyond = text.is_in(large).fill_null(value=False) if large else None
    return Cleaned(values, unread if unread.any() else None, beyond=beyond)


def clean_text(raw: pl.Series) -> Cleaned:
    """Trimmed text; words that mean "nothing" become null."""
    return without_errors(tidy(raw))


def without_errors(text: pl.Series) -> Cleaned:
    """`text` with a spreadsheet's error values made null and `unread`."""
    if not (text.str.starts_with("#") | text.str.starts_with("Err:")).any():
        return Cleaned(text)
    wrong = text.str.contains(CELL_ERROR).fill_null(value=False)
    return Cleaned(text.set(wrong, None), wrong) if wrong.any() else Cleaned(text)


def _repair_id(word: str) -> str | None:
    word = half_width(word)
    if _SCIENTIFIC.match(word):
        return None
    floated = _FLOATED.match(word)
    return floated[1] if floated else word


def clean_id(raw: pl.Series, *, is_key: bool = False) -> Cleaned:
    """Ids: `130631.0` is 130631, full-width becomes half-width, `1.23E+27` is damaged (null).

    Also damaged are numbers of which a spreadsheet kept only 15 digits. `is_key`: every row has an
    id of its own.
    """
    ids = _clean_id(raw)
    rounded = rounded_ids(ids.values, is_key=is_key)
    if rounded is None:
        return ids
    return Cleaned(ids.values, damaged=rounded if ids.damaged is None else rounded | ids.damaged)


def _clean_id(raw: pl.Series) -> Cleaned:
    if not distinct(raw).str.contains(_BEYOND_PLAIN_ID).any():
        dash = raw == "-"
        return Cleaned(raw.set(dash, None) if dash.any() else raw)
    text = tidy(raw)
    odd = text.str.contains(_BEYOND_PLAIN_ID).fill_null(value=False)
    words = text.filter(odd).unique()
    repaired = {w: _repair_id(w) for w in words}
    damaged = text.is_in([w for w, good in repaired.items() if good is None])
    text = text.replace(list(repaired), list(repaired.values()))
    ids = without_errors(text)
    return Cleaned(
        ids.values, ids.unread, damaged.fill_null(value=False) if damaged.any() else None
    )


def clean_uscc(raw: pl.Series) -> Cleaned:
    """Credit codes and filing numbers in the form of `tidy_code`; damaged ones as for ids."""
    if not distinct(raw).str.contains(_BEYOND_PLAIN_CODE).any():
        return Cleaned(raw)
    text = tidy(raw)
    words = text.filter(text.str.contains(_BEYOND_PLAIN_CODE).fill_null(value=False)).unique()
    codes: dict[str, str | None] = {w: tidy_code(half_width(w)) for w in words}
    # digits around one E: eighteen characters are a code, otherwise it is a rounded number
    codes = {w: c if c and has_code_shape(c) else _repair_id(c or w) for w, c in codes.items()}
    damaged = text.is_in([w for w, good in codes.items() if good is None])
    text = text.replace(list(codes), list(codes.values()))
    return Cleaned(text, damaged=damaged.fill_null(value=False) if damaged.any() else None)


def clean_region(raw: pl.Series) -> Cleaned:
    """Region codes of six digits; any other text is kept, with numbers of people masked.

    A place's name is not turned into its code. The table of regions says which codes exist.
    """
    if distinct(raw).str.contains("^[0-9]{6}$").all():
        return Cleaned(raw)
    text = tidy(raw)
    codes = {w: code for w in text.drop_nulls().unique() if (code := code_of(w)) and code != w}
    return Cleaned(free_text(text.replace(codes) if codes else text))


def clean_code(raw: pl.Series, codes: Mapping[str, str]) -> Cleaned:
    """Codes in the contract's spelling. An unknown code is kept as text and is `unread`."""
    if raw.is_in([w for w, code in codes.items() if w == code]).all():
        return Cleaned(raw)
    found = raw.replace_strict(codes, default=None, return_dtype=pl.String)
    if found.null_count() == raw.null_count():
        return Cleaned(found)
    text = tidy(raw, values=codes)
    left = found.is_null() & text.is_not_null()
    words = {w: codes.get(half_width(w)) for w in text.filter(left).unique()}
    known = {w: c for w, c in words.items() if c is not None}
    kept = text.replace(known) if known else text
    unknown = left & text.is_in([w for w, c in words.items() if c is None])
    kept = without_errors(kept).values
    return Cleaned(found.zip_with(~left, kept), unknown if unknown.any() else None)


def clean_flag(raw: pl.Series) -> Cleaned:
    """是/否 and 有/无 as Boolean: under a yes-or-no heading, 无 is an answer."""

    if raw.is_in(("是", "否")).all():
        return Cleaned(raw == "是")

    def quick(texts: pl.Series) -> pl.Series:
        return texts.replace_strict(FLAGS, default=None, return_dtype=pl.Boolean)

    return _typed(raw, quick, lambda w: FLAGS.get(half_width(w)), pl.Boolean(), words=FLAGS)


def clean_money(
    raw: pl.Series,
    unit: str,
    *,
    per_fen: int = 1,
    most: int = numbers.INT64,
    other: pl.Series | None = None,
) -> Cleaned:
    """Whole fen, or `per_fen` parts of a fen; `unit` applies if the value has none of its own.

    An amount beyond `most` is unreadable. One in another currency is null and `foreign`: its value,
    `unit` or the row's currency (`other`, Boolean) says so.
    """
    quick = partial(numbers.quick_fen, unit=unit, per_fen=per_fen)
    read = partial(numbers.read_fen, unit=unit, per_fen=per_fen)
    amounts = _typed(raw, quick, read, pl.Int64(), most)
    foreign = amounts.unread
    if foreign is not None and unit in FEN:
        foreign = foreign & raw.str.normalize("NFKC").str.contains(FOREIGN).fill_null(value=False)
    if other is not None:
        stated = other & tidy(raw).is_not_null()
        foreign = stated if foreign is None else foreign | stated
    if foreign is None or not foreign.any():
        return amounts
    unread = foreign if amounts.unread is None else amounts.unread | foreign
    values = amounts.values.set(foreign, None)
    return replace(amounts, values=values, unread=unread, foreign=foreign)


def with_other_money(got: Cleaned, raw: pl.Series, currencies: pl.Series, most: int) -> Cleaned:
    """`got` with its foreign amounts kept in their own currency, where both can be read.

    `currencies`: what stands beside each amount. One beyond `most` hundredths is not kept.
    """
    if got.foreign is None:
        return got
    pairs = pl.DataFrame({"text": raw, "beside": currencies}).with_columns(foreign=got.foreign)
    found = [
        numbers.read_other(text, beside) if foreign and text else None
        for text, beside, foreign in pairs.iter_rows()
    ]
    kept = [one if one and abs(one[0]) * 100 <= most else None for one in found]
    other = pl.Series([one and one[0] for one in kept], dtype=OTHER_AMOUNT)
    unread = None if got.unread is None else got.unread & other.is_null()
    currency = pl.Series([one and one[1] for one in kept], dtype=pl.String)
    return replace(got, unread=unread, other=other, currency=currency)


def other_money(currencies: pl.Series) -> pl.Series:
    """Rows in which a currency column names another currency than yuan. Blank means yuan."""
    words = currencies.unique().drop_nulls()
    other = [w for w in words if (f := fold(w.strip("`'\"\t "))) and not is_yuan(f)]
    return currencies.is_in(other).fill_null(value=False)


def other_unit(units: pl.Series) -> pl.Series:
    """Rows in which a column 单位 says that amounts are in another unit than yuan."""
    words = units.unique().drop_nulls()
    other = [
        w
        for w in words
        if len(w.strip()) <= 6 and (is_foreign(w) or FEN.get(unit_of(w) or "元") != FEN["元"])
    ]
    return units.is_in(other).fill_null(value=False)


def clean_integer(raw: pl.Series, *, most: int = numbers.INT64) -> Cleaned:
    """Whole numbers; one beyond `most` is unreadable."""

    def quick(texts: pl.Series) -> pl.Series:
        values = texts.cast(pl.Int64, strict=False)
        within = values.is_between(-most, most)
        return values if within.all() else values.set(~within, None)

    return _typed(raw, quick, numbers.read_integer, pl.Int64(), most)


def clean_number(raw: pl.Series, *, most: int = numbers.INT64) -> Cleaned:
    """Figures in their own unit as Decimal(24, 6); one beyond `most` is unreadable."""
    dtype = pl.Decimal(24, 6)

    def quick(texts: pl.Series) -> pl.Series:
        return pl.Series([None], dtype=dtype).new_from_index(0, len(texts))

    return _typed(raw, quick, numbers.read_number, dtype, most)


def clean_share(raw: pl.Series) -> Cleaned:
    """Shares as Decimal(9, 6); a row rule checks that they are between 0 and 1."""
    dtype = pl.Decimal(9, 6)

    def quick(texts: pl.Series) -> pl.Series:
        return pl.Series([None], dtype=dtype).new_from_index(0, len(texts))

    return _typed(raw, quick, numbers.read_share, dtype)


def clean_date(raw: pl.Series, *, date_1904: bool = False) -> Cleaned:
    """Days."""
    read = partial(moments.read_date, date_1904=date_1904)
    return _typed(raw, moments.quick_date, read, pl.Date())


def clean_moment(raw: pl.Series, *, date_1904: bool = False) -> Cleaned:
    """Instants as naive Beijing time."""
    read = partial(moments.read_moment, date_1904=date_1904)
    return _typed(raw, moments.quick_moment, read, pl.Datetime("us"))
