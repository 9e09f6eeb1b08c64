"""Damage to lines and cells: moved, doubled, joined, ended otherwise, filled with other things."""

from __future__ import annotations

import re
from random import Random

from tests.fuzz.writers import Document, seen

_ENDS = re.compile(r"(\r\r\n|\r\n|\n|\r)")
_TOTALS = ("合计", "本页小计", "总计：", "小  计", "累计", "合计金额（元）", "总金额", "本日合计")
_AMOUNTS = (
    "-5.00", "1e400", "1E+27", "5e16", "3万", "USD 5.00", "", "NaN", "inf", "１２.５０", "1,234.50",
    "99999999999999999999", "0.001", "￥8.00", "-", "1.2.3", "0x10", "12元", "Infinity", "万元",
)  # fmt: skip


def _lines(view: str) -> list[str]:
    """Lines with their ends."""
    parts = _ENDS.split(view)
    return [a + b for a, b in zip(parts[::2], [*parts[1::2], ""], strict=True) if a or b]


def _bare(line: str) -> tuple[str, str]:
    body = line.rstrip("\r\n")
    return body, line[len(body) :]


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
