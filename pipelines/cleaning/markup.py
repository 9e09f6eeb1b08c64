"""Turns HTML in a text into plain text: without tags, entities decoded, white space collapsed.

For texts that platforms export just as they are in their pages. Never for ids or amounts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable

import polars as pl

from pipelines.cleaning.text import NULL_WORDS, plain

_BLOCK = re.compile(r"(?is)<(script|style)\b.*?</\1\s*>|<!--.*?-->")
#: A tag begins with a letter or a slash: "3 < 5" and "<3" are words.
_TAG = re.compile(r"(?s)</?[A-Za-z][^<>]*>")
#: Tags inside a word, such as a search engine's highlighting: `<em>某某</em>计划`.
_INLINE = re.compile(r"(?is)</?(?:a|b|em|font|i|mark|s|small|span|strong|u)(?:\s[^<>]*)?>")


def plain_text(text: str) -> str | None:
    """`text` without markup; None if no words are left.

    Entities are decoded after tags are removed, so that an escaped `&lt;b&gt;` stays visible text.
    """
    bare = _TAG.sub(" ", _INLINE.sub("", _BLOCK.sub(" ", text)))
    words = " ".join(plain(html.unescape(bare)).split())
    return None if words in NULL_WORDS else words


def plain_columns(*names: str) -> Callable[[pl.DataFrame], pl.DataFrame]:
    """A function that removes markup from these columns of a frame, for a contract's `derive`."""
    return lambda frame: frame.with_columns(without_markup(frame[name]) for name in names)


def without_markup(texts: pl.Series) -> pl.Series:
    """`plain_text` of every text that contains `<` or `&`; others are unchanged."""
    odd = texts.str.contains("[<&]").fill_null(value=False)
    if not odd.any():
        return texts
    words = {w: plain_text(w) for w in texts.filter(odd).unique()}
    return texts.replace_strict(
        pl.Series(list(words), dtype=pl.String),
        pl.Series(list(words.values()), dtype=pl.String),
        default=texts,
    ).alias(texts.name)
