"""Finds the records of a JSON document: every list that fits the contract, wherever it is.

Platforms hand out pages of lists, one list per day, objects under their numbers. All that fit are
read, in the order of the document; a list of objects that does not fit is counted as left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from pipelines.reading.headings import Heading, best_match
from pipelines.reading.items import Item, View, by_path, fits, keys_of, view_of
from pipelines.reading.left_out import LeftKind, LeftOut
from pipelines.sources import Source

_NAME = re.compile(r"(?!.*\d{5})[A-Za-z_][\w-]{0,40}|(?:19|20)\d\d(?:-?[01]\d(?:-?[0-3]\d)?)?")


class Group(NamedTuple):
    """Items that belong together: a list, or a single object."""

    place: str
    items: list[Any]  # may contain values that are not objects


class Records(NamedTuple):
    items: list[Any]
    view: View
    left_out: list[LeftOut]


def records_of(found: Any, source: Source) -> Records | None:
    """The records of a document; None if nothing in it fits the contract."""
    groups: list[Group] = []
    left: list[LeftOut] = []
    _walk(found, "", source, groups, left)
    if not groups:
        return None
    # groups of the same shape make one table; the first group decides
    shapes = [_shape(group, source) for group in groups]
    items: list[Any] = []
    for group, shape in zip(groups, shapes, strict=True):
        if shape == shapes[0]:
            items += group.items
        else:
            left.append(_left(group.place, group.items))
    return Records(items, shapes[0][0], left)


def _shape(group: Group, source: Source) -> tuple[View, str, frozenset[str]]:
    """A group's view, its form, and the keys under which it has the required columns."""
    items = _objects(group.items)
    view = view_of(items, source)
    heading = _heading(items, view, source)
    needed = heading.form.needed(source.columns)
    names = (heading.names[f.position] for f in heading.fields if f.column.name in needed)
    return view, heading.form.name, frozenset(names)


def _heading(items: list[Item], view: View, source: Source) -> Heading:
    return best_match(keys_of(items, view), source, structured=True)


def _objects(items: list[Any]) -> list[Item]:
    return [item for item in items if isinstance(item, dict)]


def _left(place: str, items: list[Any]) -> LeftOut:
    objects = _objects(items)
    return LeftOut(LeftKind.LIST, place or "$", len(items), sum(len(item) for item in objects))


def _walk(found: Any, place: str, source: Source, groups: list[Group], left: list[LeftOut]) -> None:
    if isinstance(found, dict):
        if fits(found, by_path, source):
            groups.append(Group(place, [found]))
            left += [_left(p, v) for p, v in _lists(found, place) if _fit(v, source)]
            return
        for key, value in found.items():
            _walk(value, _under(place, key), source, groups, left)
    elif isinstance(found, list) and _objects(found):
        if _fit(found, source):
            groups.append(Group(place, found))
            return
        before = len(groups)
        for value in found:
            _walk(value, f"{place}[]", source, groups, left)
        if len(groups) == before:
            left.append(_left(place, found))
    elif isinstance(found, list):
        for value in found:
            _walk(value, f"{place}[]", source, groups, left)


def _fit(items: list[Any], source: Source) -> bool:
    objects = _objects(items)
    return bool(objects) and not _heading(objects, view_of(objects, source), source).missing


def _lists(found: Item, place: str) -> Iterator[tuple[str, list[Any]]]:
    for key, value in found.items():
        if isinstance(value, list):
            yield _under(place, key), value
        elif isinstance(value, dict):
            yield from _lists(value, _under(place, key))


def _under(place: str, key: str) -> str:
    """The place of `key` below `place`. A key that may be data, not a field or a day, becomes *."""
    name = key if _NAME.fullmatch(key) else "*"
    return f"{place}.{name}" if place else name


def texts(found: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """Every text of more than 40 characters in the document, and its place."""
    if isinstance(found, str):
        if len(found) > 40:
            yield place or "$", found
    elif isinstance(found, dict):
        for key, value in found.items():
            yield from texts(value, _under(place, key))
    elif isinstance(found, list):
        for value in found:
            yield from texts(value, f"{place}[]")
