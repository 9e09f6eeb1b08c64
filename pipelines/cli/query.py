"""`juandi sql`: a read-only query on the published release.

Never on the build or the lake, and nothing outside the release can be read or written through it.
The statement is answered in a process of its own (`query_process`): whatever it does to the engine,
the command ends with a sentence.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Annotated

import typer

from pipelines.cli.console import Exit, Format, Trouble
from pipelines.cli.options import Warehouse
from pipelines.cli.release_file import NONE_YET
from pipelines.settings import PROJECT_ROOT, Settings, load_settings

_PROCESS = "pipelines.cli.query_process"
_TO_END = 5  # seconds that it has to end by itself once it was asked to


def sql(
    statement: Annotated[str, typer.Argument(metavar="SQL", help="查询语句 / The query.")],
    warehouse: Warehouse = None,
    format_: Annotated[
        Format,
        typer.Option("--format", "-f", envvar="JUANDI_FORMAT", help="输出格式 / How to print."),
    ] = Format.table,
    seconds: Annotated[
        int,
        typer.Option(
            "--seconds",
            envvar="JUANDI_SQL_SECONDS",
            min=1,
            help="最长秒数 / Stop the query after so many seconds.",
        ),
    ] = 600,
) -> None:
    """只读查询 / Query the published release, read-only.

    juandi sql "select campaign_id, net_cny from marts.campaign_summary"
    """
    settings = load_settings(warehouse)
    if not settings.published.is_file():
        raise Trouble(NONE_YET.format(settings.warehouse))
    raise typer.Exit(_ask(settings, statement, format_, seconds))


def _ask(settings: Settings, statement: str, form: Format, seconds: int) -> int:
    """Has the statement answered; the exit status. Raises Trouble where the process came to grief.

    It writes to this process's own stdout and stderr.
    """
    sys.stdout.flush()
    arguments = (str(settings.published), form.value, settings.memory_limit, str(seconds))
    process = subprocess.Popen(  # noqa: S603 - our own module; the statement goes in by stdin
        [sys.executable, "-m", _PROCESS, *arguments],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": _search_path()},
        process_group=0 if os.name == "posix" else None,  # a terminal's Ctrl-C is for us alone
    )
    try:
        process.communicate(statement.encode("utf-8", errors="replace"), timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Trouble(
            f"查询超过 {seconds} 秒，已停止 / the query was stopped after {seconds} s: "
            "ask for less, or give it more --seconds",
            Exit.BLOCKED,
        ) from None
    except KeyboardInterrupt:
        raise Trouble("查询已中断 / the query was stopped", Exit.STOPPED) from None
    finally:
        _end(process)
    if process.returncode < 0:
        name = signal.Signals(-process.returncode).name
        raise Trouble(
            f"查询引擎异常退出（{name}），发布未受影响 / the engine came to grief over this "
            f"query ({name}); the release is untouched: put the query another way",
            Exit.BLOCKED,
        )
    return process.returncode


def _search_path() -> str:
    return os.pathsep.join(filter(None, (str(PROJECT_ROOT), os.environ.get("PYTHONPATH"))))


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process is gone when this returns."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
