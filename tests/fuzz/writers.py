"""Small valid files of a layout, in the forms that sources come in, and what stands on each line.

Text is handled as a *view*: a string with one character per byte (Latin-1), or the decoded text
where characters are two bytes wide (UTF-16). Lines and mutations need no more, and nothing is lost.
"""

from __future__ import annotations

import codecs
import json
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from tests.fuzz.cells import Cell, Layout, Said, ten_thousands
from tests.fuzz.layouts import LAYOUTS, OPEN_PLATFORM

WIDE = "utf-16"


def view_of(data: bytes, encoding: str) -> str:
    """`data` as a view, without its mark."""
    if encoding == WIDE:
        return data.decode(WIDE, errors="replace")
    return data.removeprefix(codecs.BOM_UTF8).decode("latin-1")


def bytes_of(view: str, encoding: str) -> bytes:
    """A view's bytes, with the mark that its encoding has."""
    if encoding == WIDE:
        return view.encode(WIDE, errors="replace")
    mark = codecs.BOM_UTF8 if encoding == "utf-8-sig" else b""
    return mark + view.encode("latin-1")


def seen(text: str, encoding: str) -> str:
    """`text` as it stands in a view."""
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    return text if encoding == WIDE else text.encode(plain).decode("latin-1")


def said(view: str, encoding: str) -> str:
    """The text that a piece of a view says."""
    if encoding == WIDE:
        return view
    plain = "utf-8" if encoding == "utf-8-sig" else encoding
    return view.encode("latin-1", errors="replace").decode(plain, errors="replace")


@dataclass(frozen=True)
class Row:
    """A row as written: its lines (views), its fields where they were not quoted, its meaning."""

    n: int
    lines: tuple[str, ...]
    fields: tuple[str, ...] | None
    values: dict[str, Any]  # lake column → value
    pairs: tuple[tuple[str, Any], ...] = ()  # as JSON


@dataclass(frozen=True)
class Document:
    """A file of rows that are all good, and how it was written."""

    layout: Layout
    form: str  # delimited, sheet, jsonl or json
    encoding: str
    delimiter: str
    newline: str
    cells: tuple[Cell, ...]
    heading: str  # view of the heading line
    rows: tuple[Row, ...]
    before: tuple[str, ...] = ()  # views of lines above the heading
    after: tuple[str, ...] = ()  # … and below the rows
    ended: bool = True
    name: str = "export-20240802.csv"

    @property
    def view(self) -> str:
        """The whole file."""
        if self.form == "json":
            body = [dict(r.pairs) for r in self.rows]
            whole = {"code": 0, "data": {"list": body}} if self.ended else body
            indent = 1 if self.newline == "\r\n" else None
            return seen(json.dumps(whole, ensure_ascii=False, indent=indent), self.encoding)
        lines = [*self.before, *([self.heading] if self.heading else [])]
        lines += [self.newline.join(r.lines) for r in self.rows] + list(self.after)
        return self.newline.join(lines) + (self.newline if self.ended else "")

    def with_rows(self, kept: int) -> Document:
        """The same file with its first rows only."""
        return replace(self, rows=self.rows[:kept])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _special(text: str, rng: Random, delimiter: str) -> str:
    return rng.choice([f"{text}{delimiter}二期", f'{text}"一对一"', f"{text}\n续", text, text])


def _cells(layout: Layout, rng: Random) -> tuple[Cell, ...]:
    kept = [c for c in layout.cells if c.required or rng.random() < 0.8]
    if rng.random() < 0.3:
        rng.shuffle(kept)
    return tuple(kept)


def _row(n: int, cells: tuple[Cell, ...], told: list[Said], texts: list[str], doc: Document) -> Row:
    values = {c.lake: s.value for c, s in zip(cells, told, strict=True) if c.lake}
    line = doc.delimiter.join(texts)
    fields = None if '"' in line else tuple(seen(t, doc.encoding) for t in texts)
    lines = tuple(seen(part, doc.encoding) for part in line.split("\n"))
    return Row(n, lines, fields, values)


def delimited(layout: Layout, rng: Random, rows: int, style: str | None = None) -> Document:
    """A table of text. `style`: where quotes are (all, some, plain), or `sheet`."""
    cells = _cells(layout, rng)
    doc = Document(
        layout, "delimited", rng.choice(["utf-8"] * 4 + ["utf-8-sig", "gb18030", "gb18030", WIDE]),
        rng.choice([",", ",", ",", "\t", ";", "|"]), rng.choice(["\n", "\n", "\n", "\r\n", "\r\n"]),
        cells, "", (), name=_name(layout, ".csv"),
    )  # fmt: skip
    if style == "sheet":
        doc = replace(doc, encoding="utf-8", delimiter="\t", newline="\n", form="sheet")
    style = style or rng.choice(["plain", "plain", "all", "some"])
    made = []
    for n in range(1, rows + 1):
        told = [c.say(n) for c in cells]
        if style == "sheet":
            told = [Said(s.text.strip("\t"), s.value) for s in told]
        if style == "some":
            for i, cell in enumerate(cells):
                if cell.free_text and rng.random() < 0.4:
                    text = _special(told[i].text, rng, doc.delimiter)
                    told[i] = Said(text, text)
        texts = [
            _quoted(s.text) if style == "all" or any(m in s.text for m in '"\n' + doc.delimiter)
            else s.text for s in told
        ]  # fmt: skip
        made.append(_row(n, cells, told, texts, doc))
    heading = doc.delimiter.join(_quoted(c.heading) if style == "all" else c.heading for c in cells)
    titles = rng.choice([(), (), (), ("某某导出",), ("某某导出", "")])
    return replace(
        doc, heading=seen(heading, doc.encoding), rows=tuple(made),
        before=tuple(seen(t, doc.encoding) for t in titles), ended=rng.random() < 0.85,
        after=_footer(cells, made, doc, rng),
    )  # fmt: skip


def _footer(
    cells: tuple[Cell, ...], rows: list[Row], doc: Document, rng: Random
) -> tuple[str, ...]:
    amount = doc.layout.amount
    if amount is None or amount not in [c.lake for c in cells[1:]]:
        return ()
    if doc.layout.in_fen or rng.random() < 0.75:
        return ()
    total = sum(r.values[amount] for r in rows)
    texts = [f"{total / 100:.2f}" if c.lake == amount else "" for c in cells]
    return (seen(doc.delimiter.join(["合计", *texts[1:]]), doc.encoding),)


def objects(layout: Layout, rng: Random, rows: int) -> Document:
    """JSON: an object per line, or one document."""
    if layout.source == "tencent_donations":
        layout = rng.choice([layout, OPEN_PLATFORM])
    cells = _cells(layout, rng)
    doc = Document(
        layout, rng.choice(["jsonl", "jsonl", "json"]), rng.choice(["utf-8"] * 5 + ["gb18030"]),
        "", rng.choice(["\n", "\n", "\r\n"]), cells, "", (), ended=rng.random() < 0.85,
        name=_name(layout, ".jsonl"),
    )  # fmt: skip
    made = []
    for n in range(1, rows + 1):
        told = [c.say(n) for c in cells]
        pairs = tuple((c.heading, _json_value(c, s)) for c, s in zip(cells, told, strict=True))
        line = seen(json.dumps(dict(pairs), ensure_ascii=False), doc.encoding)
        values = {c.lake: s.value for c, s in zip(cells, told, strict=True) if c.lake}
        made.append(Row(n, (line,), None, values, pairs))
    return replace(doc, rows=tuple(made))


def _json_value(cell: Cell, told: Said) -> Any:
    if cell.heading == "money":
        return told.value
    # what container and heading leave open the value says itself
    if not (cell.lake and cell.lake.endswith("_fen")):
        return told.text
    return told.text + ("万元" if cell.say is ten_thousands else "元")


def _name(layout: Layout, ending: str) -> str:
    return f"export-20240802{ending}" if layout.dated else f"export{ending}"


def document(source: str, rng: Random) -> Document:
    """A file of `source` in one of its forms."""
    rows = rng.choice([3, 6, 12, 12, 30])
    make = objects if rng.random() < 0.25 else delimited
    return make(LAYOUTS[source], rng, rows)
