"""`juandi serve`: the pages for reviewers, analysts and engineers, over the published release."""

from __future__ import annotations

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
    from pages.serve import serve as run

    settings = load_settings(warehouse)
    complain(f"http://{host}:{port}  ({settings.published})")
    if host not in ("127.0.0.1", "localhost", "::1"):
        complain(
            "任何能访问此地址的人都能看到全部页面，没有登录 / whoever reaches this address sees "
            "every page: there is no login"
        )
    try:
        run(settings, host, port, seconds)
    except OSError as error:
        raise Trouble(f"无法监听 / cannot listen at {host}:{port}: {error}") from None
