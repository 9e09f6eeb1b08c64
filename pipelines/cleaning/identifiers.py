"""Identifiers: unified social credit codes, filing numbers, numbers a spreadsheet has damaged.

GB 32100-2015 defines the code: 18 characters of 31 (no I, O, S, V, Z), the last a check
character, modulus 31 with weights 3^i mod 31. `stdnum.cn.uscc.calc_check_digit` gives the check
character of a single code. Whole columns are checked here: that library takes one code at a time,
and refuses codes whose first character is a letter (A, N, Y: registered by the army, the
agricultural or another department). Names and registers belong to sources.
"""

from __future__ import annotations

import re

import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))

#: A code, alone or at the head of a filing number, with nothing between its characters.
_SHAPE = re.compile(r"^[0-9A-Z]{18}(?:A[0-9]{5})?$")
#: Stricter than `_SHAPE`, with digits where a code has them, so that hardly anything else fits.
_CODE_ALONE = r"^[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}$"
#: Characters that people put between the parts of a code.
_BETWEEN = r"[\s\-‐‑‒–—―−]"


def tidy_code(text: str) -> str:
    """A credit code or filing number in capitals, without inner blanks and dashes.

    These are removed only if the rest has a code's shape: `50179102-8` is another kind of number
    and keeps its dash. `text` is half-width already. Letters that no code has (I, O, S, V, Z) stay:
    an O in place of a 0 is a wrong code, and `is_uscc_valid` says so.
    """
    capital = text.upper()
    compact = re.sub(_BETWEEN, "", capital)
    return compact if has_code_shape(compact) else capital


def has_code_shape(text: str) -> bool:
    """True of eighteen digits and capitals, and of a filing number that begins with them."""
    return _SHAPE.match(text) is not None


def code_among_ids(number: pl.Expr) -> pl.Expr:
    """`number` in the form of `tidy_code` if it is a credit code; any other id unchanged."""
    compact = number.str.to_uppercase().str.replace_all(_BETWEEN, "")
    return pl.when(compact.str.contains(_CODE_ALONE)).then(compact).otherwise(number)


def is_uscc_valid(code: pl.Expr) -> pl.Expr:
    """True where `code` has 18 characters of the alphabet and a correct check character.

    Null stays null.
    """
    digits = {c: i for i, c in enumerate(ALPHABET)}
    weighted = [
        code.str.slice(i, 1).replace_strict(digits, default=None, return_dtype=pl.Int32) * w
        for i, w in enumerate(_WEIGHTS)
    ]
    check = code.str.slice(17, 1).replace_strict(digits, default=None, return_dtype=pl.Int32)
    total = weighted[0]
    for term in weighted[1:]:
        total = total + term
    right = ((total + check) % 31 == 0).fill_null(value=False) & (code.str.len_chars() == 18)
    return pl.when(code.is_null()).then(None).otherwise(right)
