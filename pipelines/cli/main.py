"""The command's entry: its sub-commands, and how every foreseen trouble ends.

Foreseen troubles end in one sentence on stderr and an exit status (1 nothing came of it, 2 usage
and settings, 3 another refresh is running), never in a traceback, and conditions of the machine are
foreseen; `JUANDI_DEBUG=1` shows it all the same.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from pipelines.cli import (
    demo,
    doctor,
    files,
    quarantine,
    query,
    refresh,
    releases,
    sample,
)
from pipelines.cli.console import complain, print_json
from pipelines.cli.troubles import foreseen

app = typer.Typer(
    name="juandi",
    help="涓滴 Juandi：互联网捐赠数据仓库 / the warehouse of Chinese internet giving.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command("demo")(demo.demo)
app.command("refresh")(refresh.refresh)
app.command("sample")(sample.sample)
app.command("status")(releases.status)
app.command("releases")(releases.releases)
app.command("rollback")(releases.rollback)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(files.app, name="files")
app.command("sql")(query.sql)
app.command("doctor")(doctor.doctor)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"juandi {version('juandi')}")
        raise typer.Exit


@app.callback()
def main(
    show_version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_print_version, is_eager=True, help="版本 / Print the version."
        ),
    ] = False,
) -> None:
    """What the command is: see `help` of the application."""


def run() -> None:
    """Run the command; the process's exit status is the documented one."""
    try:
        app()
    except Exception as error:  # every kind: `foreseen` knows those that are no mistake of ours
        trouble = foreseen(error)
        if trouble is None or os.environ.get("JUANDI_DEBUG"):
            raise
        if "--json" in sys.argv or os.environ.get("JUANDI_JSON"):
            told = {"status": "refused", "exit_code": int(trouble.status), "errors": [str(trouble)]}
            print_json(told)
        complain(str(trouble))
        sys.exit(trouble.status)


if __name__ == "__main__":
    run()
