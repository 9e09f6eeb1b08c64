"""Turns foreseen errors into a sentence and an exit status.

`publishing.machine` recognises conditions of the machine. Any other error is a bug and keeps its
traceback.
"""

from __future__ import annotations

import sqlite3

from pipelines.cli.console import Exit, Trouble
from pipelines.publishing.machine import condition
from pipelines.settings import SettingsError


def foreseen(error: BaseException) -> Trouble | None:
    """The trouble behind an error; None for a bug."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, SettingsError):
        return Trouble(str(error))
    import duckdb  # imported only after a failure, because it takes a moment

    if not isinstance(error, OSError | sqlite3.Error | duckdb.Error | MemoryError):
        return None
    found = condition(error)
    if found is None and isinstance(error, MemoryError):
        return Trouble(
            "内存不足，请关闭其他程序 / there is not enough memory: close other programs",
            Exit.BLOCKED,
        )
    detail = f"{type(error).__name__}: {error}"
    if found is None:
        if not isinstance(error, OSError):
            return None
        return Trouble(f"系统报错 / the system reports: {detail}", Exit.BLOCKED)
    return Trouble(f"{found.sentence} [{detail}]", Exit.USAGE if found.is_setting else Exit.BLOCKED)
