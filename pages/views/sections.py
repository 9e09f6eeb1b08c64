"""Pages that are plain marts one below the other: which, and in what order.

A mart that is new gets its listing in `pages.listings.declared` and its name here.
"""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from pages.listings import BadParameter
from pages.views.tables import section
from pages.web.visit import ThisVisit, Visit

router = APIRouter()

SECTIONS = {
    "giving": ("years", "sizes", "matching", "circles", "retention", "regions"),
    "organizations": ("growth", "organizations"),
    "health": ("sources", "gates", "files", "refused_rows", "restated", "settlement",
               "unlike_files"),
}  # fmt: skip # a table


@router.get("/giving")
def giving(visit: ThisVisit) -> Response:
    """Gifts by year, size, channel, region; who matches and who returns."""
    return _page(visit, "giving")


@router.get("/organizations")
def organizations(visit: ThisVisit) -> Response:
    """Organisations, how they grow and what they owe."""
    return _page(visit, "organizations")


@router.get("/health")
def health(visit: ThisVisit) -> Response:
    """The warehouse itself: sources, files, refused rows, gates."""
    return _page(visit, "health")


def _page(visit: Visit, name: str) -> Response:
    for given, value in visit.parameters:
        raise BadParameter(given, value)
    boards = [section(visit, listing) for listing in SECTIONS[name]]
    return visit.page("sections.html", name=name, boards=boards)
