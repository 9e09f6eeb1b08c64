"""What ends the reading of one file, and what ends the night: errors told apart.

Whatever is raised while a file is read refuses that file and nothing else (law 4). A condition of
the machine is no fault of the file, and is raised on. A mistake of the program is not hidden: the
refusal names its kind and its line, a gate warns, and the way to it is kept beside the refused
rows.
"""

from __future__ import annotations

import traceback
from contextlib import suppress
from pathlib import Path

from pipelines.publishing.machine import condition
from pipelines.reading.refusals import FileRefused
from pipelines.settings import PROJECT_ROOT

#: The way to the error, in the folder of a file's refused rows.
TRACE = "trace.txt"
#: What Rust code raises in a mistake of its own; it is no `Exception`.
_PANIC = "PanicException"


def refusal_of(error: BaseException, folder: Path) -> str | None:
    """Why the file is refused; None where the error is none of the file's and is to be raised on.

    Where the program failed, the way there is written into `folder`, without what the error says:
    that may quote a row.
    """
    if isinstance(error, FileRefused):
        return error.reason
    if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
        return None  # Ctrl-C, the end of the process
    if not isinstance(error, MemoryError) and condition(error) is not None:
        return None
    where = _where(error)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        frames = traceback.extract_tb(error.__traceback__)
        way = [f"{f.filename}:{f.lineno} {f.name}" for f in frames]
        text = "\n".join((*way, type(error).__qualname__))
        (folder / TRACE).write_text(text + "\n", encoding="utf-8")
    return FileRefused("file.unreadable", f"{type(error).__qualname__}, {where}").reason


def _where(error: BaseException) -> str:
    """Module and line of ours, in which the error was raised or called forth."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(PROJECT_ROOT / "pipelines")]
    if not ours:
        return "?"
    last = ours[-1]
    return f"{Path(last.filename).relative_to(PROJECT_ROOT).as_posix()}:{last.lineno}"
