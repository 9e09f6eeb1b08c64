"""How a figure is counted: a table's columns as they are declared, and how to ask for them."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

from pages.listings import TABLES
from pages.web.visit import ThisVisit

router = APIRouter()


@router.get("/definitions/{table}")
def page(visit: ThisVisit, table: str) -> Response:
    """`/definitions/marts.audit_matrix`: grain, every column, unit, what null means, the rules."""
    if table not in TABLES:
        raise HTTPException(404)
    declared = TABLES[table]
    return visit.page(
        "definitions.html",
        table=declared,
        there=visit.reader.columns.get(table, frozenset()),
    )
