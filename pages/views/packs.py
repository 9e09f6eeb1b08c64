"""The evidence pack of a campaign as one file."""

from __future__ import annotations

import io
import zipfile

from fastapi import APIRouter
from fastapi.responses import Response

from pages.listings import BadParameter
from pages.pack import NoChain, pack
from pages.views.tables import file_name, plain
from pages.web.visit import ThisVisit

router = APIRouter()
#: The day that every file of an archive bears: the same release gives the same bytes.
_NO_DAY = (1980, 1, 1, 0, 0, 0)


@router.get("/export/pack.zip")
def export(visit: ThisVisit) -> Response:
    """`?campaign=`: all that `juandi audit export` writes."""
    campaign = visit.request.query_params.get("campaign", "")
    try:
        found = pack(visit.reader, visit.say, campaign, visit.limits)
    except NoChain:
        raise BadParameter("campaign", campaign) from None
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(found.items()):
            archive.writestr(zipfile.ZipInfo(name, _NO_DAY), content, zipfile.ZIP_DEFLATED)
    return visit.file(
        out.getvalue(), file_name(visit, f"evidence_{plain(campaign)}", "zip"), "application/zip"
    )
