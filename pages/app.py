"""The application: pages over the published release of one warehouse.

    uvicorn.run(create_app(load_settings()))

It reads; nothing that it answers changes the warehouse.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast
from urllib.parse import urlsplit

import duckdb
from fastapi import FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from pages.data import ArchiveReader, Busy, Limits, NoRelease, Releases, TooSlow
from pages.exports import SheetTooLong
from pages.listings import BadParameter
from pages.views import ROUTERS
from pages.web.assets import assets
from pages.web.headers import SecurityHeaders
from pages.web.rendering import render
from pages.web.visit import LANGUAGE_COOKIE, NotModified, language_of
from pages.words import LANGUAGES, catalogue
from pipelines.settings import Settings

#: By what names the pages may be asked for where they are bound to this machine alone.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_API = "/api/"
_YEAR = 365 * 24 * 3600
#: Foreseen troubles: status, and their words.
_TROUBLES: dict[type[Exception], tuple[int, str]] = {
    NoRelease: (503, "no_release"),
    Busy: (503, "busy"),
    TooSlow: (504, "too_slow"),
    BadParameter: (400, "bad_parameter"),
    SheetTooLong: (413, "sheet_too_long"),
    # a release that older code made lacks a table or a column that a page asks for
    duckdb.CatalogException: (503, "older_release"),
    duckdb.BinderException: (503, "older_release"),
}


def create_app(
    settings: Settings, limits: Limits | None = None, hosts: Sequence[str] = LOOPBACK
) -> FastAPI:
    """The pages of a warehouse; it may be empty still. `hosts` are the names it answers to."""
    releases = Releases(settings, limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        releases.close()

    app = FastAPI(
        title="Juandi",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/v1/openapi.json",
        lifespan=lifespan,
    )
    app.state.releases = releases
    app.state.archive = ArchiveReader(settings, (limits or Limits()).seconds)
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=4)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(SecurityHeaders)
    for router in ROUTERS:
        app.include_router(router, include_in_schema=router.prefix.startswith(_API))
    app.get("/static/{name}", include_in_schema=False)(_static)
    app.get("/language/{language}", include_in_schema=False)(_language)
    for kind in _TROUBLES:
        app.add_exception_handler(kind, _trouble)
    app.add_exception_handler(AnyHTTPException, _not_found)
    app.add_exception_handler(NotModified, _not_modified)
    return app


def _static(name: str) -> Response:
    """A file that pages load."""
    if name not in assets():
        raise HTTPException(404)
    found = assets()[name]
    kept = {"Cache-Control": f"public, max-age={_YEAR}, immutable"}
    return Response(found.content, media_type=found.media_type, headers=kept)


def _language(language: str, back: str = "/") -> Response:
    """Remembers the language in a cookie and goes back to where the reader was."""
    if language not in LANGUAGES:
        raise HTTPException(404)
    answer = RedirectResponse(_own_path(back), 303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="lax", httponly=True)
    return answer


def _own_path(back: str) -> str:
    """The path, if it is one of these pages: nobody is sent elsewhere."""
    parts = urlsplit(back)
    own = back.startswith("/") and not back.startswith(("//", "/\\"))
    clean = all(sign.isprintable() for sign in back)
    return back if own and clean and not parts.scheme and not parts.netloc else "/"


def _trouble(request: Request, error: Exception) -> Response:
    status, key = _TROUBLES[type(error)]
    return _told(request, status, key, error if isinstance(error, BadParameter) else None)


def _not_found(request: Request, error: Exception) -> Response:
    status = cast("AnyHTTPException", error).status_code
    return _told(request, status, "not_found" if status == 404 else "refused")


def _not_modified(_: Request, error: Exception) -> Response:
    return Response(status_code=304, headers=cast("NotModified", error).headers)


def _told(request: Request, status: int, key: str, wrong: BadParameter | None = None) -> Response:
    """A page that says what is the matter, and what would mend it."""
    language = language_of(request)
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    if request.url.path.startswith(_API):
        known = list(wrong.known) if wrong else []
        given = f"{wrong.name}={wrong.value}" if wrong else None
        return JSONResponse({"error": key, "given": given, "known": known}, status, headers)
    text = render(
        "trouble.html", catalogue(language), key=key, wrong=wrong, path="", here="/", release=None
    )
    return Response(text, status, headers, "text/html")
