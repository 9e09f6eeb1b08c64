"""Landing → archive: every file's bytes kept under their hash, and a receipt of how it came.

Landing is never changed. A file that is still being written is left for the next time.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import get_ident
from typing import NamedTuple

from pipelines.cleaning.identities import mask_text
from pipelines.publishing.files import forget_pages
from pipelines.settings import BEIJING, MIB, Settings, SettingsError
from pipelines.sources import SOURCES
from pipelines.stages.catalog import Catalog, Receipt

READ = frozenset(
    {".csv", ".txt", ".tsv", ".json", ".jsonl", ".xls", ".xlsx", ".xlsm", ".xlsb", ".ods",
     ".zip", ".gz"}
)  # fmt: skip
_BLOCK = 8 * MIB
_DAY = re.compile(r"(?<!\d)(20\d{2})([-_]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")


@dataclass(frozen=True)
class Ignored:
    """A file left where it is, and why. `path` is told to people: a person's number is masked."""

    path: str
    reason: str

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", mask_text(self.path))


@dataclass
class PullReport:
    """What a pull found: files looked at, new receipts, files left."""

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


def _archive(path: Path, folder: Path) -> tuple[str, int] | None:
    """Copies `path` under its hash; returns hash and size, or None if it changed meanwhile.

    Atomic: a crash leaves no half file.
    """
    before = path.stat()
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{os.getpid()}-{get_ident()}.part"
    digest, done = hashlib.sha256(), 0
    room = memoryview(bytearray(min(before.st_size + 1, _BLOCK)))
    with path.open("rb") as raw, draft.open("wb") as out:
        while got := raw.readinto(room):
            digest.update(room[:got])
            done += out.write(room[:got])
            forget_pages(raw.fileno(), done)  # from here on the archive's copy is what is read
        out.flush()
        os.fsync(out.fileno())
    sha256 = digest.hexdigest()
    kept = folder / sha256
    if kept.exists():
        draft.unlink()
    else:
        draft.chmod(0o444)
        draft.replace(kept)
    after = path.stat()
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        return None
    return sha256, before.st_size


def archived(settings: Settings, receipt: Receipt) -> Path:
    """Where a receipt's bytes are kept."""
    return settings.archive / receipt.source / receipt.sha256


def pull(settings: Settings, on_new: Callable[[Receipt], None] | None = None) -> PullReport:
    """Receives what is new in the landing folder, oldest first. Raises SettingsError.

    `on_new` is told of each file as soon as its bytes are on the disk and its receipt is written.
    """
    if not settings.landing.is_dir():
        raise SettingsError(
            f"landing: no folder {settings.landing}; create it, or name one with --landing"
        )
    report = PullReport()
    catalog = Catalog(settings)
    with catalog.archive() as db:
        known = {p: (b, m) for p, b, m in db.execute("select * from seen")}
    found: list[_File] = []
    for folder in sorted(p for p in settings.landing.iterdir() if p.is_dir()):
        files = sorted(p for p in folder.rglob("*") if p.is_file())
        for path in files:
            relative = path.relative_to(settings.landing).as_posix()
            if any(part.startswith((".", "~$")) for part in relative.split("/")):
                continue
            if folder.name not in SOURCES:
                report.ignored.append(Ignored(relative, "未登记的来源 / not a declared source"))
            elif path.suffix.lower() not in READ:
                report.ignored.append(Ignored(relative, "不读此扩展名 / an extension never read"))
            else:
                found.append(_File(path.stat().st_mtime_ns, relative, folder.name, path))
    report.seen = len(found)
    new = [
        file
        for file in sorted(found)
        if known.get(file.relative) != (file.path.stat().st_size, file.mtime_ns)
    ]
    # two at a time: copying waits for the disk, hashing for the processor
    with ThreadPoolExecutor(2, thread_name_prefix="pull") as pool:
        copies = pool.map(lambda f: _archive(f.path, settings.archive / f.source), new)
        for file, copy in zip(new, copies, strict=True):
            if copy is None:
                report.ignored.append(
                    Ignored(file.relative, "仍在写入，下次再收 / still being written")
                )
                continue
            receipt = _receive(catalog, file, *copy)
            if receipt:
                report.new.append(receipt)
                if on_new:
                    on_new(receipt)
    return report


def _receive(catalog: Catalog, file: _File, sha256: str, size: int) -> Receipt | None:
    mtime_ns, relative, source, _ = file
    modified = datetime.fromtimestamp(mtime_ns / 1e9, BEIJING).replace(microsecond=0)
    now = datetime.now(BEIJING).replace(microsecond=0)
    day = business_date(relative)
    name = relative.rsplit("/", 1)[-1]
    with catalog.archive() as db:
        db.execute("insert or replace into seen values (?, ?, ?)", (relative, size, mtime_ns))
        came = db.execute(
            "select sha256 from receipts where landing_path = ? order by received_no", (relative,)
        ).fetchall()
        if came and came[-1] == (sha256,):
            return None  # touched, not changed
        added = db.execute(
            "insert into receipts (source, file_name, landing_path, sha256, bytes,"
            " modified_at, first_seen_at, partition) values (?, ?, ?, ?, ?, ?, ?, ?)",
            (source, name, relative, sha256, size, modified.isoformat(),
             now.isoformat(), day.isoformat() if day else None),
        )  # fmt: skip
        number = int(added.lastrowid or 0)
    return Receipt(number, source, name, relative, sha256, size, modified, now, day,
                   came.count((sha256,)))  # fmt: skip
