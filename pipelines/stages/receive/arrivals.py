"""Files that no night has received yet, seen without reading, keeping or changing anything.

Sizes and times alone are compared, as receiving does; whether the bytes are others is known when
they are received. Places that files are pulled from are `fetch.arrivals`'s.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from pipelines.cleaning.identities import mask_text
from pipelines.settings import Settings
from pipelines.stages.receive.landing import Landing
from pipelines.stages.receive.pull import business_date, seen, unknown
from pipelines.stages.store.catalog import Catalog


class Arrival(NamedTuple):
    """A file to be received. `name` is shown: below landing, or below the place it is pulled from.

    `mark` changes whenever the file does. `is_late`: its source has files of a later day.
    """

    source: str
    name: str
    mark: str
    day: date | None
    is_changed: bool
    is_late: bool


def landed(settings: Settings) -> list[Arrival]:
    """Files in landing that the receipts do not know as they are, oldest first.

    Nothing where there is no landing folder. Raises CatalogDamaged.
    """
    if not settings.landing.is_dir():
        return []
    catalog = Catalog(settings)
    # asked first: opening the catalogue would make one
    known = seen(catalog) if catalog.archive_file.exists() else {}
    found = unknown(Landing(settings), known)
    newest = newest_days(settings) if found else {}
    return [
        arrival(
            f.source, f.relative, f"{f.relative} {f.size} {f.mtime_ns}", newest, f.relative in known
        )
        for f in found
    ]


def arrival(
    source: str, name: str, mark: str, newest: dict[str, date], is_changed: bool
) -> Arrival:
    """A file, and whether it is late. `newest`: the newest day received of each source."""
    day = business_date(name)
    is_late = day is not None and source in newest and day < newest[source]
    return Arrival(source, mask_text(name), mark, day, is_changed, is_late)


def newest_days(settings: Settings) -> dict[str, date]:
    """Source → the newest day in a name of its received files."""
    catalog = Catalog(settings)
    if not catalog.archive_file.exists():
        return {}
    with catalog.archive() as db:
        rows = db.execute("select source, max(partition) from receipts group by source").fetchall()
    return {source: date.fromisoformat(day) for source, day in rows if day}
