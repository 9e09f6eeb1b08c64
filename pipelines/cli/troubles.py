"""Which errors are foreseen, and the sentence and exit status that each ends in.

Recognising a condition of the machine is `publishing.machine`'s. What is not foreseen is a mistake
of the program, and keeps its traceback.
"""

from __future__ import annotations

import sqlite3

from pipelines.cli.console import Exit, Trouble
from pipelines.publishing.machine import condition
from pipelines.settings import SettingsError


def foreseen(error: BaseException) -> Trouble | None:
    """The trouble behind an error; None for a mistake of the program."""
    if isinstance(error, Trouble):
        return error
    if isinstance(error, SettingsError):
        return Trouble(str(error))
    import duckdb  # only where something went wrong: importing it takes a moment

    if not isinstance(error, OSError | sqlite3.Error | duckdb.Error | MemoryError):
        return None
    found = condition(error)
    if found is None and isinstance(error, MemoryError):
        return Trouble("内存不足 / there is not enough memory: close other programs", Exit.BLOCKED)
    said = f"{type(error).__name__}: {error}"
    if found is None:
        if not isinstance(error, OSError):
            return None
        return Trouble(f"系统报错 / the system says: {said}", Exit.BLOCKED)
    return Trouble(f"{found.sentence} [{said}]", Exit.USAGE if found.is_setting else Exit.BLOCKED)
