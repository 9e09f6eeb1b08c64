"""Text as it is handed out, made plain: spaces, marks a spreadsheet adds, blanks that mean null.

Only form is changed, never meaning: `-`, `—`, `/`, `无`, `暂无` and blank are null because the
field uses them for "nothing here"; anything else stays what it says.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import polars as pl

#: What the field writes for "no value".
NULL_WORDS = ("", "-", "—", "/", "无", "暂无")

#: White space that tables carry, and characters without width.
SPACES = " \t\r\n\v\f\u00a0\u2002\u2003\u2009\u3000"
ZERO_WIDTH = "\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE = re.compile(f"[{ZERO_WIDTH}\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_FORMULA = re.compile(r'^="?(.*?)"?$', re.DOTALL)

#: Characters that `tidy` has to look for, and how their UTF-8 begins.
_ODD = {c.encode() for c in ZERO_WIDTH + SPACES[6:]}
_ODD_STARTS = sorted({(c[0], c[1]) for c in _ODD})


def has_marks(block: bytes, delimiter: bytes = b",") -> bool:
    """True when UTF-8 `block` holds a character that `plain` would take away.

    Looks at bytes: a pattern, or a search for several bytes, takes ten times as long.
    """
    if delimiter == b"\t" or any(mark in block for mark in (b"`", b"'", b"\x7f")):
        return True
    if b"=" in block and b'="' in block:
        return True
    data = np.frombuffer(block, dtype=np.uint8)
    controls = int(np.count_nonzero(data < 0x20))
    if controls != block.count(b"\n") + block.count(b"\r"):
        return True
    for lead, second in _ODD_STARTS:
        if bytes((lead,)) in block and np.any((data[:-1] == lead) & (data[1:] == second)):
            return any(c in block for c in _ODD)
    return False


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
    nothing = trimmed.is_in(NULL_WORDS)
    return trimmed.set(nothing, None) if nothing.any() else trimmed
