"""The rows behind a figure: those that the mart counts, as its declaration says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pages.data import Row
from pages.listings import TABLES, Asked, BadParameter, Listing, ask, look, typed
from pages.listings.asking import CONTROLS
from pages.listings.declared import LISTINGS, listing
from pages.views.tables import hand_out
from pages.web.board import listed
from pages.web.guard import NotForRole
from pages.web.visit import StreamingVisit, ThisVisit, Visit
from pages.words.columns import heading, written
from pipelines.tables.behind import RowsBehind, behind_of, rows_behind
from pipelines.tables.declaration import Table, TableField

router = APIRouter()


@dataclass(frozen=True)
class _Figure:
    """A figure of a mart that a URL names, what says which rows, and those rows as a listing."""

    table: Table
    column: TableField
    given: Row
    behind: RowsBehind
    asked: Asked


@router.get("/rows/{table}/{column}")
def page(visit: ThisVisit, table: str, column: str) -> Response:
    """`/rows/marts.campaign_summary/net_cny?campaign_id=…`: what the rows need, all of it."""
    figure = _figure(visit, table, column)
    shown = look(visit.reader, figure.asked)
    sorts = {
        c.name: visit.link(
            sort=c.name,
            desc="1" if figure.asked.sort == c.name and not figure.asked.descending else None,
        )
        for c in shown.columns
    }
    there = visit.reader.has(figure.behind.table)
    counted = _counted(visit, figure) if there else None
    return visit.page(
        "rows.html",
        table=figure.table,
        column=figure.column,
        given=_given(visit, figure),
        value=_value(visit, figure),
        counted=counted,
        aggregate=figure.behind.aggregate,
        where=figure.behind.told,
        board=listed(visit.say, shown, sorts=sorts, export=visit.link(f"/export{_path(visit)}")),
        shown=shown,
        asked=figure.asked,
    )


@router.get("/export/rows/{table}/{column}.{ending}")
def export(visit: StreamingVisit, table: str, column: str, ending: str) -> Response:
    """All of these rows as a workbook or CSV."""
    if ending not in ("xlsx", "csv"):
        raise HTTPException(404)
    figure = _figure(visit, table, column)
    return hand_out(
        visit,
        figure.asked.all_rows,
        ending,
        f"{figure.table.name}_{column}",
        f"{figure.table.id}.{column}",
        [(label, text) for label, text in _given(visit, figure)],
    )


def _path(visit: Visit) -> str:
    return visit.request.url.path


def _figure(visit: Visit, table: str, column: str) -> _Figure:
    """Raises HTTPException for a figure without declared rows, BadParameter for other values."""
    declared = TABLES.get(table)
    behind = behind_of(declared, column) if declared is not None else None
    if declared is None or behind is None:
        raise HTTPException(404)
    if not (visit.reader.scope.sees(declared.id) and visit.reader.scope.sees(behind.table)):
        raise NotForRole
    fields = {c.name: c for c in declared.columns}
    names = behind.needed
    given: Row = {}
    controls = []
    for name, value in visit.parameters:
        if name in CONTROLS:
            controls.append((name, value))
        elif name not in names or name in given:
            raise BadParameter(name, value, [*names, *sorted(CONTROLS)])
        else:
            given[name] = typed(name, fields[name].kind, value) if value else None
    for name in names:
        if name not in given:
            raise BadParameter(name, "", names)
    found = rows_behind(behind, column, given)
    asked = replace(
        ask(_listing(found.table), controls), condition=found.where, values=found.values
    )
    return _Figure(declared, fields[column], given, found, asked)


def _listing(table: str) -> Listing:
    """The first listing of a table that always shows all of it, else the table itself."""
    own = (one for one in LISTINGS.values() if one.table == table and not one.where)
    return next(own, None) or listing(TABLES[table].name)


def _given(visit: Visit, figure: _Figure) -> list[tuple[str, str]]:
    fields = {c.name: c for c in figure.table.columns}
    return [
        (heading(visit.say, fields[name]), written(visit.say, fields[name], value))
        for name, value in figure.given.items()
    ]


def _value(visit: Visit, figure: _Figure) -> object:
    """The mart's own figure; None where it has no such row."""
    if not visit.reader.has(figure.table.id):
        return None
    where = " AND ".join(f'"{name}" IS NOT DISTINCT FROM ?' for name in figure.given) or "true"
    return visit.reader.value(
        f'SELECT "{figure.column.name}" FROM {figure.table.id} WHERE {where} LIMIT 1',
        list(figure.given.values()),
    )


def _counted(visit: Visit, figure: _Figure) -> object:
    one = figure.behind
    return visit.reader.value(
        f"SELECT {one.aggregate} FROM {one.table} WHERE {one.where}", list(one.values)
    )
