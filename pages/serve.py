"""Serves the pages until it is stopped."""

from __future__ import annotations

import socket

import uvicorn

from pages.app import LOOPBACK, create_app
from pages.data import Limits
from pipelines.settings import Settings


def serve(settings: Settings, host: str, port: int, seconds: float) -> None:
    """Answers at `host` and `port`; a request's queries may take `seconds`.

    Bound to this machine it answers to this machine's names only, so that no page elsewhere can
    read it through a name of its own. Raises OSError where it cannot listen there.
    """
    is_own = host in ("127.0.0.1", "localhost", "::1")
    app = create_app(settings, Limits(seconds=seconds), LOOPBACK if is_own else ("*",))
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=512) as listening:
        config = uvicorn.Config(app, log_level="warning", server_header=False)
        uvicorn.Server(config).run(sockets=[listening])
