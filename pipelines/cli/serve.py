"""`juandi serve`: the pages for reviewers, analysts and engineers, over the published release."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from pipelines.cli.console import Trouble, complain
from pipelines.cli.options import Warehouse
from pipelines.settings import load_settings


def serve(
    warehouse: Warehouse = None,
    host: Annotated[
        str,
        typer.Option(
            "--host",
            envvar="JUANDI_HOST",
            help="监听地址 / The address to listen at; beyond this machine only if told so.",
        ),
    ] = "127.0.0.1",
    port: Annotated[
        int, typer.Option("--port", envvar="JUANDI_PORT", min=1, max=65535, help="端口 / Port.")
    ] = 8300,
    seconds: Annotated[
        int,
        typer.Option(
            "--seconds",
            envvar="JUANDI_PAGE_SECONDS",
            min=1,
            help="一页查询最长秒数 / Stop a page's queries after this many seconds.",
        ),
    ] = 10,
) -> None:
    """审查页面 / Serve the reviewers' pages.

    Reads the published release only, and follows it: a new one needs no restart.
    """
    from pages.access.settings import read_oidc
    from pages.serve import check_host
    from pages.serve import serve as run

    settings = load_settings(warehouse)
    oidc = read_oidc(settings, os.environ)
    check_host(host, oidc)
    complain(f"http://{host}:{port}  ({settings.published})")
    if oidc is None:
        complain(
            "没有配置登录：仅本机可访问，无需登录即见全部 / no login is configured: this machine "
            "alone, and whoever is on it sees every page"
        )
    else:
        complain(f"登录 / login: {oidc.issuer}，{oidc.address}")
    try:
        run(settings, host, port, seconds, oidc)
    except OSError as error:
        raise Trouble(f"无法监听 / cannot listen at {host}:{port}: {error}") from None
