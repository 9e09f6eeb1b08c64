"""Items of JSON documents: parsing them, and deciding which of their fields become columns.

Values become text again, so that every format is cleaned alike. A contract names flat fields. If an
item's own fields do not fit it, those of its inner objects count too (`{"process": {…}}`),
or every value counts under its path (`base.donate.needMoney`); other nested objects are kept as
JSON text. `structured` reads the bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from pipelines.reading.headings import best_match
from pipelines.sources import Source

Item: TypeAlias = dict[str, Any]
#: A function that flattens an item into fields by name.
View: TypeAlias = Callable[[Item], Item]


def text_of(value: Any) -> str | None:
    """A JSON value as a cell's text; true, false and nested values as their JSON text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


class RepeatedKey(dict[str, Any]):
    """An object with the same key twice: it is unknown which of the values is meant."""


def _object(pairs: list[tuple[str, Any]]) -> Item:
    found = dict(pairs)
    return found if len(found) == len(pairs) else RepeatedKey(found)


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, object_pairs_hook=_object)
_BETWEEN = re.compile(r"[\s,\x1e]*")  # documents may be separated by commas or RFC 7464's mark


def load(text: str) -> Any:
    """JSON with numbers kept as written: an id of 20 digits or 0.10 must not pass through a float.

    A comma may follow. Raises ValueError.
    """
    try:
        return _DECODER.decode(text.rstrip().removesuffix(","))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def load_all(text: str) -> tuple[list[Any], list[int]]:
    """The JSON documents in `text`, one after another, and the line (from 0) where each begins.

    Raises ValueError.
    """
    found, lines, line, counted = [], [], 0, 0
    at = _BETWEEN.match(text).end()  # type: ignore[union-attr]  # it matches nothing too
    while at < len(text):
        line, counted = line + text.count("\n", counted, at), at
        lines.append(line)
        try:
            one, at = _DECODER.raw_decode(text, at)
        except RecursionError as error:
            raise ValueError("nested too deep") from error
        found.append(one)
        at = _BETWEEN.match(text, at).end()  # type: ignore[union-attr]
    return found, lines


def is_ambiguous(found: Item) -> bool:
    """True of an object with the same key twice, in itself or in an object inside it."""
    return isinstance(found, RepeatedKey) or any(
        is_ambiguous(value) for value in found.values() if isinstance(value, dict)
    )


def as_it_is(found: Item) -> Item:
    """The item's own fields."""
    return found


def unpacked(found: Item) -> Item:
    """The item with its inner objects replaced by their fields; its own fields take precedence."""
    flat = {key: value for key, value in found.items() if not isinstance(value, dict)}
    for value in found.values():
        if isinstance(value, dict):
            flat = value | flat
    return flat


def by_path(found: Item) -> Item:
    """Every value that is not an object, under its path: `base.donate.needMoney`."""
    flat: Item = {}
    for key, value in found.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{path}": inner for path, inner in by_path(value).items()}
        else:
            flat[key] = value
    return flat


def keys_of(items: Sequence[Item], view: View) -> list[str]:
    """Every field that any of the items has, in order of appearance."""
    return list(dict.fromkeys(key for item in items for key in view(item)))


def _missing(keys: list[str], source: Source) -> int:
    return len(best_match(keys, source, structured=True).missing)


def fits(found: Item, view: View, source: Source) -> bool:
    """True if the item, flattened by `view`, has every field that the contract requires."""
    return not _missing(list(view(found)), source)


def view_of(items: Sequence[Item], source: Source) -> View:
    """The view in which these items lack fewest required fields; the simplest if several do."""
    views = (as_it_is, unpacked, by_path)
    return min(views, key=lambda view: _missing(keys_of(items, view), source))
