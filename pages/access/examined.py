"""What a provider says when it is asked without logging anybody in: for whoever sets up the login.

It is asked for its description, for its keys, and whether it knows the client: with a code that
nobody was given, which a provider refuses in one way or the other.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2

from pages.access.settings import Oidc

_TIMEOUT = 10
#: How an answer that cannot be used shows.
_UNUSABLE = (httpx2.HTTPError, httpx2.InvalidURL, ValueError, AttributeError)
#: What a provider answers to a code that nobody was given, if it knows the client and its secret.
_KNOWN = ("invalid_grant", "invalid_request")


@dataclass(frozen=True)
class Examined:
    """`trouble`: why there is no description of a provider at `where`; None if there is one.

    `told` is that description, `seconds_apart` how far this clock is before its own, None where
    that does not say; `keys` how many it publishes. `client` is its refusal of the client, empty if
    it knows it, None if there is no secret to show.
    """

    where: str
    trouble: str | None = None
    told: Mapping[str, Any] = field(default_factory=dict)
    seconds_apart: int | None = None
    keys: int = 0
    client: str | None = None


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
            where, None, told, _apart(answer), _keys(client, told), _refusal(client, oidc, told)
        )


def _described(answer: httpx2.Response) -> dict[str, Any] | None:
    try:
        told = answer.json() if answer.status_code == 200 else None
    except ValueError:
        return None
    return told if isinstance(told, dict) and told.get("issuer") else None


def _apart(answer: httpx2.Response) -> int | None:
    try:
        return round(time.time() - parsedate_to_datetime(answer.headers["date"]).timestamp())
    except (KeyError, TypeError, ValueError):
        return None


def _keys(client: httpx2.Client, told: Mapping[str, Any]) -> int:
    try:
        return len(client.get(str(told.get("jwks_uri", ""))).json().get("keys") or ())
    except _UNUSABLE:
        return 0


def _refusal(client: httpx2.Client, oidc: Oidc, told: Mapping[str, Any]) -> str | None:
    if oidc.client_secret is None:
        return None
    asked = {
        "grant_type": "authorization_code",
        "code": "nobody-was-given-this",
        "redirect_uri": f"{oidc.address}/login/done",
        "code_verifier": "0" * 43,
    }
    try:
        where, known = str(told.get("token_endpoint", "")), (oidc.client_id, oidc.client_secret)
        error = str(client.post(where, data=asked, auth=known).json().get("error", ""))
    except _UNUSABLE:
        error = ""
    return "" if error in _KNOWN else error or "?"
