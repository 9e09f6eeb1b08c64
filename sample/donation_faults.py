"""Decides which page of the exports of gifts gets which faults, and writes them into it.

Faults never change the clean population: refused rows are extra orders, odd spellings keep
their value, stale copies of an order are followed by its true state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from pipelines.reading.blocks import CUT_OFF, MALFORMED
from sample.donation_breaches import (
    BREACHES,
    JSON_BREACHES,
    ODDITIES,
    SOURCE,
    Breach,
    Oddity,
)
from sample.donation_files import Edit, ExportForm, record
from sample.gift_plan import Page
from sample.landing import UTF16, Dialect, Line
from sample.manifest import Faults, Outcome, Planted

NEW_COLUMN, NEW_CODE = "来源渠道", "碳账户捐"
PAID = "支付成功"


@dataclass
class Treatment:
    """What happens to one page."""

    form: ExportForm
    dialect: Dialect
    edits: list[Edit] = field(default_factory=list)
    packing: str = ""  # .gz or .zip
    footer_off_by: int | None = None  # error of the printed total in fen; None: none is printed
    cut: Line | None = None  # a last line without its end
    repeated_headings: int = 0
    planted: list[Planted] = field(default_factory=list)  # of the file as a whole


class _SpreadRows:
    """Distinct rows spread over a page: small paid gifts that no later export changes.

    They are small so that an unreadable refund does not make a total noticeably short.
    """

    def __init__(self, frame: pl.DataFrame) -> None:
        plain = pl.col("is_gift") & pl.col("first_status").is_null() & (pl.col("shown") == PAID)
        small = pl.col("fen").is_between(100, 10_000)
        fit = frame.select(pl.arg_where(plain & small)).to_series().to_list()
        step = max(len(fit) // 60, 1)
        self._left: Iterator[int] = iter([r for i in range(step) for r in fit[i::step]])

    def take(self) -> int:
        """The next row. Raises ValueError if the page is too short for its faults."""
        try:
            return next(self._left)
        except StopIteration:
            raise ValueError("too few orders on a page for its faults: raise the scale") from None


@dataclass
class DonationFaults:
    """Plans the faults of each page; remembers orders that a later file must repeat."""

    level: Faults
    _serial: int = 0
    _later: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def many(self) -> bool:
        """True if everything is planted."""
        return self.level == "many"

    def treat(self, page: Page, form: ExportForm, frame: pl.DataFrame) -> Treatment:
        """The page's faults. Only the first page of a day and form has any."""
        made = Treatment(form, form.dialect)
        plans = {
            ("back_office", 0): self._refused_and_odd,
            ("back_office_gb", 0): self._odd_and_total,
            ("open_platform", 0): self._refused_json,
            ("back_office", 1): self._repeated,
            ("back_office_gb", 1): self._wrong_total,
            ("back_office", 2): self._damaged,
            ("open_platform", 2): self._new_column,
        }
        plan = plans.get((form.name, page.day_no))
        if plan and page.number == 1 and self.level != "none":
            plan(made, frame)
        return made

    def _refused_and_odd(self, made: Treatment, frame: pl.DataFrame) -> None:
        """First day: refused rows, odd spellings, orders that later files correct."""
        if self.many:
            made.dialect = UTF16
            made.planted.append(of_file("utf_16_tabs"))
        rows = _SpreadRows(frame)
        self._stale(made, frame, rows.take(), "cross_day_conflict", "next_day")
        self._stale(made, frame, rows.take(), "key_in_two_files", "same_day")
        for odd in ODDITIES:
            if odd.in_some or self.many:
                self._respell(made, frame, rows.take(), odd)
        self._breaches(made, frame, BREACHES)

    def _odd_and_total(self, made: Treatment, frame: pl.DataFrame) -> None:
        self._true_state(made, "key_in_two_files", "same_day")
        rows = _SpreadRows(frame)
        for odd in ODDITIES if self.many else ODDITIES[2:5]:
            self._respell(made, frame, rows.take(), odd)
        made.footer_off_by = 0
        made.planted.append(of_file("footer_right"))

    def _refused_json(self, made: Treatment, frame: pl.DataFrame) -> None:
        self._breaches(made, frame, JSON_BREACHES)

    def _repeated(self, made: Treatment, frame: pl.DataFrame) -> None:
        """Second day: equal rows, and an older state of an order before its newer one."""
        if self.many:
            made.dialect = Dialect(separator=";")
            made.planted.append(of_file("semicolons"))
        self._true_state(made, "cross_day_conflict", "next_day")
        rows = _SpreadRows(frame)
        for _ in range(5 if self.many else 2):
            row = rows.take()
            again = self._line(made, frame, row, {}, "row_twice", "duplicate")
            made.edits.append(Edit(row + 1, [again]))
        row = rows.take()
        older = self._line(made, frame, row, {"status": "待支付"}, "older_state", "superseded")
        made.edits.append(Edit(row, [older]))

    def _wrong_total(self, made: Treatment, frame: pl.DataFrame) -> None:
        made.packing, made.footer_off_by = ".zip", 100_000
        made.planted += [of_file("zip"), of_file("footer_wrong", note="1,000 yuan too high")]

    def _damaged(self, made: Treatment, frame: pl.DataFrame) -> None:
        """Third day: a heading among the rows, an unknown code, a last line cut off."""
        heading = of_file("repeated_heading", outcome="aside")
        line = Line(made.dialect.line(made.form.headings), "aside", 0, (heading,))
        made.edits.append(Edit(frame.height // 2, [line]))
        made.repeated_headings = 1
        row = _SpreadRows(frame).take()
        drift = Planted(
            "unknown_code",
            "drift",
            SOURCE,
            column="channel",
            text=NEW_CODE,
            outcome="loaded",
            key=str(frame["order_no"][row]),
        )
        cells = self._cells(made, frame, row, {"channel": NEW_CODE})
        text = record(made.form, made.dialect, cells)
        made.edits.append(Edit(row, (), Line(text, "loaded", int(frame["fen"][row]), (drift,))))
        cells = self._cells(made, frame, 0, {"order_no": self._fresh()})
        text = record(made.form, made.dialect, dict(list(cells.items())[:3]))
        cut = Planted("cut_off", "row", SOURCE, rule=CUT_OFF, outcome="quarantined")
        made.cut = Line(text, "quarantined", 0, (cut,))

    def _new_column(self, made: Treatment, frame: pl.DataFrame) -> None:
        made.packing = ".gz"
        columns = {**made.form.columns, NEW_COLUMN: (NEW_COLUMN, pl.lit("小程序"))}
        made.form = replace(made.form, columns=columns)
        made.planted += [
            of_file("gz"),
            Planted("unknown_column", "drift", SOURCE, column=NEW_COLUMN, outcome="loaded"),
        ]

    # How each fault is written.

    def _fresh(self) -> str:
        self._serial += 1
        return f"SYNFAULT{self._serial:08d}"

    def _cells(
        self, made: Treatment, frame: pl.DataFrame, row: int, changes: Mapping[str, str]
    ) -> dict[str, object]:
        """A row of the page with some texts changed (`changes` by the contract's columns)."""
        cells: dict[str, object] = made.form.render(frame.slice(row, 1)).row(0, named=True)
        for column, text in changes.items():
            cells[made.form.heading_of(column)] = text
        return cells

    def _line(
        self,
        made: Treatment,
        frame: pl.DataFrame,
        row: int,
        changes: Mapping[str, str],
        kind: str,
        outcome: Outcome,
    ) -> Line:
        """A copy of a row, with its outcome."""
        planted = Planted(kind, "row", SOURCE, outcome=outcome, key=str(frame["order_no"][row]))
        text = record(made.form, made.dialect, self._cells(made, frame, row, changes))
        return Line(text, outcome, int(frame["fen"][row]), (planted,))

    def _stale(
        self, made: Treatment, frame: pl.DataFrame, row: int, kind: str, repeated_in: str
    ) -> None:
        """An order in an older state; its true state is in a later file."""
        line = self._line(made, frame, row, {"status": "待支付"}, kind, "loaded")
        line.planted[0].note = "the older state"
        made.edits.append(Edit(row, (), line))
        self._later[repeated_in] = frame.slice(row, 1)

    def _true_state(self, made: Treatment, kind: str, repeated_in: str) -> None:
        """The true state of an order that an earlier file has in an older one."""
        one = self._later.pop(repeated_in, None)
        if one is not None:
            line = self._line(made, one, 0, {}, kind, "loaded")
            line.planted[0].note = "the state that stands"
            made.edits.append(Edit(0, [line]))

    def _breaches(self, made: Treatment, frame: pl.DataFrame, breaches: Sequence[Breach]) -> None:
        for i, breach in enumerate(b for b in breaches if b.in_some or self.many):
            row = (i * 11 + 3) % frame.height
            cells = self._cells(made, frame, row, {"order_no": self._fresh(), **breach.changes})
            planted = Planted(
                breach.kind,
                "row",
                SOURCE,
                rule=breach.rule,
                outcome="quarantined",
                key=None if breach.fields < 0 else str(cells[made.form.heading_of("order_no")]),
            )
            both = [planted]
            if breach.drift:
                both.append(
                    Planted(
                        "unknown_code",
                        "drift",
                        SOURCE,
                        column="status",
                        text=breach.changes["status"],
                        outcome="quarantined",
                    )
                )
            text = record(made.form, made.dialect, cells)
            if breach.fields > 0:
                text += f"{made.dialect.separator}多出的一格"
            elif breach.fields < 0:
                text = record(made.form, made.dialect, dict(list(cells.items())[1:]))
            elif breach.rule == MALFORMED:
                text = text[: len(text) // 2]
            fen = int(frame["fen"][row]) if breach.fen is None else breach.fen
            made.edits.append(Edit(row, [Line(text, "quarantined", fen, tuple(both))]))

    def _respell(self, made: Treatment, frame: pl.DataFrame, row: int, odd: Oddity) -> None:
        plain = self._cells(made, frame, row, {})[made.form.heading_of(odd.column)]
        before = "" if plain is None else str(plain)
        written = odd.spell(before)
        planted = Planted(
            odd.kind,
            "value",
            SOURCE,
            outcome="loaded",
            column=odd.column,
            text=written,
            expected={"same": before, "changed": written}.get(odd.expected or "", odd.expected),
            key=str(frame["order_no"][row]),
            note="kept in unread" if odd.is_unread else None,
        )
        text = record(made.form, made.dialect, self._cells(made, frame, row, {odd.column: written}))
        made.edits.append(Edit(row, (), Line(text, "loaded", int(frame["fen"][row]), (planted,))))


def of_file(kind: str, *, outcome: str = "loaded", note: str | None = None) -> Planted:
    """A fault of a file as a whole."""
    return Planted(kind, "file", SOURCE, outcome=outcome, note=note)
