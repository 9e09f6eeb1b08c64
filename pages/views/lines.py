"""A line of a received file: its text, masked, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pages.data import ArchiveReader
from pages.listings import TABLES, BadParameter
from pages.web.board import Board, columns_of
from pages.web.paths import line_path, segment
from pages.web.visit import ThisVisit, Visit
from pipelines.tracing.decided import Restated
from pipelines.tracing.lines import Place, TracedLine
from pipelines.tracing.release import MadeRow

router = APIRouter()
_FILE = columns_of(
    "ops.load_audit",
    "source file_name partition status reason rows_read rows_loaded rows_quarantined"
    " rows_duplicate rows_superseded received_at sha256 source_file_id",
)
#: The greatest number that a line can have.
_MOST = 10**15


@router.get("/lines/{file_id}/{line}")
def page(visit: ThisVisit, file_id: str, line: str) -> Response:
    """`?sheet=`: of a workbook or an archive of several files, which of them."""
    found = found_lines(visit, file_id, line)
    answer = visit.page(
        "line.html",
        lines=[
            {
                "told": one,
                "made": _made(one),
                "other": _path(one.other),
                "restated": [
                    (change, _path(_where(change)), _printed(one, change.changed))
                    for change in one.restated
                ],
                "corrected": (one.correction or {}).get("corrected_columns", "").split(";"),
            }
            for one in found
        ],
        account=found[0].account,
        file_columns=_FILE,
        line=int(line),
    )
    return unkept(answer)


def found_lines(visit: Visit, file_id: str, line: str) -> list[TracedLine]:
    """Raises HTTPException for a file that the release does not know, or no line number."""
    for name, value in visit.parameters:
        if name != "sheet":
            raise BadParameter(name, value, ["sheet"])
    if not (line.isascii() and line.isdigit() and 0 < int(line) < _MOST):
        raise HTTPException(404)
    archive: ArchiveReader = visit.request.app.state.archive
    sheet = visit.request.query_params.get("sheet") or None
    found = archive.lines(visit.reader, file_id, int(line), sheet)
    if not found:
        raise HTTPException(404)
    return found


def unkept(answer: Response) -> Response:
    """The archive may change while the release does not: no browser keeps the answer."""
    answer.headers["Cache-Control"] = "no-store"
    del answer.headers["ETag"]
    return answer


def _path(place: Place | None) -> str | None:
    if place is None:
        return None
    if place.line is None:
        return f"/tables/files?source_file_id={segment(place.file_id)}"
    return line_path(
        {
            "source_file_id": place.file_id,
            "source_sheet": place.sheet,
            "source_row": place.line,
        }
    )


def _printed(line: TracedLine, names: Sequence[str]) -> list[str]:
    """Columns as the file prints them; one that it does not print by its name."""
    values = line.archived.values if line.archived else ()
    printed = {value.column: value.heading for value in values}
    return [printed.get(name) or name for name in names]


def _where(change: Restated) -> Place | None:
    """The line of the record in the other file."""
    if change.other_line is None:
        return None
    return Place(change.other_file, "", change.other_sheet, change.other_line)


def _made(line: TracedLine) -> list[Board]:
    """A table for each published table that has rows of the line."""
    rows: dict[str, list[MadeRow]] = {}
    for one in line.made:
        rows.setdefault(one.table, []).append(one)
    return [
        Board(
            "made_rows", table,
            [c for c in TABLES[table].columns if c.name in some[0].row],
            [one.row for one in some],
            {"project_no": "/projects/{project_no}"},
        )
        for table, some in rows.items()
    ]  # fmt: skip # one call
