"""What is in the landing folder: the files to receive, the files left there, and why.

Only folders are opened: a pipe or a device would block the night, and a link may lead anywhere.
`pull` receives the files.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipelines.settings import Settings, SettingsError
from pipelines.sources import SOURCES

READ = frozenset(
    {".csv", ".txt", ".tsv", ".json", ".jsonl", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods",
     ".zip", ".gz"}
)  # fmt: skip # a list
#: Written by `juandi sample` about its files; it belongs to no source.
_OWN = "manifest.json"


@dataclass(frozen=True)
class Ignored:
    """A file left where it is, and why. `is_passing`: it may be readable the next night."""

    path: str
    reason: str
    is_passing: bool = False


class Found(NamedTuple):
    """A file to receive, as listed in its folder."""

    mtime_ns: int
    relative: str
    source: str
    path: str
    size: int


UNKNOWN_SOURCE = "未登记的来源 / not a declared source"
NO_FOLDER = "不在任何来源的文件夹中 / not in the folder of any source"
EXTENSION = "不读取此扩展名 / files with this extension are not read"
LEADS_OUT = "链接指向收件目录之外，不跟随 / a link that leads out of landing is not followed"
LEADS_NOWHERE = "链接没有目标 / the link leads nowhere"
NO_FILE = "不是普通文件（管道、套接字或设备） / a pipe, a socket or a device, not a file"
NO_TEXT = "文件名不是有效文字 / its name is not valid text"


def cannot(what: str, error: BaseException) -> str:
    """Why something could not be read, in the system's words, without its path."""
    message = error.strerror if isinstance(error, OSError) and error.strerror else ""
    return f"{what}: {message or type(error).__name__}"


class Landing:
    """One walk through the landing folder. Raises SettingsError if it cannot be read."""

    def __init__(self, settings: Settings) -> None:
        self._root = settings.landing
        self._real = os.path.realpath(self._root)
        self.found: list[Found] = []
        self.ignored: list[Ignored] = []
        try:
            entries = sorted(os.scandir(self._root), key=lambda entry: entry.name)
        except FileNotFoundError:
            raise SettingsError(
                f"landing: no folder {self._root}; create it, or name one with --landing"
            ) from None
        except OSError as error:
            raise SettingsError(f"landing: {self._root} cannot be read: {error.strerror}") from None
        for entry in entries:
            self._look(entry, entry.name, None, set())

    def _leave(self, relative: str, reason: str, *, is_passing: bool = False) -> None:
        text = relative.encode("utf-8", "backslashreplace").decode("utf-8")
        self.ignored.append(Ignored(text, reason, is_passing))

    def _look(
        self, entry: os.DirEntry[str], relative: str, source: str | None, seen: set[str]
    ) -> None:
        """Sorts one entry into `found` or `ignored`, or enters its folder.

        `source` is None at the top. `seen`: real paths of the source's folders visited so far.
        """
        if entry.name.startswith((".", "~$")):
            return
        try:
            if entry.is_symlink():
                real = os.path.realpath(entry.path)
                if not Path(real).exists():
                    self._leave(relative, LEADS_NOWHERE)
                    return
                if os.path.commonpath([real, self._real]) != self._real:
                    self._leave(relative, LEADS_OUT)
                    return
            status = entry.stat()
        except (OSError, ValueError) as error:
            self._leave(relative, cannot("无法查看 / cannot be examined", error), is_passing=True)
            return
        if stat.S_ISDIR(status.st_mode):
            self._enter(entry.path, relative, source or entry.name, seen)
        elif reason := _why_left(relative, source, status.st_mode):
            self._leave(relative, reason)
        elif source is not None:
            self.found.append(
                Found(status.st_mtime_ns, relative, source, entry.path, status.st_size)
            )

    def _enter(self, path: str, relative: str, source: str, seen: set[str]) -> None:
        """Visits a folder once per source, however many links lead to it."""
        real = os.path.realpath(path)
        if real in seen:
            return
        seen.add(real)
        try:
            entries = sorted(os.scandir(path), key=lambda entry: entry.name)
        except OSError as error:
            what = "无法列出文件夹 / the folder cannot be listed"
            self._leave(f"{relative}/", cannot(what, error), is_passing=True)
            return
        for entry in entries:
            self._look(entry, f"{relative}/{entry.name}", source, seen)


def _why_left(relative: str, source: str | None, mode: int) -> str | None:
    """Why this file is not received; None if it is, or if it need not be reported."""
    is_read = os.path.splitext(relative)[1].lower() in READ  # noqa: PTH122 - asked of every file
    if source is None:
        return NO_FOLDER if is_read and relative != _OWN else None
    if source not in SOURCES:
        return UNKNOWN_SOURCE
    if not stat.S_ISREG(mode):
        return NO_FILE
    if not is_read:
        return EXTENSION
    return None if _is_text(relative) else NO_TEXT


def _is_text(name: str) -> bool:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def in_order(found: list[Found]) -> Iterator[Found]:
    """The oldest first: the order in which files are received."""
    yield from sorted(found)
