"""Logging in at the provider, and out again."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from pages.web.guard import BACK, SESSION, Access, access_of
from pages.web.paths import own_path
from pages.web.rendering import render
from pages.web.visit import language_of
from pages.words import catalogue

router = APIRouter()
_UNKEPT = {"Cache-Control": "no-store"}


@router.get("/login")
async def login(request: Request, back: str = "/") -> Response:
    """To the provider, and then to `back`, if that is one of these pages."""
    access = _access(request)
    request.session[BACK] = own_path(back)
    return await access.provider.login(request, f"{access.oidc.address}/login/done")


@router.get("/login/done")
async def done(request: Request) -> Response:
    """Where the provider sends people: a session begins, under an id that nobody had before."""
    access = _access(request)
    person, id_token = await access.provider.logged_in(request)
    back = own_path(str(request.session.get(BACK, "/")))
    access.sessions.end(request.session.get(SESSION))
    request.session.clear()
    request.session[SESSION] = access.sessions.begin(person, id_token)
    return RedirectResponse(back, 303, _UNKEPT)


@router.post("/logout")
async def logout(request: Request) -> Response:
    """Ends the session here, and shows where the provider's own is ended."""
    access = _access(request)
    held = access.sessions.end(request.session.get(SESSION))
    request.session.clear()
    text = render(
        "logged_out.html", catalogue(language_of(request)), path="", here="/", release=None,
        person=None, elsewhere=access.provider.logout_address(held.id_token) if held else None,
    )  # fmt: skip # one call
    return HTMLResponse(text, headers=_UNKEPT)


def _access(request: Request) -> Access:
    access = access_of(request)
    if access is None:  # nobody logs in to pages of this machine alone
        raise HTTPException(404)
    return access
