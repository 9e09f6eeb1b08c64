"""What must hold of any file whatever was done to it, told from its bytes without the reader.

Lines are counted here once more, values are those that the writer meant. A mutant may be loaded,
quarantined or refused with a reason; a row that stands whole on a line of its own is never lost,
never changed and never mixed with another.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.reading.refusals import FILE_RULES
from tests.fuzz.writers import Document, Row, said, view_of

if TYPE_CHECKING:
    from tests.fuzz.harness import Result

ENDS = re.compile("\r\r\n|\r\n|\n|\r")
SECONDS = 10.0
#: Nothing is wrong in what was taken, but good rows were not.
OVERCAUTIOUS = ("whole row quarantined", "refused though whole")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d*)?(?:e[+-]?\d{1,3})?)\s*(亿元|万元|亿|万|元|分)?", re.IGNORECASE)
_UNITS = {"分": 1, "元": 100, "万": 10**6, "万元": 10**6, "亿": 10**10, "亿元": 10**10}


class Wrong(NamedTuple):
    kind: str
    detail: str


def judge(doc: Document, view: str, result: Result) -> Wrong | None:
    """The first thing wrong with what reading `view` gave; None if nothing is."""
    return next(_wrongs(doc, view, result), None)


def _wrongs(doc: Document, view: str, result: Result) -> Iterator[Wrong]:
    outcome = result.outcome
    if result.error:
        yield Wrong("raised", result.error.strip().splitlines()[-1] + " <- " + _where(result.error))
        return
    if result.seconds > SECONDS:
        yield Wrong("slow", f"{result.seconds:.1f} s of processor time")
    if outcome.refusal is not None:
        rule = outcome.refusal.partition(":")[0]
        if rule not in FILE_RULES or rule == "file.unreadable":
            yield Wrong("raised", outcome.refusal)
        elif rule in ("file.no_heading", "file.encoding", "file.empty") and _stands(doc, view):
            yield Wrong("refused though whole", outcome.refusal)
        return
    yield from _accounts(doc, result)
    yield from _rows(doc, view, result)


def _where(trace: str) -> str:
    places = re.findall(r'File "[^"]*/(pipelines/[^"]+)", line (\d+)', trace)
    return ":".join(places[-1]) if places else "?"


def _accounts(doc: Document, result: Result) -> Iterator[Wrong]:
    """Rows and money add up, in the accounts and in what was written."""
    o = result.outcome
    if o.rows_read != o.rows_loaded + o.rows_quarantined + o.rows_duplicate + o.rows_superseded:
        yield Wrong("rows do not add up", f"{o}")
    if o.fen_read != o.fen_loaded + o.fen_quarantined + o.fen_duplicate + o.fen_superseded:
        yield Wrong("money does not add up", f"{o}")
    if (len(result.lake), len(result.refused)) != (o.rows_loaded, o.rows_quarantined):
        yield Wrong("rows written", f"{len(result.lake)} {len(result.refused)} {o}")
    amount = doc.layout.amount
    if amount and doc.layout.summed and sum(r[amount] or 0 for r in result.lake) != o.fen_loaded:
        yield Wrong("money written", f"{o}")
    if any(not (r["rule_ids"] and r["reasons_zh"] and r["reasons_en"]) for r in result.refused):
        yield Wrong("no reason", "a quarantined row says none")
    places = [r["source_row"] for r in (*result.lake, *result.refused)]
    if len(set(places)) != len(places):
        yield Wrong("two rows of one line", f"{sorted(places)}")


class _Lines:
    """The lines of a mutant and the rows that stand whole among them."""

    def __init__(self, doc: Document, view: str) -> None:
        self.doc = doc
        self.is_document = doc.form == "json"
        self.whole: dict[int, Row] = {}
        self.texts: list[str] = []
        self.heading: int | None = None  # its line, if it stands whole
        if self.is_document:
            self._records(view)
            return
        self.texts = ENDS.split(view)
        if self.texts[-1] == "":
            self.texts.pop()
        known = {r.lines: r for r in doc.rows}
        longest = max((len(r.lines) for r in doc.rows), default=1)
        at = 0
        while at < len(self.texts):
            for size in range(longest, 0, -1):
                row = known.get(tuple(self.texts[at : at + size]))
                if row is not None:
                    self.whole[at + 1] = row
                    at += size - 1
                    break
            at += 1
        if doc.heading and doc.heading in self.texts:
            self.heading = self.texts.index(doc.heading) + 1

    def _records(self, view: str) -> None:
        try:
            found = json.loads(said(view, self.doc.encoding), object_pairs_hook=lambda p: p or {})
        except (ValueError, RecursionError):
            return
        if self.doc.ended:  # in an envelope
            found = dict(found).get("data") if isinstance(found, list) and found and isinstance(found[0], tuple) else None
            found = dict(found).get("list") if isinstance(found, list) and found and isinstance(found[0], tuple) else None
        if not isinstance(found, list):
            return
        known = {tuple(r.pairs): r for r in self.doc.rows}
        for number, pairs in enumerate(found, 1):
            try:
                row = known.get(tuple(pairs))
            except TypeError:
                continue
            if row is not None:
                self.whole[number] = row

    @property
    def begin(self) -> int:
        """The line of the heading, whole or not; 0 where there is none."""
        if self.doc.form != "delimited":
            return 0
        return self.heading or max(min(self.whole, default=1) - 1, 0)


def _stands(doc: Document, view: str) -> bool:
    lines = _Lines(doc, view)
    if doc.form != "delimited":
        return bool(lines.whole) and doc.form == "jsonl" and 1 in lines.whole
    return lines.heading is not None and lines.heading <= 50 and any(r > lines.heading for r in lines.whole)


def _rows(doc: Document, view: str, result: Result) -> Iterator[Wrong]:
    lines = _Lines(doc, view)
    o = result.outcome
    lake = {r["source_row"]: r for r in result.lake}
    refused = {r["source_row"]: r for r in result.refused}
    left = sum(entry.rows for entry in o.left_out)
    lost = []
    for at, row in lines.whole.items():
        if at in lake:
            yield from _values(doc, row, lake[at], certain=lines.heading is not None or not doc.heading)
        elif at in refused:
            yield Wrong("whole row quarantined", f"line {at}: {refused[at]['rule_ids']}")
        else:
            lost.append((at, row))
    ids = {r[doc.layout.id] for r in result.lake}
    gone = [(at, row) for at, row in lost if row.values.get(doc.layout.id) not in ids]
    if len(gone) > left:
        kind = "lost above the heading" if all(at < lines.begin for at, _ in gone) else "lost"
        yield Wrong(kind, f"lines {[at for at, _ in gone]}, left out {left}")
    if len(lost) > left + o.rows_duplicate + o.rows_superseded:
        yield Wrong("lost", f"lines {[at for at, _ in lost]} of an order that is there once")
    yield from _others(doc, lines, lake, refused)
    if not lines.is_document and not ('"' in view and doc.form == "delimited"):
        taken = lake.keys() | refused.keys()
        open_lines = [
            n for n, t in enumerate(lines.texts, 1)
            if n > lines.begin and n not in taken and _says_something(t, doc)
        ]  # fmt: skip
        aside = o.footer_rows + o.repeated_headings + o.rows_duplicate + o.rows_superseded + left
        aside += sum(lines.texts[n - 1].lstrip().startswith("#") for n in open_lines)
        if len(open_lines) > aside:
            yield Wrong("line lost", f"lines {open_lines} are nowhere; {aside} are accounted for")


def _says_something(view: str, doc: Document) -> bool:
    text = _INVISIBLE.sub("", said(view, doc.encoding)).strip()
    return bool(text.strip(doc.delimiter + " \t\xa0\u3000\x85\u2028\u2029" if doc.delimiter else None))


def _values(doc: Document, row: Row, got: dict[str, Any], *, certain: bool) -> Iterator[Wrong]:
    """A whole row is in the lake as it was meant."""
    asked = row.values if certain else {c: row.values.get(c) for c in (doc.layout.id, doc.layout.amount) if c}
    for column, value in asked.items():
        if _joined(got[column]) != _joined(value) and not (not certain and got[column] is None):
            yield Wrong("value changed", f"line {got['source_row']} {column}: {got[column]!r}, not {value!r}")


def _joined(value: Any) -> Any:
    """A text whatever its line breaks are."""
    return ENDS.sub("\n", value) if isinstance(value, str) else value


def _others(
    doc: Document, lines: _Lines, lake: dict[int, dict[str, Any]], refused: dict[int, Any]
) -> Iterator[Wrong]:
    """Rows of damaged lines hold only what stands on their own line (or quoted lines)."""
    starts = sorted(lake.keys() | refused.keys() | lines.whole.keys())
    for at, got in lake.items():
        if at in lines.whole:
            continue
        if lines.is_document:
            continue
        if not 1 <= at <= len(lines.texts):
            yield Wrong("no such line", f"line {at} of {len(lines.texts)}")
            continue
        end = next((s for s in starts if s > at), len(lines.texts) + 1)
        text = _flat("\n".join(said(t, doc.encoding) for t in lines.texts[at - 1 : end - 1]))
        name, amount = got[doc.layout.id], doc.layout.amount
        if name is not None and _flat(name) not in text:
            yield Wrong("not of this line", f"line {at}: {doc.layout.id} {name!r}")
        if amount and got[amount] is not None and abs(got[amount]) not in set(_amounts(text, doc)):
            yield Wrong("not of this line", f"line {at}: {amount} {got[amount]!r}")


def _flat(text: str) -> str:
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace('"', "")


def _amounts(text: str, doc: Document) -> Iterator[int]:
    """Every amount in fen that can be read anywhere in `text`."""
    usual = 1 if doc.layout.in_fen else 10**6 if doc.layout.source == "organizations" else 100
    for number, unit in _NUMBER.findall(text):
        for word in {number.replace(",", ""), *number.split(",")}:
            try:
                value = Decimal(word) * (_UNITS.get(unit) or usual)
                yield round(value) if abs(value) < 10**20 else 0
            except ArithmeticError:
                continue
