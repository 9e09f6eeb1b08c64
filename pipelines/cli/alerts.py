"""`juandi alerts test`: does a message reach every receiver of `juandi.toml`?"""

from __future__ import annotations

from dataclasses import asdict

import typer

from pipelines.cli.console import Exit, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.settings import config_of, load_settings

app = typer.Typer(
    help="通知 / The people who are told of a night.", no_args_is_help=True, rich_markup_mode=None
)


@app.callback()
def alerts() -> None:
    """Holds the commands."""


@app.command("test")
def send_test(warehouse: Warehouse = None, as_json: Json = False) -> None:
    """测试通知 / Send a test message to each receiver of juandi.toml.

    Exit status: 0 if each took it or none is declared, 1 if one did not, 2 for wrong settings.
    """
    settings = load_settings(warehouse)
    if not config_of(settings, "alerts"):
        complain(f"没有声明通知 / nobody is told: there is no [alerts] in {settings.config}")
        return
    from pipelines.stages.tell.sending import tell_test  # takes a moment

    sent = tell_test(settings)
    if as_json:
        print_json([asdict(one) for one in sent])
    else:
        print_rows(
            ("接收方 receiver", "已送达 sent", "问题 trouble"),
            [(one.receiver, one.sent == 1, one.trouble) for one in sent],
        )
    if any(one.trouble for one in sent):
        raise typer.Exit(Exit.BLOCKED)
