"""What a machine asks to know how the pages are: without a login, and nothing of a release is told.

`/healthz`: the process answers; one that does not is to be started again. `/readyz`: a release can
be read; where none can, starting again helps nothing.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from pages.data import Busy, NoRelease, Releases
from pipelines.publishing.beside.parts import PartsLost
from pipelines.publishing.releases import OtherSchema

router = APIRouter(include_in_schema=False)
_UNKEPT = {"Cache-Control": "no-store"}
_WHY: dict[type[Exception], str] = {
    NoRelease: "no_release",
    OtherSchema: "other_schema",
    PartsLost: "parts_lost",
    Busy: "busy",
}


@router.get("/healthz")
async def healthz() -> JSONResponse:
    """200: it answers, however busy the release's connections are."""
    return JSONResponse({"status": "ok"}, headers=_UNKEPT)


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """200 where pages can be read, else 503 with why in one word."""
    releases: Releases = request.app.state.releases
    try:
        with releases.reader() as reader:
            reader.value("SELECT 1")
    except tuple(_WHY) as error:
        return JSONResponse({"status": _WHY[type(error)]}, 503, _UNKEPT)
    return JSONResponse({"status": "ok"}, headers=_UNKEPT)
