"""The entry point of the command: its sub-commands, and how every foreseen trouble ends.

Foreseen troubles, among them conditions of the machine, end in one sentence on stderr and an exit
status (1 no result, 2 wrong usage or settings, 3 another refresh is running), never in a traceback
unless `JUANDI_DEBUG=1` is set.
"""

from __future__ import annotations

import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer

from pipelines.cli import (
    alerts,
    audit,
    demo,
    diff,
    doctor,
    files,
    forget,
    gates,
    metric,
    migrate,
    quarantine,
    query,
    refresh,
    releases,
    retention,
    sample,
    serve,
    sources,
    trace,
)
from pipelines.cli.console import complain, print_json
from pipelines.cli.troubles import foreseen
from pipelines.logs import is_json, listen_to_libraries, log, of_error
from pipelines.publishing.machine import condition

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
app.command("gates")(gates.gates)
app.command("rollback")(releases.rollback)
app.command("forward")(releases.forward)
app.command("diff")(diff.diff)
app.command("retention")(retention.retention)
app.add_typer(quarantine.app, name="quarantine")
app.add_typer(files.app, name="files")
app.command("forget")(forget.forget)
app.add_typer(alerts.app, name="alerts")
app.add_typer(sources.app, name="sources")
app.command("sql")(query.sql)
app.command("metric")(metric.metric)
app.command("trace")(trace.trace)
app.command("serve")(serve.serve)
app.add_typer(audit.app, name="audit")
app.command("doctor")(doctor.doctor)
app.command("migrate")(migrate.migrate)


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
    """Holds the options of the command itself; its help text is that of `app`."""


def run() -> None:
    """Runs the command; ends the process with the documented exit status."""
    try:
        listen_to_libraries()
        app()
    except Exception as error:  # of every kind: `foreseen` recognises those that are not bugs
        trouble = foreseen(error)
        if trouble is None or os.environ.get("JUANDI_DEBUG"):
            if is_json() and not os.environ.get("JUANDI_DEBUG"):
                log("crashed", "error", exit_code=1, **of_error(error))
                sys.exit(1)
            raise
        if "--json" in sys.argv or os.environ.get("JUANDI_JSON"):
            status = int(trouble.status)
            print_json({"status": "refused", "exit_code": status, "errors": [str(trouble)]})
        if is_json():
            found = condition(error)
            told = {"condition": found.name} if found else {}
            log("trouble", "error", exit_code=int(trouble.status), **told)
        complain(str(trouble))
        sys.exit(trouble.status)


if __name__ == "__main__":
    run()
