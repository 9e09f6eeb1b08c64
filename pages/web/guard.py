"""Before every route: who asks, and whether their roles have it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from fastapi import Request

from pages.access.people import AT_THIS_MACHINE, Person
from pages.access.provider import BadToken, Provider
from pages.access.routes import ROUTES, may
from pages.access.sessions import Sessions
from pages.access.settings import Oidc

API = "/api/"
#: What the signed cookie holds: the id of a session, and where to go after logging in.
SESSION, BACK = "id", "back"


class NotLoggedIn(Exception):  # noqa: N818 - reads as what it says
    """Nobody is logged in, or a program's token is not good (`is_token`)."""

    def __init__(self, is_token: bool = False) -> None:
        super().__init__()
        self.is_token = is_token


class NotForRole(Exception):  # noqa: N818 - reads as what it says
    """The person's roles do not have this route or table."""


class NoRole(Exception):  # noqa: N818 - reads as what it says
    """The provider knows the person, and gives them no role here."""


@dataclass(frozen=True)
class Access:
    """How people log in to these pages."""

    oidc: Oidc
    provider: Provider
    sessions: Sessions

    @classmethod
    def by(cls, oidc: Oidc) -> Access:
        """As it is configured."""
        return cls(oidc, Provider(oidc), Sessions(oidc.hours * 3600))


def access_of(request: Request) -> Access | None:
    """How these pages are logged in to; None if they are for this machine alone."""
    return cast("Access | None", request.app.state.access)


def person_of(request: Request) -> Person | None:
    """Who asks, as far as a browser's cookie says; None if nobody is logged in."""
    if hasattr(request.state, "person"):
        return cast("Person | None", request.state.person)
    access = access_of(request)
    if access is None:
        return AT_THIS_MACHINE
    held = access.sessions.get(request.session.get(SESSION))
    return held.person if held else None


async def guard(request: Request) -> None:
    """Lets a request through to its route. Raises NotLoggedIn, NoRole and NotForRole."""
    access, route = access_of(request), request.scope["route"].path
    person = person_of(request)
    is_open = ROUTES.get(route, frozenset()) is None
    given = request.headers.get("authorization")
    if access is not None and given and route.startswith(API) and not is_open:
        person = await _of_token(access, given)
    request.state.person = person
    if access is None or may(person, route):
        return
    if person is None:
        raise NotLoggedIn
    raise NotForRole if person.roles else NoRole


async def _of_token(access: Access, given: str) -> Person:
    scheme, _, token = given.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotLoggedIn(is_token=True)
    try:
        return await access.provider.of_bearer(token.strip())
    except BadToken:
        raise NotLoggedIn(is_token=True) from None
