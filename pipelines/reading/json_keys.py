"""Detects new keys in lines of JSON without parsing the lines again.

In a line of JSON a key ends with a quote directly before a colon. If there are exactly as many of
these as the known keys account for, there is no other key, and none is repeated.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from pipelines.reading.items import Item

_STEP = 64 * 1024  # bytes compared at a time, so that intermediate arrays stay in the CPU's cache
_QUOTE, _COLON, _SPACE = 0x22, 0x3A, 0x20


class Keys:
    """Known keys of a file's items: `names` are those of its heading; nested ones from `items`."""

    def __init__(self, items: Iterable[Item], names: Sequence[str]) -> None:
        self._names = dict.fromkeys(names)
        self._nested: set[str] = set()
        for item in items:
            self.add_nested(item)

    def add_nested(self, item: Item) -> None:
        """Registers keys inside the item's values: they are counted, but are not columns."""
        for value in item.values():
            if isinstance(value, dict | list):
                self._nested.update(_inside(value))

    def unseen(self, item: Item) -> list[str]:
        """The item's keys that are not known yet; from now on they are."""
        late = [key for key in item if key not in self._names]
        self._names |= dict.fromkeys(late)
        return late

    def are_all(self, piece: bytes, frame: pl.DataFrame) -> bool:
        """True if the lines of `piece`, from which `frame` was read, have only known keys.

        False if that is uncertain, for example if a text contains a quote before a colon.
        """
        found = _keys_in(piece)
        if found is None:
            return False
        for key in (*self._names, *(k for k in self._nested if k not in self._names)):
            is_full = key in frame.columns and not frame[key].null_count()
            if is_full and key not in self._nested:
                found -= frame.height  # every line has it; a repeated one would leave a remainder
                continue
            written = [json.dumps(key, ensure_ascii=a).encode() + b":" for a in (False, True)]
            count = sum(piece.count(text) for text in dict.fromkeys(written))
            if key in frame.columns and key not in self._nested:
                nulls = sum(piece.count(written[0] + null) for null in (b"null", b" null"))
                if count != frame.height - frame[key].null_count() + nulls:
                    return False
            found -= count
        return found == 0


def _keys_in(piece: bytes) -> int | None:
    """How many keys there are in lines of JSON; None if there is a space before a colon."""
    data = np.frombuffer(piece, dtype=np.uint8)
    found = 0
    for at in range(0, len(data), _STEP):
        part = data[at : at + _STEP + 1]
        colons = part[1:] == _COLON
        found += int(np.count_nonzero(colons & (part[:-1] == _QUOTE)))
        if (colons & (part[:-1] <= _SPACE)).any():
            return None
    return found


def _inside(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from _inside(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _inside(inner)
