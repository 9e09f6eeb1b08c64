"""How a figure is counted: the rows that the mart counts, or the arithmetic, or why neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pages.data import Row
from pages.listings import TABLES, Asked, BadParameter, Listing, ask, look, typed
from pages.listings.asking import CONTROLS
from pages.listings.declared import LISTINGS, listing
from pages.listings.summed import SUMMED
from pages.queries.redone import FigurePart, Redone, redone
from pages.views.tables import hand_out
from pages.web.board import listed
from pages.web.guard import NotForRole
from pages.web.paths import rows_path
from pages.web.visit import StreamingVisit, ThisVisit, Visit
from pages.words.columns import heading, written
from pipelines.tables.behind import RowsBehind, behind_of, rows_behind
from pipelines.tables.declaration import Table, TableField
from pipelines.tables.figures import field_of, needed_of
from pipelines.tables.worked import formula_of

router = APIRouter()


@dataclass(frozen=True)
class _Figure:
    """A figure that a URL names, what else the URL asks, and the mart's row, if it has one."""

    table: Table
    column: TableField
    given: Row
    controls: list[tuple[str, str]]
    row: Row | None

    @property
    def value(self) -> object:
        """The mart's own figure; None of a part, which the mart does not have."""
        return (self.row or {}).get(self.column.name)


@router.get("/rows/{table}/{column}")
def page(visit: ThisVisit, table: str, column: str) -> Response:
    """`/rows/marts.campaign_summary/net_cny?campaign_id=…`: what the rows need, all of it."""
    figure = _figure(visit, table, column)
    behind = behind_of(figure.table, column)
    if behind is None:
        return _without_rows(visit, figure)
    counted, asked = _behind(figure, column)
    has_rows = visit.reader.has(behind.table)
    comes_to = _counted(visit, counted) if has_rows else None
    shown = look(visit.reader, asked)
    sorts = {
        c.name: visit.link(
            sort=c.name, desc="1" if asked.sort == c.name and not asked.descending else None
        )
        for c in shown.columns
    }
    return visit.page(
        "rows.html",
        table=figure.table,
        column=figure.column,
        given=_given(visit, figure),
        value=figure.value,
        is_published=figure.table.id in TABLES and column in figure.table.fields.split(),
        counted=comes_to,
        verdict=_verdict(visit, figure.value, comes_to, counted.tables) if has_rows else None,
        aggregate=counted.aggregate,
        where=counted.told,
        board=listed(visit.say, shown, sorts=sorts, export=visit.link(f"/export{_path(visit)}")),
        shown=shown,
        asked=asked,
    )


def _without_rows(visit: Visit, figure: _Figure) -> Response:
    """The page of a figure that is worked out of others, or of one that says why it has no rows."""
    formula = formula_of(figure.table, figure.column.name)
    again = None
    if formula is not None and figure.row is not None:
        again = redone(visit.reader, figure.table, figure.column, formula, figure.row)
    return visit.page(
        "worked.html",
        table=figure.table,
        column=figure.column,
        given=_given(visit, figure),
        value=figure.value,
        again=again,
        verdict=_verdict(visit, figure.value, again.value, again.read)
        if again and again.value is not None
        else None,
        paths=_paths(visit, figure, again),
        labels={part.field.name: heading(visit.say, part.field) for part in again.parts}
        if again
        else {},
        values={part.field.name: _told(visit, part) for part in again.parts} if again else {},
    )


def _verdict(visit: Visit, value: object, found: object, read: Iterable[str]) -> str | None:
    """Of the mart's figure and what its rows come to; None where the mart has none.

    A mart counts all rows. Who may not see all of them is not told that a right figure is wrong.
    """
    if value is None:
        return None
    if value == found:
        return "agrees"
    return "part" if visit.reader.scope.narrows(read) else "differs"


def _told(visit: Visit, part: FigurePart) -> str:
    """A part's value in full, as it stands in a sum that a reader can redo."""
    if isinstance(part.value, Decimal | int) and not isinstance(part.value, bool):
        return f"{part.value:,}"
    return written(visit.say, part.field, part.value)


def _paths(visit: Visit, figure: _Figure, again: Redone | None) -> dict[str, str]:
    """Where the parts of a figure lead: each to its own rows."""
    row = {**figure.given, **(figure.row or {})}
    found = {}
    for part in again.parts if again else ():
        path = rows_path(figure.table.id, part.field.name, row) if part.is_figure else None
        if path and visit.may_follow(path):
            found[part.field.name] = path
    return found


@router.get("/export/rows/{table}/{column}.{ending}")
def export(visit: StreamingVisit, table: str, column: str, ending: str) -> Response:
    """All of these rows as a workbook or CSV."""
    if ending not in ("xlsx", "csv"):
        raise HTTPException(404)
    figure = _figure(visit, table, column)
    if behind_of(figure.table, column) is None:
        raise HTTPException(404)
    return hand_out(
        visit,
        _behind(figure, column)[1].all_rows,
        ending,
        f"{figure.table.name}_{column}",
        f"{figure.table.id}.{column}",
        _given(visit, figure),
    )


def _path(visit: Visit) -> str:
    return visit.request.url.path


def _figure(visit: Visit, table: str, column: str) -> _Figure:
    """Raises HTTPException for what is no figure, BadParameter for other values."""
    declared = SUMMED.get(table) or TABLES.get(table)
    names = needed_of(declared, column) if declared is not None else None
    field = field_of(declared, column) if declared is not None else None
    if declared is None or names is None or field is None:
        raise HTTPException(404)
    behind, scope = behind_of(declared, column), visit.reader.scope
    if not (table in SUMMED or scope.sees(table)) or not (
        behind is None or scope.sees(behind.table)
    ):
        raise NotForRole
    fields = {c.name: c for c in declared.columns}
    given: Row = {}
    controls = []
    for name, value in visit.parameters:
        if name in CONTROLS and behind is not None:
            controls.append((name, value))
        elif name not in names or name in given:
            raise BadParameter(name, value, [*names, *sorted(CONTROLS)])
        else:
            given[name] = typed(name, fields[name].kind, value) if value else None
    for name in names:
        if name not in given:
            raise BadParameter(name, "", names)
    return _Figure(declared, field, given, controls, _row(visit, declared, given))


def _behind(figure: _Figure, column: str) -> tuple[RowsBehind, Asked]:
    """The rows of a figure that has some, and those rows as a listing. Raises BadParameter."""
    found = rows_behind(figure.table.behind_columns[column], column, figure.given)
    asked = ask(_listing(found.table), figure.controls)
    return found, replace(asked, condition=found.where, values=found.values)


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


def _row(visit: Visit, table: Table, given: Row) -> Row | None:
    """The mart's row that the figure is in; None where it has none."""
    if not visit.reader.has(table.id):
        return None
    where = " AND ".join(f'"{name}" IS NOT DISTINCT FROM ?' for name in given) or "true"
    return visit.reader.row(f"SELECT * FROM {table.id} WHERE {where} LIMIT 1", list(given.values()))


def _counted(visit: Visit, one: RowsBehind) -> object:
    return visit.reader.value(
        f"SELECT {one.aggregate} FROM {one.table} WHERE {one.where}", list(one.values)
    )
