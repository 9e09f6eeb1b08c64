"""A line of the log for every request, where lines are wanted (`pipelines.logs`).

It says which kind of page was asked for, never which: a path or a query may name a person, an order
or what somebody searched for. Neither who asked nor from where is kept.
"""

from __future__ import annotations

import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pipelines.logs import Level, is_json, log

#: Asked for by machines every few seconds.
_QUIET = frozenset({"/healthz", "/readyz", "/static/{name}"})


class AccessLog:
    """Writes the line when the answer has been sent, or could not be."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http" or not is_json():
            await self._app(scope, receive, send)
            return
        began, status = time.monotonic(), 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            route = getattr(scope.get("route"), "path", None)
            level: Level = "error" if status >= 500 else "info"
            log(
                "request",
                "debug" if route in _QUIET and status < 400 else level,
                method=scope["method"] if scope["method"] in _METHODS else "other",
                route=route or "none",
                status=status,
                milliseconds=round((time.monotonic() - began) * 1000),
            )


_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
