"""Normalises text from files: spaces, marks that spreadsheets add, words that mean null.

Only the form changes, never the meaning: `-`, `—`, `/`, `无`, `暂无` and blank become null because
charities use them for "no value"; anything else is kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

import polars as pl

#: Texts that mean "no value".
NULL_WORDS = ("", "-", "—", "/", "无", "暂无")

#: Text of a spreadsheet cell without a value: an error, or `#FORMULA!` and the formula's text if it
#: was never calculated (see `pipelines.reading.workbook_marks`).
CELL_ERROR = (
    r"^#(?:N/A|VALUE!|REF!|DIV/0!|NUM!|NAME\?|NULL!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|PYTHON!|GETTING_DATA|FORMULA! .*)$|^Err:\d{3}$"
)

#: White space that occurs in tables, and characters without width.
SPACES = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u3000"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE = re.compile(f"[{ZERO_WIDTH}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA = re.compile(r'^="?(.*?)"?$', re.DOTALL)

#: What `plain` removes besides outer spaces.
_MARKS = f"^[{SPACES}]*[`'=]|[{ZERO_WIDTH}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]"


def distinct(texts: pl.Series) -> pl.Series:
    """The distinct texts of a column if they repeat often; else the column itself.

    This pays off for a few thousand names of projects in a million rows, but not for a million
    names of people.
    """
    sample = texts.head(4096)
    few = sample.n_unique()
    if few == 1 and texts.eq_missing(sample[0]).all():
        return sample.head(1)
    return texts.unique() if few * 4 < len(sample) * 3 else texts


def plain(text: str) -> str:
    """`text` without outer white space, zero-width and control characters, `="…"` and one leading
    backtick or apostrophe. An empty string stays an empty string."""
    text = _INVISIBLE.sub("", text).strip(SPACES)
    if text.startswith("="):
        found = _FORMULA.match(text)
        text = found.group(1) if found else text
    elif text[:1] in ("`", "'"):
        text = text[1:]
    return text.strip(SPACES)


def half_width(text: str) -> str:
    """`plain` text with full-width digits, letters and signs converted to half-width (NFKC)."""
    return unicodedata.normalize("NFKC", plain(text))


def tidy(raw: pl.Series, few: pl.Series | None = None, values: Collection[str] = ()) -> pl.Series:
    """A text column trimmed and `plain`, with words that mean null made null.

    `few`: the column's `distinct` texts, if known. `values`: what is a value in this column even
    where it means null elsewhere, such as 无 under 有无专职人员.
    """
    few = distinct(raw) if few is None else few
    if few is not raw and tidy(few, few, values).equals(few, null_equal=True):
        return raw
    if few.str.contains(_MARKS).any():
        raw = (
            raw.str.replace_all(_INVISIBLE.pattern, "")
            .str.strip_chars(SPACES)
            .str.replace(r'(?s)^="?(.*?)"?$', "${1}")
            .str.replace(r"^[`']", "")
        )
    trimmed = raw.str.strip_chars(SPACES)
    nothing = trimmed.is_in([word for word in NULL_WORDS if word not in values])
    return trimmed.set(nothing, None) if nothing.any() else trimmed
