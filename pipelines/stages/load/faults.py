"""Distinguishes errors that refuse one file from errors that end the night.

An error while a file is read refuses that file and nothing else (law 4). A condition of
the machine is not the file's fault and is re-raised. A bug is not hidden: the
refusal gives the error's type and line, a gate warns, and the stack is kept beside the refused
rows.
"""

from __future__ import annotations

import traceback
from contextlib import suppress
from pathlib import Path

from pipelines.publishing.machine import condition
from pipelines.reading.refusals import FileRefused
from pipelines.settings import PROJECT_ROOT

#: The stack of the error, in the folder of a file's refused rows.
TRACE = "trace.txt"
#: Raised by a bug in Rust code; it does not derive from `Exception`.
_PANIC = "PanicException"


def is_of_the_file(error: BaseException) -> bool:
    """False of a condition of the machine, of Ctrl-C and of the end of the process."""
    if not isinstance(error, Exception) and type(error).__name__ != _PANIC:
        return False
    return isinstance(error, MemoryError | FileRefused) or condition(error) is None


def refusal_of(error: BaseException, folder: Path) -> str | None:
    """Why the file is refused; None if the error is not the file's and must be re-raised.

    For a bug, the stack is written into `folder` without the error's message, which may quote a
    row.
    """
    if isinstance(error, FileRefused):
        return error.reason
    if not is_of_the_file(error):
        return None
    where = _where(error)
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        frames = traceback.extract_tb(error.__traceback__)
        calls = [f"{f.filename}:{f.lineno} {f.name}" for f in frames]
        text = "\n".join((*calls, type(error).__qualname__))
        (folder / TRACE).write_text(text + "\n", encoding="utf-8")
    return FileRefused("file.unreadable", f"{type(error).__qualname__}, {where}").reason


def _where(error: BaseException) -> str:
    """The innermost line of this project's code in the stack, as `module:line`."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if Path(f.filename).is_relative_to(PROJECT_ROOT / "pipelines")]
    if not ours:
        return "?"
    last = ours[-1]
    return f"{Path(last.filename).relative_to(PROJECT_ROOT).as_posix()}:{last.lineno}"
