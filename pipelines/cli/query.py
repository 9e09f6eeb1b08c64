"""`juandi sql`: a read-only query on the published release.

It never reads the build or the lake, and nothing outside the release can be read or written.
The statement runs in a separate process (`query_process`), so that the command ends with a clear
message whatever happens to the engine.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Annotated

import typer

from pipelines.cli.console import Exit, Format, Trouble
from pipelines.cli.options import Seconds, Warehouse
from pipelines.cli.release_file import NONE_YET
from pipelines.settings import PROJECT_ROOT, Settings, load_settings

STOPPED = (
    "查询超过 {0} 秒，已停止；请缩小范围，或用 --seconds 延长时限 / "
    "the query was stopped after {0} s: narrow it, or allow more --seconds"
)
_PROCESS = "pipelines.cli.query_process"
_TO_END = 5  # seconds between the request to end and the kill


def sql(
    statement: Annotated[str, typer.Argument(metavar="SQL", help="查询语句 / The query.")],
    warehouse: Warehouse = None,
    format_: Annotated[
        Format,
        typer.Option("--format", "-f", envvar="JUANDI_FORMAT", help="输出格式 / How to print."),
    ] = Format.table,
    seconds: Seconds = 600,
) -> None:
    """只读查询 / Query the published release, read-only.

    juandi sql "select campaign_id, net_cny from marts.campaign_summary"
    """
    settings = load_settings(warehouse)
    if not settings.published.is_file():
        raise Trouble(NONE_YET.format(settings.warehouse))
    raise typer.Exit(_ask(settings, statement, format_, seconds))


def _ask(settings: Settings, statement: str, form: Format, seconds: int) -> int:
    """Runs the statement in a process; returns its exit status. Raises Trouble if it crashes.

    The process writes to this process's stdout and stderr.
    """
    sys.stdout.flush()
    arguments = (str(settings.published), form.value, settings.memory_limit, str(seconds))
    process = subprocess.Popen(  # noqa: S603 - our own module; the statement goes in by stdin
        [sys.executable, "-m", _PROCESS, *arguments],
        stdin=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": _search_path()},
        process_group=0 if os.name == "posix" else None,  # only this process receives Ctrl-C
    )
    try:
        process.communicate(statement.encode("utf-8", errors="replace"), timeout=seconds)
    except subprocess.TimeoutExpired:
        raise Trouble(STOPPED.format(seconds), Exit.BLOCKED) from None
    except KeyboardInterrupt:
        raise Trouble("查询已中断 / the query was stopped", Exit.STOPPED) from None
    finally:
        _end(process)
    if process.returncode < 0:
        name = signal.Signals(-process.returncode).name
        raise Trouble(
            f"查询引擎异常退出（{name}），发布未受影响；请换一种写法 / the engine crashed on this "
            f"query ({name}); the release is not affected: write the query differently",
            Exit.BLOCKED,
        )
    return process.returncode


def _search_path() -> str:
    return os.pathsep.join(filter(None, (str(PROJECT_ROOT), os.environ.get("PYTHONPATH"))))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ends the process; it is gone when this returns."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_TO_END)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
