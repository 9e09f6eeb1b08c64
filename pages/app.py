"""The application: pages over the published release of one warehouse.

    uvicorn.run(create_app(load_settings()))

It reads; nothing that it answers changes the warehouse.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import cast
from urllib.parse import quote

import duckdb
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from starlette.exceptions import HTTPException as AnyHTTPException
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware

from pages.access.provider import LoginFailed, ProviderDown
from pages.access.settings import Oidc
from pages.data import ArchiveReader, Busy, Limits, NoRelease, Releases, TooSlow
from pages.exports import SheetTooLong
from pages.listings import BadParameter
from pages.views import ROUTERS
from pages.web.access_log import AccessLog
from pages.web.assets import assets
from pages.web.guard import API, Access, NoRole, NotForRole, NotLoggedIn, guard, person_of
from pages.web.headers import SecurityHeaders
from pages.web.paths import own_path
from pages.web.rendering import render
from pages.web.visit import LANGUAGE_COOKIE, NotModified, language_of
from pages.words import LANGUAGES, catalogue
from pipelines.publishing.beside.parts import PartsLost
from pipelines.publishing.releases import OtherSchema
from pipelines.settings import Settings

#: By what names the pages may be asked for where they are bound to this machine alone.
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
_YEAR = 365 * 24 * 3600
_LOG = logging.getLogger("juandi.pages")
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
    OtherSchema: (503, "other_schema"),
    PartsLost: (503, "parts_lost"),
    NotForRole: (403, "not_for_role"),
    NoRole: (403, "no_role"),
    LoginFailed: (400, "login_failed"),
    ProviderDown: (503, "provider_down"),
}


def create_app(
    settings: Settings,
    limits: Limits | None = None,
    hosts: Sequence[str] = LOOPBACK,
    oidc: Oidc | None = None,
) -> FastAPI:
    """The pages of a warehouse; it may be empty still. `hosts` are the names it answers to.

    With `oidc` people log in, and see what their roles have; without it whoever asks sees all.
    """
    releases = Releases(settings, limits)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        releases.close()

    app = FastAPI(
        title="Juandi",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=lifespan,
        dependencies=[Depends(guard)],
    )
    app.state.releases = releases
    app.state.archive = ArchiveReader(settings, (limits or Limits()).seconds)
    app.state.access = None
    if oidc is not None:
        app.state.access = Access.by(oidc)
        # a key of this process alone: what a browser holds is worth nothing after a restart
        app.add_middleware(
            SessionMiddleware,
            secret_key=secrets.token_urlsafe(32),
            session_cookie="__Host-juandi" if oidc.is_secure else "juandi_session",
            max_age=oidc.hours * 3600,
            same_site="lax",
            https_only=oidc.is_secure,
        )
    app.add_middleware(GZipMiddleware, minimum_size=2_000, compresslevel=4)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))
    app.add_middleware(SecurityHeaders)
    app.add_middleware(AccessLog)
    for router in ROUTERS:
        app.include_router(router, include_in_schema=router.prefix.startswith(API))
    app.get("/static/{name}", include_in_schema=False)(_static)
    app.get("/language/{language}", include_in_schema=False)(_language)
    for kind in _TROUBLES:
        app.add_exception_handler(kind, _trouble)
    app.add_exception_handler(AnyHTTPException, _not_found)
    app.add_exception_handler(NotModified, _not_modified)
    app.add_exception_handler(NotLoggedIn, _not_logged_in)
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
    answer = RedirectResponse(own_path(back), 303)
    answer.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR, samesite="lax", httponly=True)
    return answer


def _trouble(request: Request, error: Exception) -> Response:
    status, key = _TROUBLES[type(error)]
    if isinstance(error, LoginFailed | ProviderDown):  # who administers it has to know why
        _LOG.warning("%s: %r", key, str(error))
    return _told(request, status, key, error if isinstance(error, BadParameter) else None)


def _not_found(request: Request, error: Exception) -> Response:
    status = cast("AnyHTTPException", error).status_code
    return _told(request, status, "not_found" if status == 404 else "refused")


def _not_modified(_: Request, error: Exception) -> Response:
    return Response(status_code=304, headers=cast("NotModified", error).headers)


def _not_logged_in(request: Request, error: Exception) -> Response:
    """A program is told to bring a token, a browser is sent to log in."""
    if request.url.path.startswith(API):
        answer = _told(request, 401, "login")
        wrong = ' error="invalid_token"' if cast("NotLoggedIn", error).is_token else ""
        answer.headers["WWW-Authenticate"] = f"Bearer{wrong}"
        return answer
    query = f"?{request.url.query}" if request.url.query else ""
    back = quote(f"{request.url.path}{query}", safe="")
    return RedirectResponse(f"/login?back={back}", 303, {"Cache-Control": "no-store"})


def _told(request: Request, status: int, key: str, wrong: BadParameter | None = None) -> Response:
    """A page that says what is the matter, and what would mend it."""
    language = language_of(request)
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "5"} if status == 503 else {})
    if request.url.path.startswith(API):
        known = list(wrong.known) if wrong else []
        given = f"{wrong.name}={wrong.value}" if wrong else None
        return JSONResponse({"error": key, "given": given, "known": known}, status, headers)
    text = render(
        "trouble.html", catalogue(language), key=key, wrong=wrong, path="", here="/", release=None,
        person=person_of(request), other=catalogue("en" if language == "zh" else "zh"),
    )  # fmt: skip # one call
    return Response(text, status, headers, "text/html")
