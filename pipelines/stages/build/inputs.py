"""What goes into a release: the known files, the as-of date, and a hash of it all.

Two nights with the same hash make the same release. Which files stand is decided in `standing`;
what is made of them, in `build`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.stages.build.going_on.code import code_digest
from pipelines.stages.fetch.faults import failing
from pipelines.stages.load.due import pending
from pipelines.stages.receive.unread import lasting
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.archive_faults import archive_faults
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import entries


def as_of_day(settings: Settings, standings: Sequence[Standing]) -> date:
    """The as-of date: the newest day of a dated source, unless a day is asked for.

    Taken from the data and not the clock, so that the same input gives the same release (law 3).
    Where no dated source stands, it is the newest day that a register states; a register's file
    date counts only where there is nothing else that it could make look old.
    """
    if settings.as_of:
        return settings.as_of
    stands = [s for s in standings if s.is_active and s.partition]
    dated = [s for s in stands if SOURCES[s.receipt.source].dated]
    stated = [s for s in stands if s.outcome.is_day_stated]
    days = [s.partition for s in dated or stated or stands if s.partition]
    return max(days, default=date(1970, 1, 1))


def known_files(settings: Settings, standings: Sequence[Standing]) -> list[Standing]:
    """The files whose rows count: those that stand. If a day is asked for, those of later days are
    left out; a register that states no day is known whenever it was received."""
    asked = settings.as_of
    return [
        s
        for s in standings
        if s.is_active
        and s.partition
        and (asked is None or s.partition <= asked or not s.outcome.is_day_stated)
    ]


@dataclass(frozen=True)
class Inputs:
    """What a release is made of, determined once: `known` are the files whose rows count in it.

    `state` is the catalogues' word before they were read.
    """

    state: str
    standings: tuple[Standing, ...]
    known: tuple[Standing, ...]
    as_of: date
    hash: str


def inputs_of(settings: Settings) -> Inputs:
    """Looks at all that was received: once a night, for it takes a moment for thousands of files.

    The hash changes when the files that stand, the as-of date, people's decisions or the code do.
    """
    catalog = Catalog(settings)
    state, standings = catalog.state, tuple(resolve(settings))
    as_of = as_of_day(settings, standings)
    digest = hashlib.sha256()
    for standing in standings:
        digest.update(f"{standing.receipt.file_id} {standing.status}\n".encode())
    decided = catalog.decisions(), catalog.file_decisions(), catalog.corrections()
    digest.update(f"{as_of}\n{decided}\n".encode())
    # only where there are any: a warehouse that forgot nobody is as it was
    for entry in entries(catalog):
        digest.update(f"forgotten {entry.entry_no} {entry.mark}\n".encode())
    digest.update("\n".join([*lasting(settings), *failing(settings)]).encode())
    digest.update(repr([(f.source_file_id, f.fault) for f in archive_faults(settings)]).encode())
    digest.update(code_digest().encode())
    known = tuple(known_files(settings, standings))
    return Inputs(state, standings, known, as_of, digest.hexdigest()[:32])


def settle(settings: Settings, inputs: Inputs) -> bool:
    """Keeps the hash for nights that find nothing changed; False where something is still unread.

    It is kept under the catalogues' state, the code and the day asked for.
    """
    if pending(settings, stand=inputs.standings):
        return False
    Catalog(settings).settle(_under(settings, inputs.state), inputs.hash)
    return True


def settled_hash(settings: Settings) -> str | None:
    """The inputs' hash, if all that was received has been read; else None.

    Where nothing has changed since the hash was kept, no receipt is looked at.
    """
    catalog = Catalog(settings)
    last = catalog.settled()
    if last and last[0] == _under(settings, catalog.state):
        return last[1]
    inputs = inputs_of(settings)
    return inputs.hash if settle(settings, inputs) else None


def _under(settings: Settings, state: str) -> str:
    return f"{state} {code_digest()} {settings.as_of}"
