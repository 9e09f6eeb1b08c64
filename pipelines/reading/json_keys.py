"""Whether lines of JSON hold keys that were not seen before, told without parsing them again.

In a line of JSON a key is a quote right before a colon. As many of those as the known keys make
leave room for no other, and none twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import polars as pl

from pipelines.reading.items import Item

_STEP = 64 * 1024  # bytes looked at together: what is made of them stays in the processor's cache
_QUOTE, _COLON, _SPACE = 0x22, 0x3A, 0x20


class Keys:
    """Keys of the items of a file: `names` as its heading has them, and all that `items` show."""

    def __init__(self, items: Iterable[Item], names: Sequence[str]) -> None:
        self._names = dict.fromkeys(names)
        self._nested: set[str] = set()
        for item in items:
            self.add_nested(item)

    def add_nested(self, item: Item) -> None:
        """Keys inside the item's values are counted, but are no columns."""
        for value in item.values():
            if isinstance(value, dict | list):
                self._nested.update(_inside(value))

    def unseen(self, item: Item) -> list[str]:
        """The item's keys that were not seen before; from now on they are."""
        late = [key for key in item if key not in self._names]
        self._names |= dict.fromkeys(late)
        return late

    def are_all(self, piece: bytes, frame: pl.DataFrame) -> bool:
        """True when the lines of `piece`, which `frame` was read from, hold known keys only.

        False where that cannot be told, as where a quote and a colon stand in a text.
        """
        found = _keys_in(piece)
        if found is None:
            return False
        for key in (*self._names, *(k for k in self._nested if k not in self._names)):
            is_full = key in frame.columns and not frame[key].null_count()
            if is_full and key not in self._nested:
                found -= frame.height  # every line has it; were it there twice, some would be left
                continue
            said = [json.dumps(key, ensure_ascii=a).encode() + b":" for a in (False, True)]
            times = sum(piece.count(s) for s in dict.fromkeys(said))
            if key in frame.columns and key not in self._nested:
                nulls = sum(piece.count(s + n) for s in said[:1] for n in (b"null", b" null"))
                if times != frame.height - frame[key].null_count() + nulls:
                    return False
            found -= times
        return found == 0


def _keys_in(piece: bytes) -> int | None:
    """How many keys stand in lines of JSON; None where a space stands before a colon."""
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
