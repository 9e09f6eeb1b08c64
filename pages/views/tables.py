"""Any listing by itself: with its filters, sorted, a page at a time, and as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pages.exports import MOST_ROWS, SheetTooLong, TableSheet, csv_parts, workbook
from pages.listings import Asked, How, Listing, ask, choices, everything, look
from pages.listings.asking import PAGE_ROWS
from pages.listings.declared import listing
from pages.web.board import Board, in_language, listed
from pages.web.visit import StreamingVisit, ThisVisit, Visit, url
from pages.words.columns import code, heading
from pipelines.tables.declaration import TableField

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/tables")
def index(visit: ThisVisit) -> Response:
    """All that can be looked at."""
    return visit.page("tables.html", listings=[listing(name) for name in visit.names()])


@router.get("/tables/{name}")
def page(visit: ThisVisit, name: str) -> Response:
    """One listing, narrowed by the URL."""
    known = visit.listing(name)
    asked = ask(known, visit.parameters)
    shown = look(visit.reader, asked)
    sorts = {
        column.name: visit.link(
            sort=column.name,
            desc="1" if asked.sort == column.name and not asked.descending else None,
        )
        for column in shown.columns
    }
    board = listed(visit.say, shown, sorts=sorts, export=visit.link(f"/export/{name}"))
    return visit.page(
        "table.html",
        listing=known,
        caption=caption(visit, known),
        board=board,
        asked=asked,
        shown=shown,
        filters=told(visit, labels(visit, known)),
        controls=_controls(visit, known),
    )


@router.get("/export/{name}.{ending}")
def export(visit: StreamingVisit, name: str, ending: str) -> Response:
    """All rows of a listing as the URL narrows it, as a workbook or CSV."""
    known = visit.listing(name)
    if ending not in ("xlsx", "csv"):
        raise HTTPException(404)
    filters = [(label, text) for label, text, _ in told(visit, labels(visit, known))]
    asked = ask(known, visit.parameters).all_rows
    return hand_out(visit, asked, ending, known.id, caption(visit, known), filters)


def hand_out(
    visit: Visit,
    asked: Asked,
    ending: str,
    stem: str,
    title: str,
    filters: Sequence[tuple[str, str]],
) -> Response:
    """All rows asked for as a file; `stem` begins its name, `filters` are told on its first sheet.

    Raises SheetTooLong.
    """
    known = asked.listing
    shown = look(visit.reader, asked)
    columns = _exported(visit, known, shown.columns)
    batches = everything(visit.reader, asked)
    file = file_name(visit, stem, ending)
    if ending == "csv":
        return visit.stream(csv_parts(visit.say, columns, batches), file, "text/csv; charset=utf-8")
    if shown.total > MOST_ROWS:
        raise SheetTooLong(known.id)
    filters = [*filters, *visit.limits]
    sheet = TableSheet(title, columns, batches)
    return visit.file(
        workbook(visit.say, visit.reader.release, title, filters, [sheet]), file, XLSX
    )


def caption(visit: Visit, known: Listing) -> str:
    """What a listing is called: in the catalogue, or as its table is declared."""
    own = visit.say.get(f"listings.{known.id}.title")
    return own or visit.say.either(known.declared.zh, known.declared.en)


def file_name(visit: Visit, stem: str, ending: str) -> str:
    """Of our own words only: the listing's id and the release's."""
    return f"juandi_{stem}_{visit.reader.release.release_id}.{ending}"


def plain(text: str) -> str:
    """What of a text may be in a file's name."""
    return "".join(sign for sign in text if sign.isascii() and (sign.isalnum() or sign in "-_"))


def labels(visit: Visit, known: Listing) -> dict[str, str]:
    """Parameter → what the filter is called."""
    declared = {column.name: column for column in known.declared.columns}
    signs = {How.IS: "", How.LEAST: " ≥", How.MOST: " ≤"}
    return {
        narrow.parameter: heading(visit.say, declared[narrow.column]) + signs[narrow.how]
        for narrow in known.filters
    }


def told(visit: Visit, known: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """What narrows the page: (filter, its value in words, the URL without it)."""
    return [
        (
            visit.say.get(f"filters.{name}") or known[name],
            code(visit.say, name, value),
            visit.without(name, value),
        )
        for name, value in visit.parameters
        if value and name in known and name not in ("sort", "desc", "page", "view", "chain")
    ]


def _exported(
    visit: Visit, known: Listing, columns: tuple[TableField, ...]
) -> tuple[TableField, ...]:
    """The columns shown, and before them the grain's that are not: rows stay told apart."""
    declared = {column.name: column for column in known.declared.columns}
    there = visit.reader.columns[known.table] if visit.reader.has(known.table) else frozenset()
    shown = {column.name for column in columns}
    keys = [declared[k] for k in known.declared.keys if k not in shown and k in there]
    return (*keys, *in_language(visit.say, columns))


def _controls(visit: Visit, known: Listing) -> list[dict[str, object]]:
    """A control per filter: what it is called, its values, or none where it is typed in."""
    given = dict(visit.parameters)
    named = labels(visit, known)
    return [
        {
            "name": narrow.parameter,
            "column": narrow.column,
            "label": named[narrow.parameter],
            "value": given.get(narrow.parameter, ""),
            "choices": choices(visit.reader, known, narrow.column)
            if narrow.how is How.IS and known.narrows
            else [],
        }
        for narrow in known.filters
        if known.narrows or narrow.parameter in given or narrow.column in known.declared.keys
    ]


def section(
    visit: Visit, name: str, parameters: Sequence[tuple[str, str]] = (), most: int = PAGE_ROWS
) -> Board:
    """A listing as a part of another page, with links to itself and to its files."""
    known = listing(name)
    return listed(
        visit.say,
        look(visit.reader, ask(known, parameters), most),
        export=url(f"/export/{name}", parameters),
        more=url(f"/tables/{name}", parameters),
        caption=caption(visit, known),
    )
