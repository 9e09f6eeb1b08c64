"""What a provider says when it is asked without logging anybody in: for whoever sets up the login.

It is asked for its description, for its keys, and whether it knows the client: with a code that
nobody was given, which a provider refuses in one way or the other. The client's secret goes only
where a login would send it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from pages.access.settings import Oidc, is_private

_TIMEOUT = 10
#: How an answer that cannot be used shows: of no such kind, or nested beyond reading.
_UNUSABLE = (httpx2.HTTPError, httpx2.InvalidURL, JoseError, ValueError, AttributeError, TypeError,
             KeyError, RecursionError)  # fmt: skip # a list


class Unasked(Enum):
    """Why a provider was not asked about the client."""

    NONE_GIVEN = "no secret"
    OTHER_ISSUER = "another issuer"
    IN_THE_CLEAR = "not encrypted"


@dataclass(frozen=True)
class Examined:
    """`trouble`: why there is no description of a provider at `where`; None if there is one.

    `told` is that description, of whatever shape; `seconds_apart` how far this clock is before its
    own, None where that does not say; `keys` how many it publishes that can be used. `client` is
    its answer about the client: the error's name by RFC 6749, section 5.2, empty if it gave none;
    or why it was not asked.
    """

    where: str
    trouble: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    seconds_apart: int | None = None
    keys: int = 0
    client: str | Unasked = Unasked.NONE_GIVEN


def examine_provider(oidc: Oidc) -> Examined:
    """Asks the provider. Raises nothing: what it cannot find out is in what it returns."""
    where = f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration"
    with httpx2.Client(timeout=_TIMEOUT) as client:
        try:
            answer = client.get(where)
        except (httpx2.HTTPError, httpx2.InvalidURL) as error:
            return Examined(where, type(error).__name__)
        told = _described(answer)
        if told is None:
            return Examined(where, str(answer.status_code))
        return Examined(
            where, None, told, _apart(answer), _keys(client, told), _answered(client, oidc, told)
        )


def _described(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        told = answer.json() if answer.status_code == 200 else None
    except _UNUSABLE:
        return None
    return told if isinstance(told, dict) and told.get("issuer") else None


def _apart(answer: httpx2.Response) -> int | None:
    try:
        return round(time.time() - parsedate_to_datetime(answer.headers["date"]).timestamp())
    except (KeyError, TypeError, ValueError, OverflowError):
        return None


def _keys(client: httpx2.Client, told: Mapping[str, Any]) -> int:
    """Read as a login reads them: one that it cannot read spoils all."""
    try:
        answer = client.get(str(told.get("jwks_uri", "")))
        return len(KeySet.import_key_set(answer.json()).keys)
    except _UNUSABLE:
        return 0


def _answered(client: httpx2.Client, oidc: Oidc, told: Mapping[str, Any]) -> str | Unasked:
    where = str(told.get("token_endpoint", ""))
    if oidc.client_secret is None:
        return Unasked.NONE_GIVEN
    if told["issuer"] != oidc.issuer:
        return Unasked.OTHER_ISSUER
    if not is_private(where):
        return Unasked.IN_THE_CLEAR
    asked = {
        "grant_type": "authorization_code",
        "code": "nobody-was-given-this",
        "redirect_uri": f"{oidc.address}/login/done",
        "code_verifier": "0" * 43,
    }
    try:
        known = (oidc.client_id, oidc.client_secret)
        error = client.post(where, data=asked, auth=known).json().get("error")
    except _UNUSABLE:
        return ""
    return error if isinstance(error, str) else ""
