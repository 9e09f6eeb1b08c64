"""Items of JSON documents: which objects are the records, and as what flat fields they are seen.

Values become text again, so that one cleaning serves every format. A contract names flat fields:
where an item's own do not fit it, those of the objects inside it count too (`{"process": {…}}`),
or every value counts under its path (`base.donate.needMoney`); other nested objects are kept as
their JSON text. Reading the bytes is the business of `structured`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from pipelines.reading.headings import best_match
from pipelines.sources import Source

Item: TypeAlias = dict[str, Any]
#: What an item is seen as: its fields flat, by name.
View: TypeAlias = Callable[[Item], Item]


def text_of(value: Any) -> str | None:
    """A JSON value as a cell's text; JSON's own for true and false, and for what is nested."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


class Twice(dict[str, Any]):
    """An object that says one key twice: which of the values is meant, nobody can tell."""


def _object(pairs: list[tuple[str, Any]]) -> Item:
    found = dict(pairs)
    return found if len(found) == len(pairs) else Twice(found)


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str, object_pairs_hook=_object)
_BETWEEN = re.compile(r"[\s,\x1e]*")  # a comma, or RFC 7464's separator, parts documents too


def load(text: str) -> Any:
    """JSON with numbers as they are written: an id of 20 digits or 0.10 must not pass through a
    float. A comma may follow. Raises ValueError."""
    try:
        return _DECODER.decode(text.rstrip().removesuffix(","))
    except RecursionError as error:
        raise ValueError("nested too deep") from error


def load_all(text: str) -> tuple[list[Any], list[int]]:
    """The JSON documents that stand in `text` one after another, and the line (from 0) on which
    each begins. Raises ValueError."""
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
    """True of an object that says a key twice, itself or in an object inside it."""
    return isinstance(found, Twice) or any(
        is_ambiguous(value) for value in found.values() if isinstance(value, dict)
    )


def as_it_is(found: Item) -> Item:
    """The item's own fields."""
    return found


def unpacked(found: Item) -> Item:
    """The item with the fields of the objects inside it in their place; its own come first."""
    flat = {key: value for key, value in found.items() if not isinstance(value, dict)}
    for value in found.values():
        if isinstance(value, dict):
            flat = value | flat
    return flat


def by_path(found: Item) -> Item:
    """Every value that is no object under the names of the objects around it and its own."""
    flat: Item = {}
    for key, value in found.items():
        if isinstance(value, dict):
            flat |= {f"{key}.{path}": inner for path, inner in by_path(value).items()}
        else:
            flat[key] = value
    return flat


def keys_of(items: Sequence[Item], view: View) -> list[str]:
    """Every field that one of the items shows, in order of appearance."""
    return list(dict.fromkeys(key for item in items for key in view(item)))


def _missing(keys: list[str], source: Source) -> int:
    return len(best_match(keys, source, structured=True).missing)


def fits(found: Item, view: View, source: Source) -> bool:
    """Whether the item, seen so, has every field that the contract requires."""
    return not _missing(list(view(found)), source)


def view_of(items: Sequence[Item], source: Source) -> View:
    """How these items show most of what the contract requires; the plainest way of equals."""
    views = (as_it_is, unpacked, by_path)
    return min(views, key=lambda view: _missing(keys_of(items, view), source))
