"""Landing → archive: every file's bytes kept under their hash, and a receipt of how it came.

Landing is never changed. A file that is still being written, or cannot be read, is left for the
next pull and affects no other.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import get_ident
from typing import NamedTuple

from pipelines.publishing.files import forget_pages
from pipelines.settings import BEIJING, MIB, Settings
from pipelines.stages.receive.landing import NO_FILE, Found, Ignored, Landing, cannot, in_order
from pipelines.stages.receive.unread import remember_unread
from pipelines.stages.store.bytes_kept import stamp
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import Receipt

_BLOCK = 8 * MIB
#: Suffix of an unfinished copy; after a crash it is deleted.
DRAFT = ".part"
_DAY = re.compile(r"(?<!\d)(20\d{2})([-_]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass
class PullReport:
    """What a pull found: how many files, new receipts, files left in landing."""

    seen: int = 0
    new: list[Receipt] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


def business_date(relative: str) -> date | None:
    """The date in a file's name (else in a folder's): the last one, if it holds a range."""
    for part in reversed(relative.split("/")):
        days = []
        for year, _, month, day in _DAY.findall(part):
            try:
                days.append(date(int(year), int(month), int(day)))
            except ValueError:  # 20240231 is a number, not a day
                continue
        if days:
            return days[-1]
    return None


class _File(NamedTuple):
    """A file in landing, in the order in which files are received: the oldest first."""

    mtime_ns: int
    relative: str
    source: str
    path: Path


class NotReceived(Exception):  # noqa: N818 - an outcome of the file, not a mistake of ours
    """A file in landing whose bytes could not be copied; the message says why."""


@contextmanager
def _of_the_file() -> Iterator[None]:
    """Turns an error about the file in landing into NotReceived: it concerns that file alone."""
    try:
        yield
    except (OSError, MemoryError) as error:
        if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
            raise  # a limit of this process, not a fault of the file
        raise NotReceived(cannot("无法读取 / cannot be read", error)) from error


@contextmanager
def _opened(path: Path) -> Iterator[io.FileIO]:
    """`path` opened for reading, without blocking if it is a pipe."""
    with _of_the_file():
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with io.FileIO(handle) as raw:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise NotReceived(NO_FILE)
        yield raw


def archive_bytes(path: Path, folder: Path) -> tuple[str, int]:
    """Copies `path` under its hash; returns hash and size.

    Raises NotReceived, or OSError if the archive cannot be written. Atomic: a crash leaves no half
    file. Nothing is kept of a file that changed meanwhile.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}-{get_ident()}{DRAFT}"
    digest, done = hashlib.sha256(), 0
    try:
        with _opened(path) as raw, draft.open("wb") as out:
            before = os.fstat(raw.fileno())
            room = memoryview(bytearray(min(before.st_size + 1, _BLOCK)))
            while True:
                with _of_the_file():
                    count = raw.readinto(room)
                if not count:
                    break
                digest.update(room[:count])
                done += out.write(room[:count])
                forget_pages(raw.fileno(), done)  # from now on only the archive's copy is read
            out.flush()
            os.fsync(out.fileno())
        with _of_the_file():
            after = path.stat()
        if _state(before) != _state(after) or done != before.st_size:
            raise NotReceived("仍在写入，下次再收 / still being written; left for the next pull")
        kept = folder / digest.hexdigest()
        if is_whole(kept, done):
            return kept.name, done
        draft.chmod(0o444)
        draft.replace(kept)
    finally:
        draft.unlink(missing_ok=True)
    return kept.name, done


def _state(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def is_whole(kept: Path, size: int) -> bool:
    """True if the archive already has a file of this hash with the right size."""
    try:
        return kept.stat().st_size == size
    except OSError:
        return False


def archived(settings: Settings, receipt: Receipt) -> Path:
    """Where a receipt's bytes are kept."""
    return settings.archive / receipt.source / receipt.sha256


def seen(catalog: Catalog) -> dict[str, tuple[int, int]]:
    """Every path that a pull has looked into, with its size and its time (ns) then."""
    with catalog.archive() as db:
        return {path: (size, mtime) for path, size, mtime in db.execute("select * from seen")}


def unknown(landing: Landing, known: Mapping[str, tuple[int, int]]) -> list[Found]:
    """What a pull has not looked into as it is now, oldest first: no bytes are read for that."""
    return [f for f in in_order(landing.found) if known.get(f.relative) != (f.size, f.mtime_ns)]


def pull(settings: Settings, on_new: Callable[[Receipt], None] | None = None) -> PullReport:
    """Receives what is new in the landing folder, oldest first. Raises SettingsError.

    `on_new` is called for each file once its bytes are on the disk and its receipt is written.
    """
    landing = Landing(settings)
    report = PullReport(seen=len(landing.found), ignored=landing.ignored)
    catalog = Catalog(settings)
    new = [
        _File(found.mtime_ns, found.relative, found.source, Path(found.path))
        for found in unknown(landing, seen(catalog))
    ]
    # two at a time: copying waits for the disk while hashing uses the processor
    with ThreadPoolExecutor(2, thread_name_prefix="pull") as pool:
        copies = pool.map(lambda f: _copy(f.path, settings.archive / f.source), new)
        for file, copy in zip(new, copies, strict=True):
            if isinstance(copy, str):
                report.ignored.append(Ignored(file.relative, copy, is_passing=True))
                continue
            receipt = _receive(catalog, file, *copy)
            if receipt:
                report.new.append(receipt)
                if on_new:
                    on_new(receipt)
    stamp(catalog, report.new)
    remember_unread(catalog, report.ignored)
    return report


def _copy(path: Path, folder: Path) -> tuple[str, int] | str:
    """Hash and size, or why the file was not received."""
    try:
        return archive_bytes(path, folder)
    except NotReceived as reason:
        return str(reason)


def _receive(catalog: Catalog, file: _File, sha256: str, size: int) -> Receipt | None:
    mtime_ns, relative, source, _ = file
    modified = datetime.fromtimestamp(mtime_ns / 1e9, BEIJING).replace(microsecond=0)
    now = datetime.now(BEIJING).replace(microsecond=0)
    day = business_date(relative)
    name = relative.rsplit("/", 1)[-1]
    with catalog.archive() as db:
        db.execute("insert or replace into seen values (?, ?, ?)", (relative, size, mtime_ns))
        earlier = db.execute(
            "select sha256 from receipts where landing_path = ? order by received_no", (relative,)
        ).fetchall()
        if earlier and earlier[-1] == (sha256,):
            return None  # touched, not changed
        added = db.execute(
            "insert into receipts (source, file_name, landing_path, sha256, bytes,"
            " modified_at, first_seen_at, partition) values (?, ?, ?, ?, ?, ?, ?, ?)",
            (source, name, relative, sha256, size, modified.isoformat(),
             now.isoformat(), day.isoformat() if day else None),
        )  # fmt: skip # a row
        number = int(added.lastrowid or 0)
    return Receipt(
        number, source, name, relative, sha256, size, modified, now, day, earlier.count((sha256,))
    )
