"""What happens to files on their way: each mutation is a function of a view and a source of chance.

A mutation knows the document it damages (its delimiter, its encoding), never how it will be read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from tests.fuzz.writers import WIDE, Document, seen

Mutation = Callable[[str, Document, Random], str]

_ENDS = re.compile(r"(\r\r\n|\r\n|\n|\r)")
#: Characters that some take for an end of line, that have no width, or that end a text.
_ODD = ("\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x1c", "\x1a", "\x00", "\ufeff", "\u00a0", "\u200b")
_TOTALS = ("合计", "本页小计", "总计：", "小  计", "累计", "合计金额（元）", "总金额", "本日合计")
_AMOUNTS = ("-5.00", "1e400", "1E+27", "5e16", "3万", "USD 5.00", "", "NaN", "inf", "１２.５０", "1,234.50",
            "99999999999999999999", "0.001", "￥8.00", "-", "1.2.3", "0x10", "12元", "Infinity", "万元")  # fmt: skip


def _place(view: str, rng: Random) -> int:
    return rng.randrange(len(view) + 1)


def _insert(view: str, at: int, what: str) -> str:
    return view[:at] + what + view[at:]


def _lines(view: str) -> list[str]:
    """Lines with their ends."""
    parts = _ENDS.split(view)
    return [a + b for a, b in zip(parts[::2], [*parts[1::2], ""], strict=True) if a or b]


def _bare(line: str) -> tuple[str, str]:
    body = line.rstrip("\r\n")
    return body, line[len(body) :]


def flip(view: str, doc: Document, rng: Random) -> str:
    at = rng.randrange(max(len(view), 1))
    return view[:at] + chr(rng.randrange(256)) + view[at + 1 :]


def insert_byte(view: str, doc: Document, rng: Random) -> str:
    return _insert(view, _place(view, rng), chr(rng.randrange(256)))


def delete(view: str, doc: Document, rng: Random) -> str:
    at = _place(view, rng)
    return view[:at] + view[at + rng.choice([1, 1, 2, 5, 40]) :]


def quote(view: str, doc: Document, rng: Random) -> str:
    for _ in range(rng.choice([1, 1, 1, 2, 3])):
        view = _insert(view, _place(view, rng), '"')
    return view


def quote_at_field(view: str, doc: Document, rng: Random) -> str:
    """A quote where the book would have one open or close: beside a delimiter."""
    for _ in range(rng.choice([1, 1, 2])):
        places = [m.start() for m in re.finditer(re.escape(doc.delimiter or ","), view)]
        if places:
            view = _insert(view, rng.choice(places) + rng.choice([0, 1]), '"')
    return view


def unquote(view: str, doc: Document, rng: Random) -> str:
    places = [i for i, c in enumerate(view) if c == '"']
    if not places:
        return quote(view, doc, rng)
    at = rng.choice(places)
    return view[:at] + view[at + 1 :]


def delimiter(view: str, doc: Document, rng: Random) -> str:
    what = rng.choice([doc.delimiter or ","] * 3 + [",", "\t", ";", "|"])
    places = [i for i, c in enumerate(view) if c == what]
    if places and rng.random() < 0.5:
        at = rng.choice(places)
        return view[:at] + view[at + 1 :]
    return _insert(view, _place(view, rng), what)


def odd_character(view: str, doc: Document, rng: Random) -> str:
    what = rng.choice(_ODD)
    return _insert(view, _place(view, rng), seen(what, doc.encoding))


def break_in(view: str, doc: Document, rng: Random) -> str:
    return _insert(view, _place(view, rng), rng.choice(["\n", "\r", "\r\n", "\r\r\n"]))


def other_end(view: str, doc: Document, rng: Random) -> str:
    """One line, or all of them, end in another way."""
    end = rng.choice(["\r", "\r\r\n", "\n", "\r\n", ""])
    lines = _lines(view)
    if end and rng.random() < 0.3:
        return "".join(body + (end if had else "") for body, had in map(_bare, lines))
    if lines:
        at = rng.randrange(len(lines))
        lines[at] = _bare(lines[at])[0] + end
    return "".join(lines)


def cut(view: str, doc: Document, rng: Random) -> str:
    return view[: _place(view, rng)]


def double(view: str, doc: Document, rng: Random) -> str:
    lines = _lines(view)
    if lines:
        lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return "".join(lines)


def swap_lines(view: str, doc: Document, rng: Random) -> str:
    lines = _lines(view)
    if len(lines) > 1:
        a, b = rng.sample(range(len(lines)), 2)
        lines[a], lines[b] = lines[b], lines[a]
    return "".join(lines)


def lose_line(view: str, doc: Document, rng: Random) -> str:
    lines = _lines(view)
    if lines:
        del lines[rng.randrange(len(lines))]
    return "".join(lines)


def blank_lines(view: str, doc: Document, rng: Random) -> str:
    lines = _lines(view)
    blank = rng.choice(["", " ", "\t", doc.delimiter * 3]) + doc.newline
    lines.insert(rng.randrange(len(lines) + 1), blank * rng.choice([1, 2, 300]))
    return "".join(lines)


def _heading_at(lines: list[str], doc: Document) -> int:
    return next((i for i, line in enumerate(lines) if _bare(line)[0] == doc.heading), 0)


def heading(view: str, doc: Document, rng: Random) -> str:
    """The heading repeated, moved, a cell of it lost, doubled or changed for another."""
    lines = _lines(view)
    if not lines:
        return view
    at = _heading_at(lines, doc)
    body, end = _bare(lines[at])
    cells = body.split(doc.delimiter or ",")
    i, j = rng.randrange(len(cells)), rng.randrange(len(cells))
    match rng.choice(["again", "move", "blank", "double", "swap", "one"]):
        case "again":
            lines.insert(rng.randrange(at, len(lines) + 1), lines[at])
            return "".join(lines)
        case "move":
            lines.insert(rng.randrange(len(lines)), lines.pop(at))
            return "".join(lines)
        case "blank":
            cells[i] = ""
        case "double":
            cells[i] = cells[j]
        case "swap":
            cells[i], cells[j] = cells[j], cells[i]
        case _:
            cells[i] = cells[i][:-1]
    lines[at] = (doc.delimiter or ",").join(cells) + end
    return "".join(lines)


def total(view: str, doc: Document, rng: Random) -> str:
    lines = _lines(view)
    cells = [""] * max(len(doc.cells), 1)
    cells[rng.randrange(min(2, len(cells)))] = seen(rng.choice(_TOTALS), doc.encoding)
    cells[rng.randrange(len(cells))] += rng.choice(["", "1234.50"])
    lines.insert(rng.randrange(len(lines) + 1), doc.delimiter.join(cells) + doc.newline)
    return "".join(lines)


def note(view: str, doc: Document, rng: Random) -> str:
    lines = _lines(view)
    text = seen(rng.choice(["#----", "# 共12笔", "说明：数据仅供参考", "{", "<br>"]), doc.encoding)
    lines.insert(rng.randrange(len(lines) + 1), text + doc.newline)
    return "".join(lines)


def cell(view: str, doc: Document, rng: Random) -> str:
    """A field holds something else: a strange amount, a huge text, nothing, its neighbour's."""
    lines = _lines(view)
    if not lines:
        return view
    at = rng.randrange(len(lines))
    body, end = _bare(lines[at])
    cells = body.split(doc.delimiter or ",")
    i, j = rng.randrange(len(cells)), rng.randrange(len(cells))
    match rng.choice(["amount", "amount", "huge", "swap", "drop", "more", "trail"]):
        case "amount":
            cells[i] = seen(rng.choice(_AMOUNTS), doc.encoding)
        case "huge":
            cells[i] = cells[i] * rng.choice([100, 20_000])
        case "swap":
            cells[i], cells[j] = cells[j], cells[i]
        case "drop":
            del cells[i]
        case "more":
            cells.insert(i, "x")
        case _:
            cells += [""] * 3
    lines[at] = (doc.delimiter or ",").join(cells) + end
    return "".join(lines)


def foreign(view: str, doc: Document, rng: Random) -> str:
    """Bytes of another encoding."""
    other = rng.choice(["gb18030", "utf-8", "big5", "utf-16-le"])
    text = "捐贈一筆".encode(other).decode("utf-16-le" if doc.encoding == WIDE else "latin-1", "replace")
    return _insert(view, _place(view, rng), text[: rng.choice([1, 2, 3, len(text)])])


def brackets(view: str, doc: Document, rng: Random) -> str:
    """JSON: a bracket, colon, quote or escape too many."""
    what = rng.choice(["{", "}", "[", "]", ":", '"', "\\", "null", "{}", "[1]", '"a":', ',"a":{"b":1},', "\\u0000", "1e999"])
    return _insert(view, _place(view, rng), what)


def key(view: str, doc: Document, rng: Random) -> str:
    """JSON: a key doubled, lost, renamed or given another kind of value, in one place."""
    found = list(re.finditer(r'"([^"]*)": ("[^"]*"|\d+)', view))
    if not found:
        return brackets(view, doc, rng)
    one, two = rng.choice(found), rng.choice(found)
    new = rng.choice(
        [f"{one[0]}, {two[0]}", f'"{one[1]}": {two[2]}', f'"{one[1]}_": {one[2]}', f'"{one[1]}": null',
         f'"{one[1]}": {{"x": {one[2]}}}', f'"{one[1]}": [{one[2]}]', f'"{one[1]}": true', f'"{one[1]}": 1.0']
    )  # fmt: skip
    return view[: one.start()] + new + view[one.end() :]


_EVERYWHERE = (flip, insert_byte, delete, quote, quote, unquote, delimiter, odd_character, break_in,
               other_end, cut, double, swap_lines, lose_line, blank_lines, note, cell, foreign)  # fmt: skip
MUTATIONS: Mapping[str, tuple[Mutation, ...]] = {
    "delimited": (*_EVERYWHERE, quote_at_field, quote_at_field, heading, heading, total),
    "jsonl": (*_EVERYWHERE, brackets, brackets, key, key),
    "json": (*_EVERYWHERE, brackets, brackets, key, key),
}


def mutate(doc: Document, rng: Random) -> tuple[str, tuple[str, ...]]:
    """The view of `doc` after one to three mutations, and their names."""
    chain = [rng.choice(MUTATIONS[doc.form]) for _ in range(rng.choice([1, 1, 2, 3]))]
    view = doc.view
    for step in chain:
        view = step(view, doc, rng)
    return view, tuple(s.__name__ for s in chain)
