"""From a block of text rows to clean lake rows and quarantined rows, as the contract says.

One `RowCleaner` per table of a file. `row_checks` finds which rows break which rule; `duplicates`
finds duplicate and superseded rows over the whole file; what rows mean is up to dbt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

import polars as pl

from pipelines.cleaning import columns as clean
from pipelines.cleaning import identities
from pipelines.cleaning.columns import Cleaned
from pipelines.cleaning.numbers import total
from pipelines.cleaning.people import free_text
from pipelines.dictionary import TYPES
from pipelines.reading.blocks import LINE, Block, ReadTable, cell
from pipelines.reading.headings import HeadingField
from pipelines.reading.refusals import FileRefused
from pipelines.reading.stated import stated
from pipelines.reading.units import currencies, in_other_money, money_units
from pipelines.sources import Column, Kind, Source
from pipelines.sources.contract import CURRENCY, UNIT_COLUMN
from pipelines.stages.load.claims import add_found
from pipelines.stages.load.donors import (
    donor_columns,
    personal_values,
    without_private_names,
)
from pipelines.stages.load.forgotten import NOBODY, Forgotten, without
from pipelines.stages.load.joining import join
from pipelines.stages.load.reasons import SHIFTED, quarantine_frame
from pipelines.stages.load.row_checks import any_of, broken_rules

BESIDE = (CURRENCY.name, UNIT_COLUMN.name)  # columns that qualify amounts, never joined
_UNREAD_LIMIT = 200  # characters of an unreadable value that are kept in the lake


@dataclass(frozen=True)
class FileFacts:
    """What every row of a file records about its file."""

    file_id: str
    file_name: str
    partition: date
    received_no: int
    first_seen: str
    landing_path: str


@dataclass
class Tally:
    """Counts over the rows of a file, in rows and in fen (law 1), and its unknown codes."""

    rows_read: int = 0
    fen_read: int = 0
    rows_quarantined: int = 0
    fen_quarantined: int = 0
    unknown_codes: Counter[tuple[str, str]] = field(default_factory=Counter)
    found: dict[str, Decimal] = field(default_factory=dict)  # claim → figure of the rows
    second: Counter[int] = field(default_factory=Counter)  # position → values not kept

    def add(self, other: Tally) -> None:
        """Adds the counts of a block to those of the file."""
        self.rows_read += other.rows_read
        self.fen_read += other.fen_read
        self.rows_quarantined += other.rows_quarantined
        self.fen_quarantined += other.fen_quarantined
        self.unknown_codes += other.unknown_codes
        self.second += other.second
        for claim, figure in other.found.items():
            self.found[claim] = self.found.get(claim, Decimal(0)) + figure


@dataclass(frozen=True)
class CleanBlock:
    """Rows for the lake, and rows refused with their reasons. `forgotten`: which of the block's
    rows have lost their person; None where none has."""

    good: pl.DataFrame
    bad: pl.DataFrame | None
    tally: Tally
    forgotten: pl.Series | None = None


class RowCleaner:
    """Cleans the blocks of one table under one contract."""

    def __init__(
        self,
        source: Source,
        table: ReadTable,
        facts: FileFacts,
        key: str,
        forgotten: Forgotten = NOBODY,
    ) -> None:
        self.source, self.table, self.facts = source, table, facts
        self._key, self._forgotten = key, forgotten
        self._fields: dict[str, HeadingField] = {}
        for found in table.heading.fields:
            self._fields.setdefault(found.column.name, found)
        several = {n: table.heading.of(n) for n in self._fields if n not in BESIDE}
        self._several = {n: fields for n, fields in several.items() if len(fields) > 1}
        self._units = money_units(table)
        self._required = frozenset(table.heading.form.needed(source.columns))
        unnamed = [c for c in source.columns if c.name not in self._fields]
        self._constants = dict(table.heading.form.constants) | {
            c.name: stated(c, table, facts.landing_path) for c in unnamed if c.stated
        }
        lacking = [c.name for c in unnamed if c.name not in self._constants]
        self._not_told = ";".join(lacking) or None

    def clean(self, block: Block) -> CleanBlock:
        """`block` cleaned and checked against the contract's rules. Safe to call in two threads."""
        rows, tally = block.frame, Tally(rows_read=block.frame.height)
        if self._several:
            rows = self._with_joined(rows, tally)
        cleaned = {
            c.name: self._column(c, rows) for c in self.source.columns if not self._is_lazy(c)
        }
        frame = self._assemble(rows, cleaned)
        broken = broken_rules(self.source, rows, frame, cleaned, self._required)
        self._count(tally, frame, broken, cleaned)
        forgotten = None
        if self.source.identity:  # after the rules: they hold whoever gave
            forgotten = self._forgotten.are(self.source, frame["donor_key"])
        if forgotten is not None:
            frame = without(self.source, frame, forgotten, self._key)
        if not broken:
            return CleanBlock(frame, None, tally, forgotten)
        bad = pl.DataFrame(broken).select(pl.any_horizontal(pl.all())).to_series()
        refused = quarantine_frame(
            self.source,
            self.facts,
            rows.filter(bad),
            pl.DataFrame(broken).filter(bad),
            self._fields,
            self.table.sheet,
            self._donors(frame, forgotten).filter(bad) if self.source.identity else None,
            forgotten.filter(bad) if forgotten is not None else None,
        )
        return CleanBlock(frame.filter(~bad), refused, tally, forgotten)

    @staticmethod
    def _donors(frame: pl.DataFrame, forgotten: pl.Series | None) -> pl.Series:
        """Whose the rows are; of those who are forgotten, nobody's."""
        return frame["donor_key"] if forgotten is None else frame["donor_key"].set(forgotten, None)

    def _is_lazy(self, column: Column) -> bool:
        """True of a person's name that is read only if no id tells who gave: no rule needs it."""
        return column.personal and column.kind is Kind.TEXT and column.name not in self._required

    def _raw(self, column: Column, rows: pl.DataFrame) -> pl.Series | None:
        found = self._fields.get(column.name)
        if found is None:
            constant = self._constants.get(column.name)
            if constant is None:
                return None
            one = pl.Series(column.name, [constant], dtype=pl.String)
            return one.new_from_index(0, rows.height)
        return rows[cell(found.position)]

    def _with_joined(self, rows: pl.DataFrame, tally: Tally) -> pl.DataFrame:
        """`rows` with each column that has several headings joined under the first of them."""
        for name, fields in self._several.items():
            column = self.source.by_name[name]
            parts = [self._typed(column, rows[cell(f.position)], rows, f) for f in fields]
            joined, differing = join(rows, fields, parts, self._units)
            if differing and self._matters(column):
                names = (self.table.heading.names[f.position].strip() for f in fields)
                raise FileRefused("file.two_columns", " / ".join(names))
            tally.second += differing
            rows = rows.with_columns(joined)
        return rows

    def _matters(self, column: Column) -> bool:
        """True of columns that identify a record or a donor, or hold an amount."""
        identity = self.source.identity.columns if self.source.identity else ()
        is_needed = column.key or column.name in self._required or column.name in identity
        return is_needed or column.kind in (Kind.MONEY, Kind.FINE_MONEY)

    def _column(self, column: Column, rows: pl.DataFrame) -> Cleaned:
        raw = self._raw(column, rows)
        if raw is None:
            dtype = pl.String() if column.personal else TYPES[column.kind].lake
            return Cleaned(
                pl.Series(column.name, [None], dtype=dtype).new_from_index(0, rows.height)
            )
        return self._typed(column, raw, rows, self._fields.get(column.name))

    def _typed(
        self, column: Column, raw: pl.Series, rows: pl.DataFrame, field: HeadingField | None
    ) -> Cleaned:
        """`raw` as the column's kind; `field` is None for a constant."""
        if column.personal:
            return personal_values(column, raw)
        if column.null_words:
            raw = raw.set(raw.str.strip_chars().is_in(column.null_words), None)
        day_1904 = self.table.date_1904
        match column.kind:
            case Kind.TEXT:
                return clean.without_errors(free_text(raw, column.value_words))
            case Kind.ID:
                return self._id(column, clean.clean_id(raw, is_key=column.key))
            case Kind.USCC:
                return self._id(column, clean.clean_uscc(raw))
            case Kind.REGION:
                return self._id(column, clean.clean_region(raw))
            case Kind.CODE:
                own = self.table.heading.form.codes.get(column.name)
                got = clean.clean_code(raw, own or column.codes or {})
                if got.unread is None:
                    return got
                got = replace(got, values=identities.mask(got.values))
                if column.kept_codes is None:
                    return got
                kept = got.values.str.contains(f"^(?:{column.kept_codes})$")
                return Cleaned(got.values, got.unread & ~kept.fill_null(value=False))
            case Kind.FLAG:
                return clean.clean_flag(raw)
            case Kind.MONEY | Kind.FINE_MONEY:
                unit = self._units[field.position] if field else "元"
                parts = 1 if column.kind is Kind.MONEY else 1000
                other = in_other_money(self.table.heading, rows)
                got = clean.clean_money(raw, unit, per_fen=parts, most=column.most, other=other)
                if not column.other_money:
                    return got
                beside = currencies(self.table.heading, rows, unit)
                return clean.with_other_money(got, raw, beside, column.most)
            case Kind.INTEGER:
                return self._integer(column, raw, clean.clean_integer(raw, most=column.most))
            case Kind.SHARE:
                return clean.clean_share(raw)
            case Kind.NUMBER:
                return clean.clean_number(raw, most=column.most)
            case Kind.DATE:
                return clean.clean_date(raw, date_1904=day_1904)
            case Kind.DATETIME:
                return clean.clean_moment(raw, date_1904=day_1904)
            case Kind.SMALL | Kind.RATIO | Kind.PERCENT:  # what the star makes of what is read
                raise TypeError(f"{column.name}: no source prints a column of kind {column.kind}")

    def _id(self, column: Column, got: Cleaned) -> Cleaned:
        """A person's number in an id becomes a pseudonym, so that joins on the id still work."""
        ids = identities.pseudonymised(got.values, self._key, by_machine=column.by_machine)
        return replace(got, values=ids)

    @staticmethod
    def _integer(column: Column, raw: pl.Series, got: Cleaned) -> Cleaned:
        """A person's number is not a count: it becomes null, and its kept text is masked."""
        if column.by_machine:
            return got
        is_persons = (identities.mask(raw) != raw).fill_null(value=False)
        if not is_persons.any():
            return got
        unread = is_persons if got.unread is None else got.unread | is_persons
        return replace(got, values=got.values.set(is_persons, None), unread=unread)

    def _assemble(self, rows: pl.DataFrame, cleaned: Mapping[str, Cleaned]) -> pl.DataFrame:
        own = [
            cleaned[c.name].values.alias(c.lake_name) for c in self.source.columns if not c.personal
        ]
        for column in self.source.columns:
            if column.other_money:
                amounts, currency = cleaned[column.name].kept_apart()
                own += [amounts.alias(column.other_name), currency.alias(column.currency_name)]
        facts = self.facts
        by_name = self.source.by_name

        def raw(name: str) -> pl.Series | None:
            return self._raw(by_name[name], rows)

        def personal(name: str) -> pl.Series:
            got = cleaned.get(name) or self._column(by_name[name], rows)
            return got.values

        frame = pl.DataFrame(
            [*own, *donor_columns(self.source, personal, raw, rows.height, self._key)]
        )
        frame = frame.with_columns(
            self._unread(rows, cleaned),
            pl.lit(self._not_told, pl.String).alias("not_told"),
            pl.lit(facts.partition, pl.Date).alias("export_date"),
            pl.lit(facts.file_id, pl.String).alias("source_file_id"),
            pl.lit(self.table.sheet, pl.String).alias("source_sheet"),
            rows[LINE].alias("source_row"),
            pl.lit(facts.received_no, pl.Int64).alias("received_no"),
        )
        frame = without_private_names(self.source, frame)
        if self.source.derive:
            frame = self.source.derive(frame)
        return frame.select(self.source.lake_schema().keys())

    def _unread(self, rows: pl.DataFrame, cleaned: Mapping[str, Cleaned]) -> pl.Series:
        unread = {
            c.name: (cleaned[c.name].unread, self._raw(c, rows))
            for c in self.source.columns
            if not c.personal and c.kind is not Kind.CODE and cleaned[c.name].unread is not None
        }
        if not unread:
            return pl.Series("unread", [None], dtype=pl.String).new_from_index(0, rows.height)
        parts = [
            pl.when(mask).then(
                pl.lit(f"{name}=")
                + identities.mask(raw.str.strip_chars()).str.slice(0, _UNREAD_LIMIT)
            )
            for name, (mask, raw) in unread.items()
            if mask is not None and raw is not None
        ]
        text = pl.concat_str(parts, separator="; ", ignore_nulls=True)
        return rows.select(pl.when(text != "").then(text).alias("unread")).to_series()

    def _count(
        self,
        tally: Tally,
        frame: pl.DataFrame,
        broken: Mapping[str, pl.Series],
        cleaned: Mapping[str, Cleaned],
    ) -> None:
        add_found(tally.found, self.source, frame)
        money = self.source.money_column
        fen = frame[self.source.by_name[money].lake_name] if money else None
        tally.fen_read += total(fen) if fen is not None else 0
        if broken:
            bad = any_of(list(broken.values()))
            tally.rows_quarantined += int(bad.sum())
            tally.fen_quarantined += total(fen.filter(bad)) if fen is not None else 0
        # in a shifted row a "code" may be anything, even a donor's id
        misfits = [broken[r] for r in SHIFTED if r in broken]
        shifted = any_of(misfits) if misfits else None
        for name, got in cleaned.items():
            if self.source.by_name[name].kind is Kind.CODE and got.unread is not None:
                unknown = got.unread if shifted is None else got.unread & ~shifted
                words = got.values.filter(unknown).drop_nulls().value_counts()
                for word, count in words.iter_rows():
                    tally.unknown_codes[name, word[:40]] += count
