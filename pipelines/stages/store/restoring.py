"""What a person does about a damaged store: check every byte, restore the archive's catalogue.

`juandi doctor` looks, and changes nothing; `--repair` restores. What mends itself at night is
`healing`'s.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from pathlib import Path

from pipelines.settings import Settings
from pipelines.stages.store.bytes_kept import archive_fault, check_parts, stamps
from pipelines.stages.store.catalog import Catalog, CatalogDamaged
from pipelines.stages.store.healing import check, lay_aside, noted_parts
from pipelines.stages.store.journal import lacking, read_journal, restore
from pipelines.stages.store.let_go import ARCHIVE, let_go_in
from pipelines.stages.store.receipts import Receipt
from pipelines.stages.store.zones import Places


@dataclass(frozen=True)
class Restored:
    """What a repair did."""

    rows: int = 0  # put back into the archive's catalogue
    damaged_lines: int = 0  # of the journal, which can no longer be read
    aside: Path | None = None  # where the damaged catalogue lies now


def catalogue_trouble(settings: Settings) -> str | None:
    """What is wrong with the archive's catalogue; None if it is whole or does not exist yet."""
    catalog = Catalog(settings)
    if not settings.archive.is_dir():
        return None
    try:
        check(catalog.archive_file, catalog.archive)
    except CatalogDamaged as damaged:
        return str(damaged)
    return None


def journal_trouble(settings: Settings) -> str | None:
    """What is wrong with the journal of a whole catalogue; None if it can be read and has all."""
    catalog = Catalog(settings)
    journal = catalog.journal
    if not journal.exists():
        return None
    kept = read_journal(journal)
    if kept.damaged:
        return f"{journal}: {kept.damaged} 行已损坏 / {kept.damaged} lines are damaged"
    with catalog.archive() as db:
        lost = lacking(db, kept)
    return f"{journal}: 缺少 {lost} 条 / {lost} rows are not in it" if lost else None


def archive_troubles(settings: Settings) -> list[tuple[Receipt, str]]:
    """Receipts whose archived bytes are missing or altered; every byte is hashed, once."""
    catalog = Catalog(settings)
    places, known, looked = Places(settings), stamps(catalog), dict[tuple[str, str], str | None]()
    let_go = let_go_in(catalog, ARCHIVE)
    kept = [receipt for receipt in catalog.receipts() if receipt.received_no not in let_go]
    for receipt in kept:
        place = (receipt.source, receipt.sha256)
        if place not in looked:
            looked[place] = archive_fault(places, receipt, known, deep=True)[0]
    return [(r, f) for r in kept if (f := looked[r.source, r.sha256])]


def lake_troubles(settings: Settings) -> list[tuple[Receipt, str]]:
    """Receipts whose parts are not those that were written; every byte is hashed."""
    catalog = Catalog(settings)
    if not catalog.lake_file.exists():
        return []
    places, parts, outcomes = Places(settings), noted_parts(catalog), catalog.outcomes()
    found = []
    for receipt in catalog.receipts():
        if receipt.received_no in outcomes:
            _, outcome = outcomes[receipt.received_no]
            noted = parts.get(receipt.received_no, ())
            fault, _ = check_parts(places, receipt, outcome, noted, deep=True)
            if fault:
                found.append((receipt, fault))
    return found


def repair(settings: Settings) -> Restored:
    """Makes the archive's catalogue again from its journal where it is damaged or missing.

    Where the catalogue is whole and the journal is not, the journal is written again from it. Loads
    whose parts are damaged are forgotten: the next refresh reads their files again. Under the lock
    that the caller holds. Raises OSError.
    """
    catalog = Catalog(settings)
    restored = Restored()
    if catalogue_trouble(settings) is not None:
        restored = _restore(catalog)
    elif journal_trouble(settings) is not None:
        catalog.journal.unlink()
        with catalog.archive():
            pass  # a journal that is not there is written whole
    try:
        for receipt, _ in lake_troubles(settings):
            catalog.forget(receipt.received_no)
    except (CatalogDamaged, sqlite3.DatabaseError):
        pass  # the next refresh makes that one again
    return restored


def _restore(catalog: Catalog) -> Restored:
    journal = read_journal(catalog.journal)
    aside = lay_aside(catalog.archive_file) if catalog.archive_file.exists() else None
    kept = catalog.journal.with_suffix(".restoring")
    catalog.journal.replace(kept)  # the restored catalogue writes a new journal
    try:
        with catalog.archive(create=True) as db:
            rows = restore(db, journal)
    except BaseException:  # also when it is interrupted: whole or not at all
        for half in (catalog.archive_file, catalog.journal):
            half.unlink(missing_ok=True)
        kept.replace(catalog.journal)
        raise
    kept.unlink()
    return Restored(rows, journal.damaged, aside)
