"""The account of one file: what the rows of its tables come to, as an outcome.

Rows are read in `table_rows`; what is done with a file's outcome is `load`'s.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from pipelines.cleaning.identities import mask_text
from pipelines.reading.blocks import ReadTable
from pipelines.reading.footers import Aside
from pipelines.reading.heading_rows import shown
from pipelines.reading.left_out import LeftOut
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source
from pipelines.stages.load.bounds import bounded_footer, hold_within_bounds
from pipelines.stages.load.claims import settle
from pipelines.stages.load.duplicates import KeyCheck
from pipelines.stages.load.joining import second_columns
from pipelines.stages.load.rows import Tally
from pipelines.stages.load.scales import Scale, total
from pipelines.stages.load.table_rows import RowsRead
from pipelines.stages.store.receipts import Outcome


class Account:
    """Adds up the tables of a file of one partition, in their order."""

    def __init__(
        self, source: Source, aside: Aside, partition: date, *, is_day_stated: bool
    ) -> None:
        self.partition = partition
        self._source, self._aside, self._is_day_stated = source, aside, is_day_stated
        self._tally = Tally()
        self._scales: list[Scale] = []
        self._claims: tuple[tuple[str, str, str], ...] = ()
        self._encodings: dict[str, None] = {}
        self._dialects: dict[str, None] = {}
        self._unknown: dict[str, None] = {}
        self._left_out: list[LeftOut] = []

    def add(self, table: ReadTable, read: RowsRead) -> None:
        """Adds a table that has been read, before the next one is."""
        aside = self._aside
        self._scales += read.scales
        self._claims += settle(self._source, table.sheet, aside.claimed, read.tally.found)
        aside.totals.settle(read.fen)
        aside.truncated |= table.truncated
        left = (*table.left_out, *second_columns(table, read.tally.second))
        self._left_out += [one._replace(place=mask_text(one.place)) for one in left]
        self._encodings[table.encoding] = self._dialects[table.dialect] = None
        self._unknown.update(
            dict.fromkeys(mask_text(shown(name)) for name in table.heading.unknown)
        )
        self._tally.add(read.tally)

    def outcome(self, keys: KeyCheck) -> Outcome:
        """The outcome, once all parts are written: repeated keys are taken out of them.

        Raises FileRefused.
        """
        tally, aside = self._tally, self._aside
        aside.totals.finish()
        _refuse_unreached(tally, aside, self._claims)
        found = keys.settle()
        rows_loaded = (
            tally.rows_read - tally.rows_quarantined - found.rows_duplicate - found.rows_superseded
        )
        fen_loaded = (
            tally.fen_read - tally.fen_quarantined - found.fen_duplicate - found.fen_superseded
        )
        hold_within_bounds(tally.fen_read, tally.fen_quarantined, fen_loaded)
        footer_fen, beyond = bounded_footer(aside.totals.footer_fen, tally.fen_read)
        return Outcome(
            partition=self.partition,
            is_day_stated=self._is_day_stated,
            encoding=", ".join(self._encodings),
            dialect=", ".join(self._dialects),
            rows_read=tally.rows_read,
            rows_loaded=rows_loaded,
            rows_quarantined=tally.rows_quarantined,
            rows_duplicate=found.rows_duplicate,
            rows_superseded=found.rows_superseded,
            fen_read=tally.fen_read,
            fen_loaded=fen_loaded,
            fen_quarantined=tally.fen_quarantined,
            fen_duplicate=found.fen_duplicate,
            fen_superseded=found.fen_superseded,
            footer_rows=aside.footer_rows,
            footer_fen=footer_fen,
            totals_told=aside.totals.checked,
            totals_wrong=aside.totals.wrong,
            claims=self._claims + beyond,
            truncated=aside.truncated,
            repeated_headings=aside.repeated_headings,
            unknown_columns=tuple(self._unknown),
            unknown_codes=tuple((c, w, n) for (c, w), n in sorted(tally.unknown_codes.items())),
            left_out=tuple(self._left_out),
            scales=total(self._scales),
        )


def _refuse_unreached(tally: Tally, aside: Aside, claims: tuple[tuple[str, str, str], ...]) -> None:
    """Refuses a file without rows whose own figures are not 0: it is not an empty export."""
    figures = [f"{name} {printed}" for name, printed, _ in claims if Decimal(printed)]
    if aside.totals.footer_fen:
        figures.append("a total that is not 0")
    if figures and not tally.rows_read:
        raise FileRefused("file.no_rows", f"its own figures speak of rows: {', '.join(figures)}")
