"""The lines of a mutant counted once more, and the rows that still stand whole among them.

Without the reader: from the text, the ends of lines, and what the writer wrote.
"""

from __future__ import annotations

import json
import re
from typing import Any

from tests.fuzz.writers import Document, Row, said

ENDS = re.compile("\r\r\n|\r\n|\n|\r")
TABLES = ("delimited", "sheet")
_SEVERAL = re.compile(r"[}\]][ \t]*[{\[]")  # JSON: two objects on one line


class Lines:
    """The lines of a mutant and the rows that stand whole among them."""

    def __init__(self, doc: Document, view: str) -> None:
        self.doc = doc
        self.is_document = doc.form == "json"
        self.whole: dict[int, Row] = {}
        #: Lines of the right number of fields that hold a row's number but not all of the row.
        self.partly: dict[int, tuple[Row, tuple[str, ...]]] = {}
        self.texts: list[str] = []
        self.heading: int | None = None  # its line, if it stands whole
        if self.is_document:
            self._records(view)
            return
        if doc.form == "jsonl" and (_SEVERAL.search(view) or _goes_on(said(view, doc.encoding))):
            self.is_document = True  # rows are numbered as objects, and no line tells where one is
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
            if '"' not in view:
                self._find_damaged()

    def _find_damaged(self) -> None:
        at_id = next(i for i, c in enumerate(self.doc.cells) if c.lake == self.doc.layout.id)
        by_id = {r.fields[at_id]: r for r in self.doc.rows if r.fields}
        for number, text in enumerate(self.texts, 1):
            fields = tuple(text.split(self.doc.delimiter))
            if number in self.whole or len(fields) != len(self.doc.cells):
                continue
            if (row := by_id.get(fields[at_id])) is not None:
                self.partly[number] = (row, fields)

    def _records(self, view: str) -> None:
        try:
            found = json.loads(said(view, self.doc.encoding), object_pairs_hook=lambda p: p or {})
        except (ValueError, RecursionError):
            return
        if self.doc.ended:  # in an envelope
            found = _inside(_inside(found, "data"), "list")
        if not isinstance(found, list):
            return
        known = {tuple(r.pairs): r for r in self.doc.rows}
        self.texts = [json.dumps(pairs, ensure_ascii=False) for pairs in found]
        for number, pairs in enumerate(found, 1):
            try:
                row = known.get(tuple(pairs))
            except TypeError:
                continue
            if row is not None:
                self.whole[number] = row

    def is_heading(self, text: str) -> bool:
        """True of a line that holds most of the heading's names, damaged as it may be, or that
        is the rest of one that was broken: a row holds no names of columns."""
        own = set(self.doc.heading.split(self.doc.delimiter)) if self.doc.heading else set()
        cells = {cell for cell in text.split(self.doc.delimiter or ",") if cell.strip()}
        named = len(own & cells)
        return named > 0 and (named * 2 > len(own) or (len(cells) > 1 and named >= len(cells) - 1))

    def is_certain(self, at: int) -> bool:
        """True where the heading right above line `at` says what it was written to say.

        What stands under a heading that was moved or damaged means what that one says.
        """
        if not self.doc.heading:
            return True
        above = (text for text in reversed(self.texts[: at - 1]) if self.is_heading(text))
        return next(above, None) == self.doc.heading

    @property
    def begin(self) -> int:
        """The line of the heading, whole or not; 0 where there is none."""
        if self.doc.form not in TABLES:
            return 0
        damaged = (n for n, text in enumerate(self.texts, 1) if self.is_heading(text))
        return self.heading or next(damaged, 0) or max(min(self.whole, default=1) - 1, 0)


def _goes_on(text: str) -> bool:
    """True of JSON objects one after another of which the first ends on a later line."""
    text = ENDS.sub("\n", text).strip()
    try:
        _, end = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return False
    return "\n" in text[:end]


def _inside(pairs: Any, key: str) -> Any:
    """What a JSON object, read as its pairs, holds under `key`."""
    is_object = isinstance(pairs, list) and pairs and isinstance(pairs[0], tuple)
    return dict(pairs).get(key) if is_object else None
