"""Damage to single characters and bytes: flipped, lost, inserted where they do not belong.

A mutation takes a view, the document it damages (its delimiter, its encoding) and a source of
chance; it never knows how the file will be read.
"""

from __future__ import annotations

import re
from random import Random

from tests.fuzz.writers import WIDE, Document, seen

#: Characters that some take for an end of line, that have no width, or that end a text.
_ODD = (
    "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c", "\x1a", "\x00", "\ufeff", "\u00a0",
    "\u200b",
)  # fmt: skip


def _place(view: str, rng: Random) -> int:
    return rng.randrange(len(view) + 1)


def _insert(view: str, at: int, what: str) -> str:
    return view[:at] + what + view[at:]


def flip(view: str, doc: Document, rng: Random) -> str:
    at = rng.randrange(max(len(view), 1))
    return view[:at] + chr(rng.randrange(256)) + view[at + 1 :]


def insert_byte(view: str, doc: Document, rng: Random) -> str:
    return _insert(view, _place(view, rng), chr(rng.randrange(256)))


def delete(view: str, doc: Document, rng: Random) -> str:
    at = _place(view, rng)
    return view[:at] + view[at + rng.choice([1, 1, 2, 5, 40]) :]


def quote(view: str, doc: Document, rng: Random) -> str:
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        view = _insert(view, _place(view, rng), '"')
    return view


def quote_at_field(view: str, doc: Document, rng: Random) -> str:
    """A quote where the book would have one open or close: beside a delimiter."""
    for _ in range(rng.choice([1, 1, 2])):
        places = [m.start() for m in re.finditer(re.escape(doc.delimiter or ","), view)]
        if places:
            view = _insert(view, rng.choice(places) + rng.choice([0, 1]), '"')
    return view


def unquote(view: str, doc: Document, rng: Random) -> str:
    places = [i for i, c in enumerate(view) if c == '"']
    if not places:
        return quote(view, doc, rng)
    at = rng.choice(places)
    return view[:at] + view[at + 1 :]


def delimiter(view: str, doc: Document, rng: Random) -> str:
    what = rng.choice([doc.delimiter or ","] * 3 + [",", "\t", ";", "|"])
    places = [i for i, c in enumerate(view) if c == what]
    if places and rng.random() < 0.5:
        at = rng.choice(places)
        return view[:at] + view[at + 1 :]
    return _insert(view, _place(view, rng), what)


def odd_character(view: str, doc: Document, rng: Random) -> str:
    what = rng.choice(_ODD)
    return _insert(view, _place(view, rng), seen(what, doc.encoding))


def break_in(view: str, doc: Document, rng: Random) -> str:
    return _insert(view, _place(view, rng), rng.choice(["\n", "\r", "\r\n", "\r\r\n"]))


def cut(view: str, doc: Document, rng: Random) -> str:
    return view[: _place(view, rng)]


def foreign(view: str, doc: Document, rng: Random) -> str:
    """Bytes of another encoding."""
    other = rng.choice(["gb18030", "utf-8", "big5", "utf-16-le"])
    text = "捐贈一筆".encode(other).decode(
        "utf-16-le" if doc.encoding == WIDE else "latin-1", "replace"
    )
    return _insert(view, _place(view, rng), text[: rng.choice([1, 2, 3, len(text)])])
