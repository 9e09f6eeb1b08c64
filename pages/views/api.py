"""The same listings for programs: `/api/v1`, as JSON, CSV or Parquet.

Names, filters and order are those of the pages, values are those of the tables: money and shares
are exact text in JSON, days and instants ISO 8601. `openapi.json` describes it.
"""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse, Response

from pages.data import Row
from pages.exports import csv_parts
from pages.listings import BadParameter, Listing, ask, everything, look
from pages.listings.asking import PAGE_ROWS, selected
from pages.listings.declared import listing
from pages.views.lines import found_lines, unkept
from pages.views.tables import file_name
from pages.web.visit import StreamingVisit, ThisVisit, Visit, url

router = APIRouter(prefix="/api/v1", tags=["v1"])
_PARQUET = "application/vnd.apache.parquet"
_ENDINGS = {"text/csv": "csv", _PARQUET: "parquet", "application/json": "json"}


@router.get("/tables", summary="Every listing and published table")
def tables(visit: ThisVisit) -> Response:
    """Name, table, what it holds, its columns and what it can be filtered by."""
    return _json(visit, {"tables": [_described(listing(name)) for name in visit.names()]})


@router.get("/tables/{name}", summary="Rows of a listing, filtered, sorted, a page at a time")
def rows(
    visit: StreamingVisit,
    name: str,
    sort: Annotated[str, Query(description="Column to sort by")] = "",
    desc: Annotated[Literal["", "1"], Query(description="1: descending")] = "",
    page: Annotated[int, Query(ge=1, description=f"Page of {PAGE_ROWS} rows; JSON only")] = 1,
) -> Response:
    """Any filter of `/tables` may be given besides. Ends in `.csv` or `.parquet`, or asks for
    `text/csv` or `application/vnd.apache.parquet` by `Accept`: all rows as a file.
    """
    stem, _, ending = name.rpartition(".")
    if ending not in ("json", "csv", "parquet"):
        stem, ending = name, _ENDINGS.get(visit.request.headers.get("accept", ""), "json")
    known = visit.listing(stem)
    asked = ask(known, visit.parameters)
    if ending == "json":
        found = look(visit.reader, asked)
        more = asked.page < found.pages
        following = [(n, v) for n, v in visit.parameters if n != "page"]
        return _json(visit, {
            "table": known.table,
            "total": found.total,
            "page": asked.page,
            "pages": found.pages,
            "next": url(visit.request.url.path, [*following, ("page", page + 1)]) if more else None,
            "rows": [{c.name: _plain(row[c.name]) for c in found.columns} for row in found.rows],
        })  # fmt: skip # one object
    if ending == "parquet":
        content = _parquet(visit, asked.listing, *selected(visit.reader, asked))
        return visit.file(content, file_name(visit, known.id, ending), _PARQUET)
    columns = look(visit.reader, asked).columns
    parts = csv_parts(visit.say, columns, everything(visit.reader, asked), codes=False)
    return visit.stream(parts, file_name(visit, known.id, ending), "text/csv; charset=utf-8")


@router.get("/openapi.json", include_in_schema=False)
def described(request: Request) -> Response:
    """What this is, for programs."""
    return JSONResponse(request.app.openapi())


@router.get("/lines/{file_id}/{line}", summary="A line of a received file and what became of it")
def line(
    visit: ThisVisit,
    file_id: str,
    line: str,
    sheet: Annotated[str, Query(description="Sheet, or member of an archive")] = "",
) -> Response:
    """Its archived text without anything personal, the rows made of it, and why it does not count
    where it does not.
    """
    from pipelines.tracing.told import as_data

    found = [as_data(one) for one in found_lines(visit, file_id, line)]
    return unkept(_json(visit, {"lines": _plain(found)}))


def _described(known: Listing) -> Row:
    return {
        "name": known.id,
        "table": known.table,
        "zh": known.declared.zh,
        "en": known.declared.en,
        "columns": [
            {
                "name": column.name,
                "kind": column.kind.value,
                "unit": column.unit.en if column.unit else None,
                "zh": column.words.zh,
                "en": column.words.en,
            }
            for column in known.fields
        ],
        "filters": [narrow.parameter for narrow in known.filters],
    }


def _parquet(visit: Visit, known: Listing, sql: str, values: list[object]) -> bytes:
    """All rows with the table's own types, read a batch at a time."""
    import pyarrow.parquet as parquet

    if not sql:
        raise BadParameter("table", known.table)
    out = io.BytesIO()
    reader = visit.reader.arrow(sql, values)
    with parquet.ParquetWriter(out, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)
    return out.getvalue()


def _json(visit: Visit, found: dict[str, Any]) -> Response:
    release = visit.reader.release
    about: dict[str, Any] = {"release": release.release_id, "as_of": release.as_of.isoformat()}
    if visit.is_limited:
        about["campaigns_seen"] = visit.campaigns
    return JSONResponse(about | found, headers=visit.headers)


def _plain(value: object) -> object:
    """A value for JSON: exact, and the same in every language."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value
