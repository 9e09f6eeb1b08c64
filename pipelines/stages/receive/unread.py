"""Files in landing that were not received: recorded by a pull, for the release to list them.

`landing` and `pull` decide why a file is left. What was not read of a received file is in its
outcome.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pipelines.cleaning.identities import mask_text
from pipelines.reading.left_out import LeftKind
from pipelines.settings import BEIJING, Settings
from pipelines.stages.build.findings import LeftOutRecord
from pipelines.stages.receive.landing import Ignored
from pipelines.stages.store.catalog import Catalog


def remember_unread(catalog: Catalog, ignored: Iterable[Ignored]) -> None:
    """Records what this pull left, with the time it was first left; files that are gone go too."""
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
            [(path, *entry, now) for path, entry in left.items() if known.get(path) != entry],
        )


def unread_files(settings: Settings) -> list[LeftOutRecord]:
    """Files that the last pull left, as rows of `ops.left_out`."""
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
            kind=LeftKind.FILE,
            place=f"{path}: {reason}",
            rows=0,
            cells=0,
            first_seen=datetime.fromisoformat(seen).replace(tzinfo=None),
        )
        for path, reason, seen in rows
    ]


def lasting(settings: Settings) -> list[str]:
    """Files left for a lasting reason. A change of this list is worth a new release."""
    with Catalog(settings).archive() as db:
        return [
            f"{path} {reason}"
            for path, reason in db.execute(
                "select landing_path, reason from unread where not is_passing order by landing_path"
            )
        ]
