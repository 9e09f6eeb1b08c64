"""From a listing and a URL to rows: every value is bound, every name is a declared one.

A parameter that the listing does not know is refused, never ignored: a page that narrows less than
its link says shows a wrong figure.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from pages.data import Reader, Row
from pages.listings.listing import How, Listing, Narrow
from pipelines.dictionary import Kind
from pipelines.tables.declaration import TableField

#: Of every listing: how it is sorted and which page of it is shown.
CONTROLS = frozenset({"sort", "desc", "page"})
#: As the value of a filter: where the column has none. It is what tables show there.
NOTHING = "—"
PAGE_ROWS = 200

_WHOLE = frozenset({Kind.INTEGER, Kind.SMALL, Kind.FINE_MONEY})
_PARTS = frozenset({Kind.MONEY, Kind.SHARE, Kind.RATIO, Kind.PERCENT, Kind.NUMBER})


class BadParameter(ValueError):  # noqa: N818 - reads as what it says
    """A parameter of a URL that is not known, or a value that its column cannot have."""

    def __init__(self, name: str, value: str, known: Sequence[str] = ()) -> None:
        super().__init__(f"{name}={value}")
        self.name = name
        self.value = value
        self.known = known


@dataclass(frozen=True)
class Asked:
    """What a URL asks of a listing: values by parameter, order, page (from 1).

    `condition` narrows it beforehand, with `values` for its places in order.
    """

    listing: Listing
    given: tuple[tuple[str, str], ...]
    sort: str
    descending: bool
    page: int = 1
    condition: str = ""
    values: tuple[object, ...] = ()

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.page - 1) * PAGE_ROWS

    def of(self, parameter: str) -> list[str]:
        """The values given for a parameter."""
        return [value for name, value in self.given if name == parameter]

    @property
    def all_rows(self) -> Asked:
        """The same from the first row on."""
        return replace(self, page=1)


@dataclass(frozen=True)
class FoundRows:
    """A listing as it was found: its rows of this page, and how many there are in all.

    `is_there`: whether the release holds the table at all. `columns`: those it has in this file.
    """

    asked: Asked
    columns: tuple[TableField, ...]
    rows: list[Row]
    total: int
    is_there: bool = True

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // PAGE_ROWS))


def ask(listing: Listing, parameters: Sequence[tuple[str, str]]) -> Asked:
    """What the parameters of a URL ask. Raises BadParameter; empty values ask nothing."""
    known = {narrow.parameter: narrow for narrow in listing.filters}
    given, controls = [], dict.fromkeys(CONTROLS, "")
    for name, value in parameters:
        if name in controls:
            controls[name] = value
        elif name not in known:
            raise BadParameter(name, value, [*known, *sorted(CONTROLS)])
        elif value != "":
            _bound(listing, known[name], value)
            given.append((name, value))
    sort, descending = listing.sorted_by
    if controls["sort"]:
        sort, descending = controls["sort"], controls["desc"] == "1"
        names = [column.name for column in listing.declared.columns]
        if sort not in names:
            raise BadParameter("sort", sort, names)
    page = controls["page"] or "1"
    if not page.isascii() or not page.isdigit() or not 0 < int(page) < 10**6:
        raise BadParameter("page", page)
    return Asked(listing, tuple(given), sort, descending, int(page))


def look(reader: Reader, asked: Asked, most: int = PAGE_ROWS) -> FoundRows:
    """The rows of the page asked for, no more than `most` of them."""
    listing = asked.listing
    there = reader.columns.get(listing.table, frozenset())
    columns = tuple(column for column in listing.fields if column.name in there)
    if not columns:
        return FoundRows(asked, (), [], 0, is_there=False)
    where, values = filtered(asked)
    total = reader.value(f"SELECT count(*) FROM {listing.table} WHERE {where}", values)
    sql = f"{_select(asked, there)} LIMIT {min(most, PAGE_ROWS)} OFFSET {asked.offset}"
    return FoundRows(asked, columns, reader.rows(sql, values), int(total))


def selected(reader: Reader, asked: Asked) -> tuple[str, list[object]]:
    """The query of all rows asked for and its values; empty where the release has no such table."""
    there = reader.columns.get(asked.listing.table, frozenset())
    _, values = filtered(asked)
    names = ", ".join(f'"{c.name}"' for c in asked.listing.fields if c.name in there)
    if not names:
        return "", []
    return f"SELECT {names} FROM ({_select(asked, there)})", values


def everything(reader: Reader, asked: Asked) -> Iterator[list[Row]]:
    """All rows asked for, some thousand at a time: nothing of a fact is held whole."""
    there = reader.columns.get(asked.listing.table, frozenset())
    return reader.batches(_select(asked, there), filtered(asked)[1]) if there else iter(())


def choices(reader: Reader, listing: Listing, column: str, most: int = 60) -> list[object]:
    """The values that a column has, to choose from; none if there are more than `most`."""
    if column not in reader.columns.get(listing.table, ()):
        return []
    found = reader.kept(
        f'SELECT DISTINCT "{column}" AS v FROM {listing.table} WHERE {listing.where or "true"}'
        f' AND "{column}" IS NOT NULL ORDER BY v LIMIT {most + 1}'
    )
    return [row["v"] for row in found] if len(found) <= most else []


def _select(asked: Asked, there: frozenset[str]) -> str:
    """All columns, so that links and exports find theirs; sorted, and by the grain where equal."""
    listing = asked.listing
    names = ", ".join(f'"{c.name}"' for c in listing.declared.columns if c.name in there)
    order = [asked.sort] if asked.sort in there else []
    ties = [key for key in listing.declared.keys if key != asked.sort and key in there]
    way = "DESC" if asked.descending else "ASC"
    by = ", ".join([*(f'"{n}" {way} NULLS LAST' for n in order), *(f'"{k}"' for k in ties)])
    return f"SELECT {names} FROM {listing.table} WHERE {filtered(asked)[0]} ORDER BY {by}"


def filtered(asked: Asked) -> tuple[str, list[object]]:
    """The condition of a listing as asked, and its values in order."""
    parts, values = [asked.listing.where or "true"], list(asked.values)
    parts += [asked.condition] if asked.condition else []
    for narrow in asked.listing.filters:
        texts = asked.of(narrow.parameter)
        if not texts:
            continue
        bound = [_bound(asked.listing, narrow, text) for text in texts]
        name = f'"{narrow.column}"'
        if _kind(asked.listing, narrow) is Kind.DATETIME:
            name = f"CAST({name} AS DATE)"  # a day is all of it
        if narrow.how is How.IS:
            some = [value for value in bound if value is not None]
            either = [f"{name} IN ({', '.join('?' for _ in some)})"] if some else []
            either += [f"{name} IS NULL"] if len(some) < len(bound) else []
            parts.append(" OR ".join(either))
            bound = some
        else:
            sign = ">=" if narrow.how is How.LEAST else "<="
            parts.extend(f"{name} {sign} ?" for _ in bound)
        values.extend(bound)
    return " AND ".join(f"({part})" for part in parts), values


def _bound(listing: Listing, narrow: Narrow, text: str) -> object:
    """A value as its column has it; None for `—`. Raises BadParameter."""
    if text == NOTHING and narrow.how is How.IS:
        return None
    return typed(narrow.parameter, _kind(listing, narrow), text)


def _kind(listing: Listing, narrow: Narrow) -> Kind:
    return next(c.kind for c in listing.declared.columns if c.name == narrow.column)


def typed(name: str, kind: Kind, text: str) -> object:
    """The text of a URL as a value of a kind. Raises BadParameter."""
    try:
        if kind in _WHOLE:
            return _within(int(text), 2**63)
        if kind in _PARTS:
            return _within(Decimal(text), 10**16)
        if kind in (Kind.DATE, Kind.DATETIME):
            return date.fromisoformat(text)
        if kind is Kind.FLAG:
            return {"true": True, "false": False}[text.lower()]
    except (ValueError, KeyError, InvalidOperation):
        raise BadParameter(name, text) from None
    return text


_Number = TypeVar("_Number", int, Decimal)


def _within(number: _Number, bound: int) -> _Number:
    """The number, if a column can hold it. Raises ValueError."""
    if not -bound < number < bound:  # an InvalidOperation of what is no number at all
        raise ValueError(number)
    return number
