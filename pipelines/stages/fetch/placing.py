"""A file on its way into landing: its unfinished part, and the step by which it is there whole.

Parts lie in a hidden folder of the source, which landing passes over, so that the last step is a
rename within a file system. A part is named for what it is a part of: one of another version is
never gone on with.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from pipelines.publishing.files import move
from pipelines.settings import MIB, Settings
from pipelines.stages.fetch.offers import Offer
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.store.bytes_kept import hash_of

#: Left on the disk for the rest of the night.
_LEAST_FREE = 512 * MIB
#: Of one part of a path, in bytes: longer names fit no file system that we know.
_LONGEST = 255


def unsafe(name: str) -> str | None:
    """Why a name that a server gave may be no path below a folder of ours; None if it may."""
    parts = name.split("/")
    if not name or name.startswith("/") or "" in parts:
        return "absolute, or an empty part"
    if ".." in parts or "." in parts:
        return "leads upwards"
    if "\\" in name or any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 for c in name):
        return "a backslash or a control character"
    try:
        encoded = [part.encode("utf-8") for part in parts]
    except UnicodeEncodeError:
        return "not valid text"
    return "too long" if any(len(part) > _LONGEST for part in encoded) else None


class Placing:
    """Where the files of a pull go. Raises PullFailed where the source's folder cannot be used."""

    def __init__(self, settings: Settings, source: str, pull: str) -> None:
        self._landing = settings.landing
        self._folder = settings.landing / source / pull
        self._parts = settings.landing / source / f".{pull}"
        self._used: set[Path] = set()

    def target(self, name: str) -> Path:
        """Where a file goes. Raises PullFailed where that is not a free place below landing."""
        if why := unsafe(name):
            raise PullFailed("pull.name", why, name=name)
        path = self._folder / name
        try:
            for made in (path.parent, self._parts):
                made.mkdir(parents=True, exist_ok=True)
            inside = path.parent.resolve().is_relative_to(self._landing.resolve())
            if not inside or path.is_symlink() or path.is_dir():
                raise PullFailed("pull.in_the_way", name=name)
        except (FileExistsError, NotADirectoryError):
            raise PullFailed("pull.in_the_way", name=name) from None
        return path

    def part(self, offer: Offer) -> Path:
        """Where its bytes are gathered: there may be some of an earlier try."""
        word = f"{offer.name}\n{offer.version}\n{offer.day}"
        path = self._parts / f"{hashlib.sha256(word.encode()).hexdigest()[:24]}.part"
        self._used.add(path)
        return path

    def check_room(self, size: int | None) -> None:
        """Raises PullFailed where the disk has no room for so many bytes more."""
        free = shutil.disk_usage(self._parts).free
        if free - (size or 0) < _LEAST_FREE:
            raise PullFailed("pull.no_room", f"{free // MIB} MiB")

    def tidy(self) -> None:
        """Removes parts of what is no longer offered."""
        if self._parts.is_dir():
            for path in self._parts.iterdir():
                if path not in self._used:
                    path.unlink(missing_ok=True)


def gather(part: Path, blocks: Iterable[bytes], most: int, check_time: Callable[[], None]) -> None:
    """Appends blocks to a part. Raises PullFailed beyond `most` bytes in all."""
    with part.open("ab") as out:
        size = out.tell()
        for block in blocks:
            size += len(block)
            if size > most:
                raise PullFailed("pull.too_large", f"> {most}")
            out.write(block)
            check_time()
        out.flush()
        os.fsync(out.fileno())


def place(part: Path, target: Path, modified: datetime | None) -> bool:
    """Puts a whole part into landing in one step; False where the same bytes are there already.

    Its time is the one that the server told: a register without a date is of that day. A file that
    differs from the one before it also has another time or size, for that is how it is noticed.
    """
    before = target.stat() if target.is_file() else None
    is_as_long = before is not None and before.st_size == part.stat().st_size
    if is_as_long and hash_of(target) == hash_of(part):
        part.unlink()
        return False
    if modified is not None:
        at = int(modified.timestamp() * 1_000_000) * 1_000
        if before is not None and before.st_mtime_ns == at:
            at += 1_000
        os.utime(part, ns=(at, at))
    move(part, target)
    return True
