"""Identifiers: unified social credit codes, filing numbers, numbers a spreadsheet has damaged.

GB 32100-2015 defines the code: 18 characters of 31 (no I, O, S, V, Z), the last a check
character, modulus 31 with weights 3^i mod 31. Names and registers belong to sources.
"""

from __future__ import annotations

import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
FILING_NO = r"^[0-9A-HJ-NPQRTUWXY]{18}A\d{5}$"  # USCC + A + 2-digit year + 3-digit serial


def uscc_check_character(first17: str) -> str:
    """The 18th character that GB 32100-2015 gives to the first 17. KeyError-free: ValueError."""
    total = sum(ALPHABET.index(c) * w for c, w in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def is_uscc_valid(code: pl.Expr) -> pl.Expr:
    """True where `code` is 18 characters of the alphabet and its check character is right.

    Null stays null.
    """
    digits = {c: i for i, c in enumerate(ALPHABET)}
    weighted = [
        code.str.slice(i, 1).replace_strict(digits, default=None, return_dtype=pl.Int32) * w
        for i, w in enumerate(WEIGHTS)
    ]
    check = code.str.slice(17, 1).replace_strict(digits, default=None, return_dtype=pl.Int32)
    total = weighted[0]
    for term in weighted[1:]:
        total = total + term
    right = ((total + check) % 31 == 0).fill_null(value=False) & (code.str.len_chars() == 18)
    return pl.when(code.is_null()).then(None).otherwise(right)


def filing_supporter(filing_no: pl.Expr) -> pl.Expr:
    """The supporter's code that a filing number begins with; null where it has another shape."""
    return pl.when(filing_no.str.contains(FILING_NO)).then(filing_no.str.slice(0, 18))
