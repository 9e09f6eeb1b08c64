"""Serves the pages until it is stopped."""

from __future__ import annotations

import socket

import uvicorn
from uvicorn.config import LOGGING_CONFIG

from pages.access import settings as access
from pages.access.settings import Oidc
from pages.app import LOOPBACK, create_app
from pages.data import Limits
from pipelines.logs import is_json
from pipelines.settings import Settings, SettingsError


def check_host(host: str, oidc: Oidc | None) -> None:
    """Raises SettingsError for an address that others reach where nobody has to log in."""
    if oidc is None and host not in access.LOOPBACK:
        raise SettingsError(
            f"--host {host}: 没有配置登录，只能监听本机；请在 juandi.toml 中配置 [pages.oidc]"
            "（见 docs/pages.md） / no login is configured, so the pages are for this machine"
            " alone; configure [pages.oidc] in juandi.toml (docs/pages.md says how)"
        )


def serve(
    settings: Settings, host: str, port: int, seconds: float, oidc: Oidc | None = None
) -> None:
    """Answers at `host` and `port`; a request's queries may take `seconds`.

    It answers to the name that readers type and to this machine's names only, so that no page
    elsewhere can read it through a name of its own. Raises SettingsError for an address that
    others reach without logging in, and OSError where it cannot listen there.
    """
    check_host(host, oidc)
    names = (*LOOPBACK, oidc.host) if oidc else LOOPBACK
    app = create_app(settings, Limits(seconds=seconds), names, oidc)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family, backlog=512) as listening:
        config = uvicorn.Config(
            app,
            log_level="warning",
            log_config=None if is_json() else LOGGING_CONFIG,
            server_header=False,
        )
        uvicorn.Server(config).run(sockets=[listening])
