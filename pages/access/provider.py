"""The provider that people log in at: discovery, the way there and back, and its tokens.

Authlib walks the authorization code flow (PKCE, state, nonce); joserfc checks signatures. What a
token has to hold is the same for both ways in: an id token at the end of the flow, and an access
token that a program sends.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx2
from authlib.integrations.starlette_client import OAuth, OAuthError
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry
from starlette.requests import Request
from starlette.responses import Response

from pages.access.people import Person
from pages.access.sessions import Waiting
from pages.access.settings import Oidc, is_private

#: Signatures by a key that the provider alone has: neither none nor one of a shared secret.
SIGNED = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
          "Ed25519", "EdDSA")  # fmt: skip # a list
#: What a provider has to name for anybody to log in.
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
#: What a bearer may say that it is.
_TYPES = ("jwt", "at+jwt", "application/at+jwt")
_LEEWAY = 30  # seconds that two clocks may differ
#: Keys are asked for again after so many seconds; for one that is not known, sooner.
_KEYS_GOOD, _KEYS_ASKED_AGAIN = 600, 10
_TIMEOUT = 10


#: How a provider that is down, or no provider, shows.
_UNUSABLE = (httpx2.HTTPError, httpx2.InvalidURL, JoseError, RuntimeError, ValueError, KeyError,
             TypeError, AttributeError)  # fmt: skip # a list


class LoginFailed(ValueError):  # noqa: N818 - reads as what it says
    """What came back from the provider does not log anybody in."""


class BadToken(ValueError):  # noqa: N818 - reads as what it says
    """A bearer token that is not the provider's, not for here, or not good any more."""


class ProviderDown(RuntimeError):  # noqa: N818 - reads as what it says
    """The provider cannot be reached, or what it says of itself cannot be used."""


class Provider:
    """One provider, of one configuration; discovered when it is first needed."""

    def __init__(self, oidc: Oidc, now: Callable[[], float] = time.monotonic) -> None:
        self._oidc = oidc
        self._now = now
        self._keys_from = self._keys_asked = float("-inf")
        self._client = OAuth(cache=Waiting()).register(
            "provider",
            server_metadata_url=f"{oidc.issuer.rstrip('/')}/.well-known/openid-configuration",
            client_id=oidc.client_id,
            client_secret=oidc.client_secret,
            client_kwargs={"scope": oidc.scopes, "code_challenge_method": "S256",
                           "timeout": _TIMEOUT},
        )  # fmt: skip # one call

    async def login(self, request: Request, back: str) -> Response:
        """Sends the browser to the provider, which sends it to `back`. Raises ProviderDown."""
        await self._ready()
        answer: Response = await self._client.authorize_redirect(request, back)
        return answer

    async def logged_in(self, request: Request) -> tuple[Person, str]:
        """Who came back, and their id token. Raises LoginFailed and ProviderDown."""
        await self._ready()
        try:
            token = await self._client.authorize_access_token(
                request, claims_options=self._claims(self._oidc.client_id), leeway=_LEEWAY
            )
        except (OAuthError, JoseError, httpx2.HTTPError, ValueError, KeyError) as error:
            raise LoginFailed(f"{type(error).__name__}: {error}") from error
        claims = token.get("userinfo")
        if claims is None:
            raise LoginFailed("no id token")
        return person_of(self._oidc, claims), str(token["id_token"])

    async def of_bearer(self, token: str) -> Person:
        """Whom an access token stands for. Raises BadToken and ProviderDown."""
        await self._ready()
        try:
            found = await self._decoded(token)
            if str(found.header.get("typ", "jwt")).lower() not in _TYPES:
                raise BadToken(f"typ {found.header['typ']}")
            audience = self._oidc.audience or self._oidc.client_id
            jwt.JWTClaimsRegistry(leeway=_LEEWAY, **self._claims(audience)).validate(found.claims)
        except (JoseError, ValueError) as error:
            raise BadToken(f"{type(error).__name__}: {error}") from error
        return person_of(self._oidc, found.claims)

    def logout_address(self, id_token: str) -> str | None:
        """Where the provider's own session is ended; None if it does not say."""
        end = self._client.server_metadata.get("end_session_endpoint")
        if not end:
            return None
        told = {"post_logout_redirect_uri": f"{self._oidc.address}/",
                "client_id": self._oidc.client_id, "id_token_hint": id_token}  # fmt: skip # a table
        return str(httpx2.URL(end).copy_merge_params(told))

    async def _ready(self) -> None:
        """Discovers the provider, and has its keys of today. Raises ProviderDown."""
        client = self._client
        try:
            found = await client.load_server_metadata()
            if found.get("issuer") != self._oidc.issuer:
                found.pop("_loaded_at", None)
                raise ValueError(f"issuer {found.get('issuer')!r}, not {self._oidc.issuer!r}")
            # neither the client's secret nor keys travel where others read and write along
            if exposed := [n for n in ENDPOINTS if n in found and not is_private(found[n])]:
                found.pop("_loaded_at", None)
                raise ValueError(f"not encrypted: {', '.join(exposed)}")
            # Authlib takes what the provider lists: of that, only what cannot be forged
            listed = found.get("id_token_signing_alg_values_supported") or ["RS256"]
            found["id_token_signing_alg_values_supported"] = [a for a in listed if a in SIGNED]
        except _UNUSABLE as error:
            raise ProviderDown(f"{type(error).__name__}: {error}") from error
        if self._now() - self._keys_from > _KEYS_GOOD:
            await self._fetch_keys()

    async def _fetch_keys(self) -> None:
        """Raises ProviderDown; what was fetched before is then good no longer."""
        self._keys_asked, self._keys_from = self._now(), float("-inf")
        try:
            KeySet.import_key_set(await self._client.fetch_jwk_set(force=True))
        except _UNUSABLE as error:
            raise ProviderDown(f"{type(error).__name__}: {error}") from error
        self._keys_from = self._keys_asked

    async def _decoded(self, token: str) -> jwt.Token:
        try:
            return self._opened(token)
        except InvalidKeyIdError:
            if self._now() - self._keys_asked < _KEYS_ASKED_AGAIN:
                raise
            await self._fetch_keys()
            return self._opened(token)

    def _opened(self, token: str) -> jwt.Token:
        known = self._client.server_metadata
        algorithms = known["id_token_signing_alg_values_supported"]
        registry = JWSRegistry(algorithms=algorithms, strict_check_header=False)
        return jwt.decode(token, KeySet.import_key_set(known["jwks"]), registry=registry)

    def _claims(self, audience: str) -> dict[str, Any]:
        return {
            "iss": {"essential": True, "value": self._oidc.issuer},
            "aud": {"essential": True, "value": audience},
            "exp": {"essential": True},
            "sub": {"essential": True},
        }


def person_of(oidc: Oidc, claims: Mapping[str, Any]) -> Person:
    """Whom a checked token's claims stand for; values that map to no role give none."""
    values = _texts(_claim(claims, oidc.roles_claim))
    campaigns = _texts(_claim(claims, oidc.campaigns_claim))
    known = _texts(_claim(claims, oidc.person_claim))
    if oidc.person_claim == "email" and claims.get("email_verified") is not True:
        known = []  # an address that anybody may have typed
    assigned = [oidc.campaigns.get(one, frozenset()) for one in known]
    name = claims.get("name") or claims.get("preferred_username") or claims["sub"]
    return Person(
        str(claims["sub"]),
        str(name),
        frozenset(oidc.roles[value] for value in values if value in oidc.roles),
        frozenset(campaigns).union(*assigned),
    )


def _claim(claims: Mapping[str, Any], name: str) -> object:
    """A claim by its name, or by a path with dots."""
    if name in claims:
        return claims[name]
    found: object = claims
    for part in name.split("."):
        found = found.get(part) if isinstance(found, Mapping) else None
    return found


def _texts(value: object) -> list[str]:
    """A claim's values: one text, or a list of them."""
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
