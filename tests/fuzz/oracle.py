"""What must hold of any file whatever was done to it, told from its bytes without the reader.

Lines are counted here once more, values are those that the writer meant. A mutant may be loaded,
quarantined or refused with a reason; a row that stands whole on a line of its own is never lost,
never changed and never mixed with another.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from pipelines.reading.refusals import FILE_RULES
from tests.fuzz.counted import ENDS, TABLES, Lines
from tests.fuzz.writers import Document, Row, said

if TYPE_CHECKING:
    from tests.fuzz.harness import Result

SECONDS, MEBIBYTES = 10.0, 256
#: Nothing is wrong in what was taken, but good rows were not.
OVERCAUTIOUS = ("whole row quarantined", "refused though whole")
#: What a file may say that it left, so that rows of it are nowhere else.
_WHOLE_ROWS = ("block", "list", "sheet", "file")
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_NUMBER = re.compile(
    r"([￥¥]?)(\d[\d,]*(?:\.\d*)?(?:e[+-]?\d{1,3})?)\s*(亿元|万元|亿|万|元|分)?", re.IGNORECASE
)
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
    if result.grown > MEBIBYTES:
        yield Wrong("large", f"{result.grown} MiB of memory")
    if outcome.refusal is not None:
        rule = outcome.refusal.partition(":")[0]
        if rule not in FILE_RULES or rule == "file.unreadable":
            yield Wrong("raised", outcome.refusal)
        elif rule in ("file.no_heading", "file.encoding", "file.empty") and _stands(
            doc, view, rule
        ):
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


def _stands(doc: Document, view: str, rule: str) -> bool:
    """Whether heading and rows stand whole, in text that plainly is of its encoding."""
    text = said(view, doc.encoding)
    if rule == "file.encoding" and (bad := text.count("\ufffd")):
        good = sum(c > "\x7f" for c in text) - bad
        if not doc.encoding.startswith("utf-8") or good < 10 * bad:
            return False
    lines = Lines(doc, view)
    if doc.form not in TABLES:
        return doc.form == "jsonl" and 1 in lines.whole
    begin = lines.heading
    return begin is not None and begin <= 50 and any(at > begin for at in lines.whole)


def _rows(doc: Document, view: str, result: Result) -> Iterator[Wrong]:
    lines = Lines(doc, view)
    o = result.outcome
    lake = {r["source_row"]: r for r in result.lake}
    refused = {r["source_row"]: r for r in result.refused}
    left = sum(entry.rows for entry in o.left_out if entry.kind in _WHOLE_ROWS)
    lost = []
    for at, row in lines.whole.items():
        if at in lake:
            if lines.is_certain(at):
                yield from _values(row, lake[at])
        elif at in refused:
            if lines.is_certain(at):
                yield Wrong("whole row quarantined", f"line {at}: {refused[at]['rule_ids']}")
        else:
            lost.append((at, row))
    ids = {r[doc.layout.id] for r in result.lake}
    gone = [(at, row) for at, row in lost if row.values.get(doc.layout.id) not in ids]
    is_known = lines.heading is not None or not doc.heading
    # under a heading that says other names nobody can tell of a repeated row which id it has
    if len(gone) > left + (0 if is_known else o.rows_duplicate + o.rows_superseded):
        above = all(at < lines.begin for at, _ in gone)
        where = "" if is_known else " under a damaged heading"
        kind = "lost above the heading" if above else f"lost{where}"
        yield Wrong(kind, f"lines {[at for at, _ in gone]}, left out {left}")
    if len(lost) > left + o.rows_duplicate + o.rows_superseded:
        yield Wrong("lost", f"lines {[at for at, _ in lost]} of an order that is there once")
    yield from _others(doc, lines, lake, refused)
    if not lines.is_document and not ('"' in view and doc.form in TABLES):
        taken = lake.keys() | refused.keys()
        open_lines = [
            n
            for n, text in enumerate(lines.texts, 1)
            if n > lines.begin and n not in taken and not lines.is_heading(text)
            if _says_something(text, doc)
        ]
        aside = o.footer_rows + o.rows_duplicate + o.rows_superseded + left
        # where no line is the whole heading or above a row, a damaged one was taken for it
        aside += doc.form in TABLES and lines.begin == 0
        aside += sum(lines.texts[n - 1].lstrip().startswith("#") for n in open_lines)
        if len(open_lines) > aside:
            yield Wrong("line lost", f"lines {open_lines} are nowhere; {aside} are accounted for")


def _says_something(view: str, doc: Document) -> bool:
    text = _INVISIBLE.sub("", said(view, doc.encoding)).strip()
    return bool(
        text.strip(doc.delimiter + " \t\xa0\u3000\x85\u2028\u2029" if doc.delimiter else None)
    )


def _undamaged(doc: Document, row: Row, fields: tuple[str, ...]) -> set[str]:
    """The lake columns whose fields stand on a damaged line as they were written."""
    pairs = zip(doc.cells, fields, row.fields or (), strict=True)
    return {c.lake for c, now, then in pairs if c.lake and now == then}


def _values(row: Row, got: dict[str, Any], held: set[str] | None = None) -> Iterator[Wrong]:
    """A whole row (or what is `held` of it) is in the lake as it was meant."""
    for column, value in row.values.items():
        if held is not None and column not in held:
            continue
        if _joined(got[column]) != _joined(value):
            yield Wrong(
                "value changed",
                f"line {got['source_row']} {column}: {got[column]!r}, not {value!r}",
            )


def _joined(value: Any) -> Any:
    """A text whatever its line breaks are."""
    return ENDS.sub("\n", value) if isinstance(value, str) else value


def _others(
    doc: Document, lines: Lines, lake: dict[int, dict[str, Any]], refused: dict[int, Any]
) -> Iterator[Wrong]:
    """Rows of damaged lines hold only what stands on their own line (or quoted lines)."""
    starts = sorted(lake.keys() | refused.keys() | lines.whole.keys())
    for at, got in lake.items():
        if (at in lines.whole and lines.is_certain(at)) or (lines.is_document and not lines.texts):
            continue
        if at in lines.partly and lines.is_certain(at):
            row, fields = lines.partly[at]
            yield from _values(row, got, _undamaged(doc, row, fields))
        if not 1 <= at <= len(lines.texts):
            yield Wrong("no such line", f"line {at} of {len(lines.texts)}")
            continue
        end = next((s for s in starts if s > at), len(lines.texts) + 1)
        own = lines.texts[at - 1 : at if lines.is_document else end - 1]
        text = _flat("\n".join(own if lines.is_document else [said(t, doc.encoding) for t in own]))
        name, amount = got[doc.layout.id], doc.layout.amount
        own_text = text
        if doc.layout.id.endswith("uscc"):  # a code holds no blanks, whatever was put into it
            own_text = "".join(text.split())
        if name is not None and _flat(name) not in own_text:
            yield Wrong("not of this line", f"line {at}: {doc.layout.id} {name!r}")
        if amount and got[amount] is not None and abs(got[amount]) not in set(_amounts(text, doc)):
            yield Wrong("not of this line", f"line {at}: {amount} {got[amount]!r}")


def _flat(text: str) -> str:
    text = text.replace("\\u0000", "")  # as JSON writes what has no width
    return unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace('"', "").casefold()


def _amounts(text: str, doc: Document) -> Iterator[int]:
    """Every amount in fen that can be read anywhere in `text`."""
    usual = 1 if doc.layout.in_fen else 10**6 if doc.layout.source == "organizations" else 100
    for sign, number, unit in _NUMBER.findall(text):
        for word in {number.replace(",", ""), *number.split(",")}:
            try:
                value = Decimal(word) * (_UNITS.get(unit) or (100 if sign else usual))
                yield round(value) if abs(value) < 10**20 else 0
            except ArithmeticError:
                continue
