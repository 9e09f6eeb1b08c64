"""Text as it is handed out, made plain: spaces, marks a spreadsheet adds, blanks that mean null.

Only form is changed, never meaning: `-`, `—`, `/`, `无`, `暂无` and blank are null because the
field uses them for "nothing here"; anything else stays what it says.
"""

from __future__ import annotations

import re
import unicodedata

import polars as pl

#: What the field writes for "no value".
NULL_WORDS = ("", "-", "—", "/", "无", "暂无")

#: White space that tables carry, and characters without width.
SPACES = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u3000"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE = re.compile(f"[{ZERO_WIDTH}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA = re.compile(r'^="?(.*?)"?$', re.DOTALL)

#: Bytes that betray a block needing more than the quick way: zero width and NBSP, a backtick,
#: an apostrophe, `="`, a tab, control characters. Absent, `tidy` only trims spaces.
_MARKS = re.compile(
    rb"[`'\t\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|=\"|\xc2\xa0|\xe2\x80[\x82-\x8d]|\xe2\x81\xa0|"
    rb"\xef\xbb\xbf|\xe3\x80\x80"
)


def has_marks(block: bytes, delimiter: bytes = b",") -> bool:
    """True when UTF-8 `block` holds a character that `plain` would take away."""
    if delimiter == b"\t":
        return True
    return _MARKS.search(block) is not None


def plain(text: str) -> str:
    """`text` without outer white space, zero-width and control characters, `="…"`, one leading
    backtick or apostrophe. Never null: an empty string stays one."""
    text = _INVISIBLE.sub("", text).strip(SPACES)
    if text.startswith("="):
        found = _FORMULA.match(text)
        text = found.group(1) if found else text
    elif text[:1] in ("`", "'"):
        text = text[1:]
    return text.strip(SPACES)


def half_width(text: str) -> str:
    """`plain` text with full-width digits, letters and signs made half-width (NFKC)."""
    return unicodedata.normalize("NFKC", plain(text))


def tidy(raw: pl.Series, *, marked: bool) -> pl.Series:
    """A text column trimmed, its null words null. `marked`: the block holds more than spaces."""
    if marked:
        raw = (
            raw.str.replace_all(_INVISIBLE.pattern, "")
            .str.strip_chars(SPACES)
            .str.replace(r'(?s)^="?(.*?)"?$', "${1}")
            .str.replace(r"^[`']", "")
        )
    trimmed = raw.str.strip_chars(SPACES)
    return trimmed.set(trimmed.is_in(NULL_WORDS), None)
