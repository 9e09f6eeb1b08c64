"""Who changed what readers see, when and why: a line for every switch, kept apart from releases.

    warehouse/history/switches.jsonl    {"at": …, "kind": "rolled_back", "release_id": …}

Written after the switch, for the switch is what counts: the published file names its own release.
Where a crash came between the two, the next start writes what it finds (`found`). No release and no
retention touches the file; a line that is torn is passed over.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from pipelines.publishing.files import sync_file
from pipelines.settings import BEIJING, Settings


class SwitchKind(StrEnum):
    """How readers came to see a release."""

    PUBLISHED = "published"
    BACK = "rolled_back"
    FORWARD = "rolled_forward"
    FOUND = "found"  # by the next start: who, and when exactly, is not known


@dataclass(frozen=True)
class Switch:
    """Readers see `release_id` from `at` on (Beijing wall clock); `before` they saw another.

    `reason` is without persons' numbers, for it is shown on pages.
    """

    at: datetime
    kind: SwitchKind
    release_id: str
    before: str | None = None
    by: str = ""
    reason: str = ""


def switches_file(settings: Settings) -> Path:
    """Where the lines are kept."""
    return settings.warehouse / "history" / "switches.jsonl"


def note_switch(
    settings: Settings,
    kind: SwitchKind,
    release_id: str,
    before: str | None = None,
    *,
    by: str = "",
    reason: str = "",
) -> None:
    """Writes a line, onto the disk. A line that cannot be written is `found` by the next start."""
    if reason:
        from pipelines.cleaning.identities import mask_text  # brings Polars: not for every command

        reason = mask_text(reason)
    switch = Switch(
        datetime.now(BEIJING).replace(tzinfo=None, microsecond=0),
        kind, release_id, before, by, reason,
    )  # fmt: skip # a record
    line = json.dumps(asdict(switch), ensure_ascii=False, default=str).encode("utf-8")
    file = switches_file(settings)
    with suppress(OSError):
        is_new = not file.exists()
        file.parent.mkdir(exist_ok=True)
        with file.open("a+b") as log:
            if log.seek(0, os.SEEK_END):
                log.seek(-1, os.SEEK_END)
                if log.read(1) != b"\n":
                    log.write(b"\n")
            log.write(line + b"\n")
            log.flush()
            os.fsync(log.fileno())
        if is_new:
            sync_file(file.parent)


def _read(settings: Settings) -> Iterator[Switch]:
    try:
        lines = switches_file(settings).read_bytes().splitlines()
    except OSError:
        return
    for line in lines:
        with suppress(ValueError, KeyError, TypeError):
            told = json.loads(line)
            told["at"] = datetime.fromisoformat(told["at"])
            told["kind"] = SwitchKind(told["kind"])
            yield Switch(**told)


def switches(settings: Settings) -> list[Switch]:
    """All of them, the newest last."""
    return list(_read(settings))


def shown_since(settings: Settings, release_id: str) -> Switch:
    """The switch by which readers came to see the release that is published now.

    Where no line tells of it, `found`, at the time of the published file.
    """
    last = next(reversed(switches(settings)), None)
    if last is not None and last.release_id == release_id:
        return last
    try:
        seen = settings.published.stat().st_mtime
    except OSError:
        seen = datetime.now(BEIJING).timestamp()
    at = datetime.fromtimestamp(seen, BEIJING).replace(tzinfo=None, microsecond=0)
    return Switch(at, SwitchKind.FOUND, release_id, last.release_id if last else None)


def note_found(settings: Settings, release_id: str) -> None:
    """Writes what a crash kept from being written, if anything. Under the lock."""
    if not switches_file(settings).exists():
        return  # a warehouse of older code, or a new one: its next switch begins the log
    last = next(reversed(switches(settings)), None)
    if last is None or last.release_id != release_id:
        before = last.release_id if last else None
        note_switch(settings, SwitchKind.FOUND, release_id, before)
