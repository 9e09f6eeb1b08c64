"""JSON: one object per line, an array, or arrays inside an envelope (also JSONP).

`items` decides which fields of an item become columns, `json_records` which objects of a document
are its records; `json_lines` reads lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any

from pipelines.reading.answers import answer_of
from pipelines.reading.blocks import LINE, MALFORMED, MISFIT, Block, ReadTable, cell
from pipelines.reading.encodings import NotUtf8, is_utf8
from pipelines.reading.heading_rows import find_heading
from pipelines.reading.items import (
    Item,
    fits,
    is_ambiguous,
    keys_of,
    load,
    load_all,
    text_of,
    unpacked,
    view_of,
)
from pipelines.reading.json_lines import (
    item_frame,
    keys_of_lines,
    lines_table,
    matched,
    without_odd_ids,
)
from pipelines.reading.json_records import records_of, texts
from pipelines.reading.lines import beginning
from pipelines.reading.refusals import FileRefused
from pipelines.sources import Source

_ENVELOPE = re.compile(r"^\s*[\w.$]+\s*\((?P<body>.*)\)\s*;?\s*$", re.DOTALL)
_LOOK = 20  # lines to examine whether each is an object
_LARGEST_DOCUMENT = 256 * 1024 * 1024
_EXAMINED = 4096  # characters of a text in which a table is searched for


def looks_structured(head: bytes) -> bool:
    """True when text begins as JSON or JSONP rather than as a table."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200]
    return start[:1] in (b"{", b"[") or re.match(rb"[\w.$]+\s*\(\s*[\[{]", start) is not None


def table(
    blocks: Iterator[bytes], encoding: str, source: Source, keys: Sequence[str] | None = None
) -> ReadTable:
    """The table in `blocks` of UTF-8 JSON. Raises FileRefused.

    `keys`: all keys of JSON lines, if they are known.
    """
    head = next(blocks, b"")
    if is_by_line(head, source):
        return lines_table(head, blocks, encoding, source, keys)
    return _document(head, blocks, encoding, source)


def all_keys(blocks: Iterator[bytes], source: Source) -> list[str] | None:
    """Every key of a text of JSON lines; None if it is anything else. Raises NotUtf8."""
    head = next(blocks, b"")
    if not looks_structured(head) or not is_by_line(head, source):
        return None
    return keys_of_lines(head, blocks, source)


def is_by_line(head: bytes, source: Source) -> bool:
    """True if every line is a record by itself, in text that begins with `head`."""
    first, _, rest = head.lstrip(b"\xef\xbb\xbf \t\r\n").partition(b"\n")
    try:
        found = load(first.decode())
    except (ValueError, UnicodeError):
        return _are_lines(first, rest)
    if not isinstance(found, dict):
        return False
    # a single object is a record if it fits the contract, else an envelope around records
    if not rest.strip():
        return fits(found, unpacked, source)
    inside = records_of(found, source)
    return inside is None or inside.items == [found]


def _are_lines(first: bytes, rest: bytes) -> bool:
    """True if `first` has several objects and most later lines have one.

    Then a line end was lost, and these objects cannot each have a line number.
    """
    try:
        several, _ = load_all(first.decode())
    except (ValueError, UnicodeError):
        return False
    lines = [line for line in beginning(rest, _LOOK).split(b"\n") if line.strip()]
    alone = sum(line.lstrip()[:1] == b"{" and _is_object(line) for line in lines)
    return all(isinstance(one, dict) for one in several) and alone * 2 > len(lines)


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(load(line.decode()), dict)
    except (ValueError, UnicodeError):
        return False


def _document(head: bytes, blocks: Iterator[bytes], encoding: str, source: Source) -> ReadTable:
    body = head
    for more in blocks:
        body += more
        if len(body) > _LARGEST_DOCUMENT:
            raise FileRefused("file.too_large", "one JSON document; one object a line has no limit")
    if not is_utf8(body):
        raise NotUtf8
    text = body.decode("utf-8-sig", errors="ignore").rstrip()
    before = text.count("\n", 0, len(text) - len(text.lstrip()))
    text = text.lstrip()
    wrapped = _ENVELOPE.match(text) if text[:1] not in "{[" else None
    try:
        found, lines = load_all(wrapped["body"] if wrapped else text)
    except ValueError as error:
        raise FileRefused("file.malformed", f"line {getattr(error, 'lineno', '?')}") from error
    whole = found[0] if len(found) == 1 else found
    records = records_of(whole, source)
    if records is None:
        raise _no_records(whole, source)
    items = [item for item in records.items if isinstance(item, dict)]
    known = keys_of(items, records.view)
    result = matched(known, encoding, "json", source)
    result.left_out += records.left_out
    names = {f.position: known[f.position] for f in result.heading.fields}
    rows: list[Item] = []
    numbers: Iterable[int] = count(1)
    if len(found) > 1 and len(set(lines)) == len(records.items) == len(found):
        numbers = (before + line + 1 for line in lines)  # each record is a document: use its line
    for number, item in zip(numbers, records.items, strict=False):
        row: Item = {LINE: number, MISFIT: MALFORMED}
        if isinstance(item, dict) and not is_ambiguous(item):
            flat = records.view(item)
            row = {LINE: number, MISFIT: None}
            row |= {cell(p): text_of(flat.get(name)) for p, name in names.items()}
        rows.append(row)
    frame = without_odd_ids(item_frame(rows, list(names)), result.heading.fields)
    result.rows = iter([Block(frame)])
    return result


def _no_records(found: Any, source: Source) -> FileRefused:
    """Why a document without records is refused: what it is instead, or what is missing."""
    if place := next((p for p, text in texts(found) if _holds_a_table(text, source)), None):
        return FileRefused("file.not_a_table", f"there is a table inside the text at {place}")
    if answer := answer_of(found):
        return FileRefused("file.not_a_table", answer)
    items = _nearest(found)
    if not items:
        return FileRefused("file.empty", "a list without records")
    try:
        matched(keys_of(items, view_of(items, source)), "", "json", source)
    except FileRefused as refusal:
        return refusal
    return FileRefused("file.no_heading")


def _holds_a_table(text: str, source: Source) -> bool:
    if text.lstrip()[:1] in ("{", "["):
        try:
            return records_of(load(text), source) is not None
        except ValueError:
            return False
    try:
        find_heading(text[:_EXAMINED].encode(errors="ignore"), source)
    except FileRefused as refusal:
        return refusal.rule.rule_id == "file.line_ends"
    return True


def _nearest(found: Any) -> list[Item]:
    """The items of the first array of objects, outermost first; without any, the object itself."""
    level, empty = [found], False
    while level:
        for value in level:
            if isinstance(value, list) and (items := [v for v in value if isinstance(v, dict)]):
                return items
            empty |= value == []
        level = [v for value in level if isinstance(value, dict) for v in value.values()]
    return [found] if isinstance(found, dict) and not empty else []
