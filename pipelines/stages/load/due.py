"""Which received files have still to be read. Reading one is `load`'s."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.standing.resolve import resolve
from pipelines.stages.standing.values import Standing
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import Receipt
from pipelines.stages.store.zones import code_version


def pending(
    settings: Settings, source: Source | None = None, stand: Sequence[Standing] | None = None
) -> list[Receipt]:
    """Receipts not yet read by this version of the code, in order.

    Of several with the same bytes and day only the first: the others are its duplicates. If it
    turns out not to stand, they are pending once it has been read. `stand`: the standing of every
    received file, if the caller has it.
    """
    unread, like = _unread(settings, source)
    if not unread:
        return []
    read = {_bytes_of(r) for r in like if r.received_no not in unread}
    if stand is None:  # bytes that came once are nobody's duplicates
        stand = resolve(settings, source) if len(like) > len(_firsts(like)) else []
    duplicates = {s.receipt.received_no for s in stand if s.status == "duplicate"}
    waiting: set[tuple[str, str, date]] = set()
    todo = []
    for receipt in like:
        if receipt.received_no not in unread or receipt.received_no in duplicates:
            continue
        if _bytes_of(receipt) in read or _bytes_of(receipt) not in waiting:
            todo.append(receipt)
            waiting.add(_bytes_of(receipt))
    return todo


def news(settings: Settings, source: Source | None = None) -> list[Receipt]:
    """Of what is pending, the first of their bytes: pending whatever stands, and quickly known."""
    unread, like = _unread(settings, source)
    return [r for r in _firsts(like) if r.received_no in unread]


def _unread(settings: Settings, source: Source | None) -> tuple[set[int], list[Receipt]]:
    """What this version of the code has not read, and all receipts of the same bytes."""
    catalog = Catalog(settings)
    unread = catalog.unread(code_version(), source.name if source else None)
    like = catalog.receipts_like(unread) if unread else []
    return set(unread), [r for r in like if r.source in SOURCES]


def _firsts(receipts: Sequence[Receipt]) -> list[Receipt]:
    firsts: dict[tuple[str, str], Receipt] = {}
    for receipt in receipts:
        firsts.setdefault((receipt.source, receipt.sha256), receipt)
    return list(firsts.values())


def _bytes_of(receipt: Receipt) -> tuple[str, str, date]:
    """Equal for files that may turn out to be the same bytes of the same day."""
    return receipt.source, receipt.sha256, receipt.partition or receipt.modified_at.date()
