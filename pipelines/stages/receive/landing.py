"""What lies in the landing folder: the files to receive, and those left where they are, and why.

Looks only, and opens nothing but folders: a pipe or a device would keep a night waiting, a link may
lead anywhere. Receiving is `pull`'s.
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
)  # fmt: skip
#: What `juandi sample` says of the files that it wrote; no source's.
_OWN = "manifest.json"


@dataclass(frozen=True)
class Ignored:
    """A file left where it is, and why. `is_passing`: the next night may well find it readable."""

    path: str
    reason: str
    is_passing: bool = False


class Found(NamedTuple):
    """A file to receive, as the folder says."""

    mtime_ns: int
    relative: str
    source: str
    path: str
    size: int


UNKNOWN_SOURCE = "未登记的来源 / not a declared source"
NO_FOLDER = "不在任何来源的文件夹中 / lies in no source's folder"
EXTENSION = "不读此扩展名 / an extension never read"
LEADS_OUT = "链接指向收件目录之外，不跟随 / a link that leads out of landing is not followed"
LEADS_NOWHERE = "链接没有目标 / a link to nothing"
NO_FILE = "不是普通文件（管道、套接字或设备） / a pipe, a socket or a device, not a file"
NO_TEXT = "文件名不是有效文字 / its name is no valid text"


def cannot(what: str, error: BaseException) -> str:
    """Why something could not be read, in the system's own words, without its path."""
    said = error.strerror if isinstance(error, OSError) and error.strerror else ""
    return f"{what}: {said or type(error).__name__}"


class Landing:
    """One walk through the landing folder. Raises SettingsError if there is none to be read."""

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
        """Takes up an entry. `source` is None at the top; `seen`: the source's folders so far."""
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
            told = entry.stat()
        except (OSError, ValueError) as error:
            self._leave(relative, cannot("无法查看 / cannot be looked at", error), is_passing=True)
            return
        if stat.S_ISDIR(told.st_mode):
            self._enter(entry.path, relative, source or entry.name, seen)
        elif reason := _why_left(relative, source, told.st_mode):
            self._leave(relative, reason)
        elif source is not None:
            self.found.append(Found(told.st_mtime_ns, relative, source, entry.path, told.st_size))

    def _enter(self, path: str, relative: str, source: str, seen: set[str]) -> None:
        """Every folder once for a source, however many links lead to it."""
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
    """Why this file is not received; None if it is, or is nobody's business."""
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
