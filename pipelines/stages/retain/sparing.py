"""What must stay however old it is: the clauses, each with the words that say so.

Which files are old enough is `due`'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

import duckdb

from pipelines.publishing.releases import kept_file, list_releases, previous_file
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.let_go import ARCHIVE
from pipelines.stages.store.receipts import Receipt

#: What a file's bytes are kept for, in both languages.
UNDECIDED = "该来源有文件待定 / a file of its source waits for a decision"
NOTHING_STANDS = "该来源没有在用的文件 / no file of its source stands"
NO_SUCCESSOR = "取代它的文件已不在用 / what replaced it does not stand"
IN_A_RELEASE = "保留的发布仍用到它 / a kept release counts its rows"
SAME_BYTES = "另一份收到的文件有相同字节 / another file that is needed has the same bytes"
REFERRED_TO = "另一份文件的状态以它为据 / the standing of another file refers to it"
OTHERS_CHANGE = "少了它，其他文件的状态会变 / without it other files would stand otherwise"

#: Takes a file from what goes, with the reason.
_Spare: TypeAlias = Callable[[int, str], None]


def bytes_of(receipt: Receipt) -> tuple[str, str]:
    """What receipts of the same archived file share."""
    return receipt.source, receipt.sha256


def spare_what_must_stay(
    settings: Settings,
    standings: Sequence[Standing],
    zones: dict[int, dict[str, str]],
    receipts: Sequence[Receipt],
    spared: dict[int, str],
) -> None:
    """Moves from `zones` to `spared` what must stay, each with the reason."""
    by_number = {s.receipt.received_no: s for s in standings}
    undecided = {s.receipt.source for s in standings if s.status == "held"}
    stands = {s.receipt.source for s in standings if s.is_active}

    def spare(number: int, why: str) -> None:
        if zones.pop(number, None) is not None:
            spared[number] = why

    for number in list(zones):
        standing = by_number[number]
        source = standing.receipt.source
        if source in undecided:
            spare(number, UNDECIDED)
        elif source not in stands:
            spare(number, NOTHING_STANDS)
        elif standing.status != "refused" and not _leads_to_one_that_stands(standing, by_number):
            spare(number, NO_SUCCESSOR)
    counted = _in_kept_releases(settings, [by_number[n].receipt.file_id for n in zones])
    for number in list(zones):
        if by_number[number].receipt.file_id in counted:
            spare(number, IN_A_RELEASE)
    while True:
        before = len(zones)
        _spare_what_is_needed(standings, zones, receipts, spare)
        if len(zones) == before:
            for source in {by_number[n].receipt.source for n in zones}:
                _try_without(settings, source, by_number, zones, spare)
            if len(zones) == before:
                return


def _leads_to_one_that_stands(standing: Standing, by_number: Mapping[int, Standing]) -> bool:
    """Whether what replaced it, or what that was replaced by, counts now."""
    seen: set[int] = set()
    now: Standing | None = standing
    while now is not None and now.other is not None and now.receipt.received_no not in seen:
        seen.add(now.receipt.received_no)
        now = by_number.get(now.other.received_no)
    return now is not None and now.is_active


def _spare_what_is_needed(
    standings: Sequence[Standing],
    zones: Mapping[int, Mapping[str, str]],
    receipts: Sequence[Receipt],
    spare: _Spare,
) -> None:
    """Bytes that another receipt needs, one still to be read too; files to which one that stays
    refers."""
    needed = {bytes_of(r) for r in receipts if ARCHIVE not in zones.get(r.received_no, ())}
    referred = {
        s.other.received_no
        for s in standings
        if s.other is not None and not s.is_let_go and s.receipt.received_no not in zones
    }
    for standing in standings:
        number = standing.receipt.received_no
        if number in referred and not standing.is_let_go:
            spare(number, REFERRED_TO)
        elif ARCHIVE in zones.get(number, ()) and bytes_of(standing.receipt) in needed:
            spare(number, SAME_BYTES)


def _try_without(
    settings: Settings,
    source: str,
    by_number: Mapping[int, Standing],
    zones: Mapping[int, Mapping[str, str]],
    spare: _Spare,
) -> None:
    """Spares what the standing of others turns out to rest on."""
    own = [n for n in zones if by_number[n].receipt.source == source]
    new = {n for n in own if not by_number[n].is_let_go}
    if not new:
        return
    found = {s.receipt.received_no: s for s in resolve(settings, SOURCES[source], new)}
    rest = {n: s for n, s in by_number.items() if s.receipt.source == source and n not in new}
    changed = [n for n, s in rest.items() if n not in found or not _stands_alike(s, found[n])]
    changed += [n for n in found if n not in rest]
    if changed:
        days = {s.partition for n in changed if (s := by_number.get(n) or found.get(n))}
        near = [n for n in own if by_number[n].partition in days]
        for number in near or own:  # and it is tried again without these
            spare(number, OTHERS_CHANGE)


def _stands_alike(one: Standing, other: Standing) -> bool:
    return (
        one.status == other.status
        and one.decision == other.decision
        and one.partition == other.partition
        and (one.held is None) == (other.held is None)
        and (one.other and one.other.received_no) == (other.other and other.other.received_no)
    )


def _in_kept_releases(settings: Settings, file_ids: Sequence[str]) -> set[str]:
    """Of these files, those whose rows a kept release counts: it is to be traced to its lines."""
    counted: set[str] = set()
    if not file_ids:
        return counted
    files = {kept_file(settings, release.release_id) for release in list_releases(settings)}
    if (shown := previous_file(settings)) is not None:
        files.add(shown)
    for file in files:
        try:
            with duckdb.connect(str(file), read_only=True) as db:
                rows = db.execute(
                    "select source_file_id from ops.load_audit where status = 'loaded'"
                    " and list_contains(?, source_file_id)",
                    [list(file_ids)],
                ).fetchall()
        except duckdb.Error:  # whatever it is, it does not say that they may go
            return set(file_ids)
        counted |= {file_id for (file_id,) in rows}
    return counted
