"""Review completeness: the levels of a chain, and the matrix of its subjects."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pages.data import Row
from pages.exports import csv_parts, workbook
from pages.exports.reviews import LEVEL_COLUMNS, matrix_sheets, matrix_table
from pages.listings import BadParameter
from pages.queries import completeness
from pages.queries import wanted as asking
from pages.queries.completeness import AFTER, PAGE_SUBJECTS
from pages.queries.wanted import Wanted
from pages.views.tables import XLSX, file_name, plain, told
from pages.web.visit import ThisVisit, Visit

router = APIRouter()
#: Which subjects of its level a figure of the upper table counts.
_BEHIND = {
    "subjects_eligible": "eligible",
    "subjects_reviewed": "reviewed",
    "subjects_passed": "passed",
}


@router.get("/reviews")
def page(visit: ThisVisit) -> Response:
    """Every filter is a parameter; `view=map` shows all subjects small, without a table."""
    chains = completeness.chains(visit.reader)
    if not chains:
        return visit.page("reviews_empty.html")
    chain, levels, wanted = _asked(visit, chains)
    view = visit.request.query_params.get("view") or "table"
    if view not in ("table", "map"):
        raise BadParameter("view", view, ["table", "map"])
    limit = PAGE_SUBJECTS if view == "table" else 5 * PAGE_SUBJECTS
    subjects = completeness.subjects(visit.reader, wanted, limit)
    total = subjects[0]["total"] if subjects else 0
    choices = completeness.choices(visit.reader, chain["chain_id"])
    return visit.page(
        "reviews.html",
        chains=chains,
        chain=chain,
        levels=levels,
        level_columns=LEVEL_COLUMNS,
        behind=_BEHIND,
        before=completeness.told_before(chain, choices, subjects),
        after=AFTER,
        subjects=subjects,
        total=total,
        number=wanted.page,
        pages=max(1, -(-total // limit)),
        view=view,
        sort=wanted.sort,
        descending=wanted.descending,
        choices=choices,
        statuses=asking.STATUSES,
        given=dict(visit.parameters),
        filters=told(visit, {name: name for name in asking.PARAMETERS}),
    )


@router.get("/export/matrix.{ending}")
def export(visit: ThisVisit, ending: str) -> Response:
    """The matrix with the page's filters, all subjects of it."""
    chains = completeness.chains(visit.reader)
    if not chains or ending not in ("xlsx", "csv"):
        raise BadParameter("file", ending, ["xlsx", "csv"])
    chain, levels, wanted = _asked(visit, chains)
    subjects = completeness.subjects(visit.reader, wanted, None)
    name = file_name(visit, f"matrix_{plain(chain['chain_id'])}", ending)
    if ending == "csv":
        columns, rows = matrix_table(visit.say, levels, subjects)
        return visit.stream(csv_parts(visit.say, columns, [rows]), name, "text/csv; charset=utf-8")
    title = f"{visit.say('reviews.title')} {chain['chain_name']}"
    sheets = matrix_sheets(visit.say, levels, subjects)
    filters = told(visit, {name: name for name in asking.PARAMETERS})
    narrowed = [(name, text) for name, text, _ in filters] + visit.limits
    book = workbook(visit.say, visit.reader.release, title, narrowed, sheets)
    return visit.file(book, name, XLSX)


def _asked(visit: Visit, chains: list[Row]) -> tuple[Row, list[Row], Wanted]:
    """The chain asked for, its levels, and which of its subjects. Raises BadParameter."""
    asked = visit.request.query_params.get("chain") or chains[0]["chain_id"]
    chain = next((row for row in chains if row["chain_id"] == asked), None)
    if chain is None:
        raise BadParameter("chain", asked, [row["chain_id"] for row in chains])
    levels = completeness.levels(visit.reader, asked)
    return chain, levels, asking.wanted(asked, len(levels), visit.parameters)
