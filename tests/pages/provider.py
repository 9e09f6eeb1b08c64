"""A provider of OpenID Connect on this machine: discovery, authorize, token, keys; signed by RSA.

It does what it should, and each thing that it should not where a test asks for that. Whoever is
sent to `authorize` is the person that the test has put there: nobody types anything.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey

CLIENT, SECRET = "juandi", "a secret of the test"
_NONE = b'{"alg": "none"}'
#: Made once: a key of 2048 bits takes a while.
_KEYS = [RSAKey.generate_key(2048, {"kid": f"key-{n}", "use": "sig"}) for n in range(2)]


@dataclass
class TestProvider:
    """`person` are the claims of who logs in next; `changes` are made to the next id token.

    `signs` is the key in use, `listed` those that are published, `asked` counts by path.
    `described` takes the place of what its description says; `answers` is what comes from a path,
    as JSON or byte by byte, in place of the sound answer.
    """

    __test__ = False

    issuer: str
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "someone"})
    changes: dict[str, Any] = field(default_factory=dict)
    signs: int = 0
    listed: list[int] = field(default_factory=lambda: [0])
    algorithms: list[str] = field(default_factory=lambda: ["RS256", "HS256", "none"])
    claimed_issuer: str | None = None
    asked: dict[str, int] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    is_lenient: bool = False  # takes a code as often as it comes
    has_keys: bool = True
    described: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)

    def token(self, **claims: Any) -> str:
        """A token signed by the key in use: good for an hour, for these pages, if nothing else."""
        told = {"iss": self.issuer, "aud": CLIENT, "iat": int(time.time()),
                "exp": int(time.time()) + 3600} | self.person | claims  # fmt: skip # a table
        kept = {name: value for name, value in told.items() if value is not None}
        key = _KEYS[self.signs]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, kept, key)

    def unsigned(self, **claims: Any) -> str:
        """A token of `alg: none`."""
        _, body, _ = self.token(**claims).split(".")
        return f"{_part(_NONE)}.{body}."

    def by_shared_secret(self, **claims: Any) -> str:
        """A token whose secret is the published key: what everybody has."""
        body = self.token(**claims).split(".")[1]
        header = _part(json.dumps({"alg": "HS256", "kid": _KEYS[self.signs].kid}).encode("ascii"))
        key = _KEYS[self.signs].as_pem(private=False)
        signed = hmac.digest(key, f"{header}.{body}".encode("ascii"), "sha256")
        return f"{header}.{body}.{_part(signed)}"

    def rotate(self) -> None:
        """Another key signs, and the old one is published no longer."""
        self.signs = 1 - self.signs
        self.listed = [self.signs]


def _part(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _app(provider: TestProvider) -> FastAPI:
    app = FastAPI(openapi_url=None)

    def count(request: Request) -> None:
        path = request.url.path
        provider.asked[path] = provider.asked.get(path, 0) + 1

    @app.middleware("http")
    async def oddly(request: Request, sound: Any) -> Response:
        if (path := request.url.path) not in provider.answers:
            answer: Response = await sound(request)
            return answer
        count(request)
        body = provider.answers[path]
        return Response(
            body if isinstance(body, bytes) else json.dumps(body), media_type="application/json"
        )

    @app.get("/.well-known/openid-configuration")
    def discovery(request: Request) -> Response:
        count(request)
        issuer = provider.issuer
        told = {
            "issuer": provider.claimed_issuer or issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/keys",
            "end_session_endpoint": f"{issuer}/end",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "code_challenge_methods_supported": ["S256"],
            "id_token_signing_alg_values_supported": provider.algorithms,
        } | provider.described
        return Response(json.dumps(told), media_type="application/json")

    @app.get("/keys")
    def keys(request: Request) -> dict[str, Any]:
        count(request)
        if not provider.has_keys:
            return {"error": "out of order"}
        return dict(KeySet([_KEYS[n] for n in provider.listed]).as_dict(private=False))

    @app.get("/authorize")
    def authorize(request: Request) -> Response:
        count(request)
        asked = dict(request.query_params)
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256"
        code = secrets.token_urlsafe(16)
        provider.codes[code] = asked
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", 302)

    @app.post("/token")
    async def redeemed(request: Request) -> Response:
        count(request)
        given = {n: v[0] for n, v in parse_qs((await request.body()).decode("ascii")).items()}
        known = base64.b64encode(f"{CLIENT}:{SECRET.replace(' ', '%20')}".encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if request.headers.get("authorization") not in (f"Basic {known}", f"Basic {plain}"):
            return JSONResponse({"error": "invalid_client"}, 401)
        code = given.get("code", "")
        asked = provider.codes.get(code) if provider.is_lenient else provider.codes.pop(code, None)
        if asked is None or asked["redirect_uri"] != given.get("redirect_uri"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        verifier = given.get("code_verifier", "").encode("ascii")
        if _part(hashlib.sha256(verifier).digest()) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        changes = {"nonce": asked["nonce"]} | provider.changes
        kind = changes.pop("kind", "token")
        found = {"access_token": provider.token(), "token_type": "Bearer", "expires_in": 3600}
        if kind != "absent":
            found["id_token"] = getattr(provider, kind)(**changes)
        return JSONResponse(found)

    return app


@contextmanager
def running() -> Iterator[TestProvider]:
    """The provider on a port that was free, until the test is done."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        provider = TestProvider(f"http://127.0.0.1:{listening.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(_app(provider), log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until = time.monotonic() + 30
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        try:
            yield provider
        finally:
            server.should_exit = True
            thread.join(30)
