"""Files in landing that were not received: kept by a pull, for the release to name them.

Why a file is left is found out in `landing` and `pull`. What a file that was received held beyond
what was taken is in its outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipelines.cleaning.identities import mask_text
from pipelines.reading.left_out import Kind
from pipelines.settings import BEIJING, Settings
from pipelines.stages.build.findings import LeftOutRecord
from pipelines.stages.receive.landing import Ignored
from pipelines.stages.store.catalog import Catalog


def remember_unread(catalog: Catalog, ignored: Iterable[Ignored]) -> None:
    """Keeps what tonight's pull left, with the day it was first left; what is gone is forgotten."""
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    left = {mask_text(i.path): (i.reason, int(i.is_passing)) for i in ignored}
    with catalog.archive() as db:
        rows = db.execute("select landing_path, reason, is_passing from unread").fetchall()
        known = {path: (reason, passing) for path, reason, passing in rows}
        if known == left:
            return
        db.executemany(
            "delete from unread where landing_path = ?",
            [(path,) for path in known if path not in left],
        )
        db.executemany(
            "insert into unread values (?, ?, ?, ?) on conflict (landing_path) do update"
            " set reason = excluded.reason, is_passing = excluded.is_passing",
            [(path, *told, now) for path, told in left.items() if known.get(path) != told],
        )


def unread_files(settings: Settings) -> list[LeftOutRecord]:
    """What the last pull left, as rows of `ops.left_out`."""
    with Catalog(settings).archive() as db:
        rows = db.execute(
            "select landing_path, reason, first_seen_at from unread order by landing_path"
        ).fetchall()
    return [
        LeftOutRecord(
            source=path.partition("/")[0],
            partition=None,
            file_name=path.rstrip("/").rpartition("/")[2],
            source_file_id=None,
            kind=Kind.FILE,
            place=f"{path}: {reason}",
            rows=0,
            cells=0,
            first_seen=datetime.fromisoformat(seen).replace(tzinfo=None),
        )
        for path, reason, seen in rows
    ]


def lasting(settings: Settings) -> list[str]:
    """Those that the next night will find as they are: their coming and going makes a release."""
    with Catalog(settings).archive() as db:
        return [
            f"{path} {reason}"
            for path, reason in db.execute(
                "select landing_path, reason from unread where not is_passing order by landing_path"
            )
        ]
