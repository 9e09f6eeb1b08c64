"""The log that a machine reads: one JSON object a line, on stderr, where `JUANDI_LOG=json`.

Each has `time`, `level` and `event`; every other field is named here, and holds no free text but
`text`. So no person, query, path of a page, name of a file or word of a library, which may quote a
row, gets into it. `JUANDI_DEBUG=1` adds the words of libraries, for who looks for a mistake,
and lines of level debug.
Without the variable nothing of this is written, and people read sentences (`cli.console`).
"""

from __future__ import annotations

import json
import logging
import os
import sys
import traceback
from datetime import datetime
from pathlib import Path
from typing import Literal

from pipelines.settings import BEIJING, PROJECT_ROOT, SettingsError

Level = Literal["debug", "info", "warning", "error"]
#: Every field that a line may have, in this order.
FIELDS = (
    "run", "release", "step", "status", "seconds", "total",  # a night and its steps
    "source", "file_id", "rule_id", "rows_loaded", "rows_quarantined",  # a file
    "model", "severity", "failing_rows", "as_of",  # a model, a check, a release
    "method", "route", "milliseconds",  # a request
    "error", "condition", "where", "logger", "exit_code", "text", "debug",  # what went wrong
)  # fmt: skip # a list


def is_json() -> bool:
    """Whether lines are wanted."""
    return os.environ.get("JUANDI_LOG") == "json"


def log(event: str, level: Level = "info", **fields: object) -> None:
    """Writes a line, where lines are wanted. Raises ValueError for a field that is not named."""
    if unknown := fields.keys() - set(FIELDS):
        raise ValueError(f"a log has no field {sorted(unknown)}")
    if not is_json() or (level == "debug" and not os.environ.get("JUANDI_DEBUG")):
        return
    now = datetime.now(BEIJING).isoformat(timespec="milliseconds")
    given = {name: fields[name] for name in FIELDS if fields.get(name) is not None}
    line = {"time": now, "level": level, "event": event, **given}
    sys.stderr.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
    sys.stderr.flush()


def of_error(error: BaseException) -> dict[str, str]:
    """Fields that say which error it is and which line of our code it came through."""
    own = [f for f in traceback.extract_tb(error.__traceback__) if _is_ours(f.filename)]
    where = {"where": f"{_inner(own[-1].filename)}:{own[-1].lineno}"} if own else {}
    words = {"debug": str(error)} if os.environ.get("JUANDI_DEBUG") else {}
    return {"error": type(error).__name__, **where, **words}


def listen_to_libraries() -> None:
    """From now on what libraries warn of is a line too, where lines are wanted: that they do, and
    where in their code, not in what words. Raises SettingsError for a form that there is not."""
    if (form := os.environ.get("JUANDI_LOG") or "text") not in ("text", "json"):
        raise SettingsError(f"JUANDI_LOG: {form!r} is not known; text and json are")
    root = logging.getLogger()
    if is_json() and not any(isinstance(handler, _OfLibraries) for handler in root.handlers):
        root.handlers = [_OfLibraries(logging.WARNING)]
        logging.captureWarnings(True)


class _OfLibraries(logging.Handler):
    def emit(self, record: logging.LogRecord) -> None:
        """One line for a record."""
        level: Level = "error" if record.levelno >= logging.ERROR else "warning"
        error = record.exc_info[1] if record.exc_info else None
        fields = {
            "where": f"{record.module}:{record.lineno}",
            **(of_error(error) if error else {}),
            **({"debug": record.getMessage()} if os.environ.get("JUANDI_DEBUG") else {}),
        }
        log("library", level, logger=record.name, **fields)


def _is_ours(file: str) -> bool:
    path = Path(file)
    return path.is_relative_to(PROJECT_ROOT) and _inner(file).partition("/")[0] in {
        *("pipelines", "pages", "sample"),
    }


def _inner(file: str) -> str:
    return Path(file).relative_to(PROJECT_ROOT).as_posix()
