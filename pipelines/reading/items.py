"""Items of JSON documents: which objects are the records, and as what flat fields they are seen.

Values become text again, so that one cleaning serves every format. A contract names flat fields:
where an item's own do not fit it, those of the objects inside it count too (`{"process": {…}}`),
or every value counts under its path (`base.donate.needMoney`); other nested objects are kept as
their JSON text. Reading the bytes is the business of `structured`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias

from pipelines.reading.headings import best_match
from pipelines.sources import Source

Item: TypeAlias = dict[str, Any]
#: What an item is seen as: its fields flat, by name.
View: TypeAlias = Callable[[Item], Item]


def text_of(value: Any) -> str | None:
    """A JSON value as a cell's text: 是 and 否 for true and false, JSON for what is nested."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "是" if value else "否"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def load(text: str) -> Any:
    """JSON with numbers as they are written: an id of 20 digits or 0.10 must not pass through a
    float. Raises ValueError."""
    return json.loads(text, parse_int=str, parse_float=str)


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


def only_record(found: Any, source: Source) -> list[Item]:
    """The outermost object that is a record by its paths, whatever lists stand inside it."""
    level = [found]
    while level:
        level = [v for v in level if isinstance(v, dict)]
        for value in level:
            if fits(value, by_path, source):
                return [value]
        level = [inner for value in level for inner in value.values()]
    return []


def first_list(found: Any) -> list[Item]:
    """The first array of objects, outermost first; an object without one is a single record."""
    level = [found]
    while level:
        for value in level:
            if isinstance(value, list) and value and all(isinstance(v, dict) for v in value):
                return value
        level = [v for value in level if isinstance(value, dict) for v in value.values()]
    return [found] if isinstance(found, dict) else []
