"""Whether a build goes on from the last release, and with how much of it.

It does if most of that release's lines still stand; how they are found is `note`'s. What follows
for each model is dbt's to say; what two files differ in, `restatements`'.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines.sources import SOURCES
from pipelines.stages.build.going_on.note import Note, Readings, readings
from pipelines.stages.build.restatements import Replacement
from pipelines.stages.standing.values import Standing

#: Beyond these shares of the gifts that stay, making anew is as fast as going on: of 58 million
#: gifts, writing all takes some 95 s, counting their donors 80, going on with hardly any new 60.
_MOST_CHANGED, _MOST_CHANGED_FOR_DONORS = 0.25, 0.1


@dataclass(frozen=True)
class Base:
    """The release that a build goes on from; `readings` are those whose rows it knew.

    `totals` are its gifts: how many, their fen, and the checksum of their order numbers.
    `replaced` are files of gifts that it knew and those that have taken their place since.
    """

    file: Path
    release_id: str
    readings: Readings
    totals: tuple[int, int, int]
    are_donors_kept: bool
    replaced: tuple[Replacement, ...] = ()


def choose(
    note: Note | None,
    known: Sequence[Standing],
    replacements: Sequence[Replacement] = (),
    restated: Mapping[str, int] | None = None,
) -> Base | None:
    """The release to go on from; None where all has to be made anew.

    `known` are the files whose rows count in the build to come. Of `replacements` the new file
    differs from the old in as many orders as `restated` says by its id.
    """
    if note is None:
        return None
    before = note.readings
    replaced = _replaced(before, known, replacements)
    anew = {r.new.receipt.file_id: (restated or {}).get(r.new.receipt.file_id, 0) for r in replaced}
    came = kept = 0
    for standing in known:
        if SOURCES[standing.receipt.source].holds_gifts:
            rows = standing.outcome.rows_loaded
            changed = anew.get(standing.receipt.file_id, rows)
            came += 0 if standing.reading in before else changed
            kept += rows if standing.reading in before else rows - min(rows, changed)
    if came > _MOST_CHANGED * kept:
        return None
    return Base(
        note.file, note.release_id, before, note.totals,
        are_donors_kept=came <= _MOST_CHANGED_FOR_DONORS * kept,
        replaced=replaced,
    )  # fmt: skip # a record


def _replaced(
    before: Readings, known: Sequence[Standing], replacements: Sequence[Replacement]
) -> tuple[Replacement, ...]:
    """Files of gifts that stood in the last release, and the one file that now stands for each."""
    now = readings(known)
    taken = Counter(r.new.receipt.file_id for r in replacements)
    return tuple(
        r
        for r in replacements
        if SOURCES[r.new.receipt.source].holds_gifts
        and r.old.reading in before
        and r.new.reading in now - before
        and taken[r.new.receipt.file_id] == 1
    )
