"""Gaps by body: who owes what since when, and a workbook with a sheet for each."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pages.exports import workbook
from pages.exports.reviews import BODY_COLUMNS, gap_sheets
from pages.listings import ask
from pages.listings.declared import listing
from pages.queries import bodies as queries
from pages.views.tables import XLSX, file_name, labels, section, told
from pages.web.board import Board
from pages.web.visit import ThisVisit, Visit

router = APIRouter()


@router.get("/gaps")
def page(visit: ThisVisit) -> Response:
    """Filters are those of the listing `gaps`; `?responsible_uscc=` is one body alone."""
    known = listing("gaps")
    asked = ask(known, visit.parameters)
    owing = queries.bodies(visit.reader, asked)
    gaps = section(visit, "gaps", visit.parameters)
    chains = visit.reader.kept("SELECT DISTINCT chain_id FROM marts.audit_completeness ORDER BY 1")
    return visit.page(
        "gaps.html",
        bodies=Board(
            "bodies", "marts.audit_gaps", BODY_COLUMNS, owing, _leads(visit),
        ),
        gaps=gaps,
        filters=told(visit, labels(visit, known)),
        given=dict(visit.parameters),
        chains=[row["chain_id"] for row in chains],
        types=_distinct(visit, "gap_type"),
        owing=[(row["value"], row["text"]) for row in visit.reader.kept(
            "SELECT responsible_uscc AS value,"
            " any_value(coalesce(responsible_name, responsible_uscc)) AS text"
            " FROM marts.audit_gaps WHERE responsible_uscc IS NOT NULL GROUP BY 1 ORDER BY 2")],
        book=visit.link("/export/bodies.xlsx"),
    )  # fmt: skip # short calls


def _leads(visit: Visit) -> dict[str, str]:
    """Where a body's figures lead: to its gaps, of those that are asked for."""
    asked = visit.link("/gaps", responsible_uscc=None, severity=None)
    own = asked.replace("{", "{{").replace("}", "}}")
    own += f"{'&' if '?' in own else '?'}responsible_uscc={{body}}"
    blocking, warnings = (f"{own}&severity={one}#t-gaps" for one in ("blocking", "warning"))
    all_of_it = f"{own}#t-gaps"
    return {
        "responsible_name": own,
        "blocking_gaps": blocking,
        "warnings": warnings,
        **dict.fromkeys(("gaps", "subjects", "days_open"), all_of_it),
    }


@router.get("/export/bodies.xlsx")
def export(visit: ThisVisit) -> Response:
    """Every gap asked for, a sheet per body that owes."""
    known = listing("gaps")
    asked = ask(known, visit.parameters)
    filters = [(label, text) for label, text, _ in told(visit, labels(visit, known))]
    filters += visit.limits
    book = workbook(
        visit.say,
        visit.reader.release,
        visit.say("gaps.title"),
        filters,
        gap_sheets(visit.reader, visit.say, asked),
    )
    return visit.file(book, file_name(visit, "gaps_by_body", "xlsx"), XLSX)


def _distinct(visit: Visit, column: str) -> list[str]:
    rows = visit.reader.kept(f"SELECT DISTINCT {column} AS v FROM marts.audit_gaps ORDER BY v")
    return [row["v"] for row in rows]
