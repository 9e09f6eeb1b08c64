"""What happens to files on their way: one to three kinds of damage, by chance from a seed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random

from tests.fuzz import characters, lines
from tests.fuzz.writers import Document

Mutation = Callable[[str, Document, Random], str]

_BRACKETS = (
    "{", "}", "[", "]", ":", '"', "\\", "null", "{}", "[1]", '"a":', ',"a":{"b":1},', "\\u0000",
    "1e999",
)  # fmt: skip


def brackets(view: str, doc: Document, rng: Random) -> str:
    """JSON: a bracket, colon, quote or escape too many."""
    at = rng.randrange(len(view) + 1)
    return view[:at] + rng.choice(_BRACKETS) + view[at:]


def key(view: str, doc: Document, rng: Random) -> str:
    """JSON: a key doubled, lost, renamed or given another kind of value, in one place."""
    found = list(re.finditer(r'"([^"]*)": ("[^"]*"|\d+)', view))
    if not found:
        return brackets(view, doc, rng)
    one, two = rng.choice(found), rng.choice(found)
    name, value = one[1], one[2]
    new = rng.choice((
        f"{one[0]}, {two[0]}", f'"{name}": {two[2]}', f'"{name}_": {value}', f'"{name}": null',
        f'"{name}": {{"x": {value}}}', f'"{name}": [{value}]', f'"{name}": true', f'"{name}": 1.0',
    ))  # fmt: skip
    return view[: one.start()] + new + view[one.end() :]


_TEXT: tuple[Mutation, ...] = (
    characters.flip, characters.insert_byte, characters.delete, characters.quote, characters.quote,
    characters.unquote, characters.delimiter, characters.odd_character, characters.break_in,
    characters.cut, characters.foreign, lines.other_end, lines.double, lines.swap_lines,
    lines.lose_line, lines.blank_lines, lines.note, lines.cell,
)  # fmt: skip
_SHEET: tuple[Mutation, ...] = (
    characters.flip, characters.delete, characters.delimiter, characters.break_in, lines.double,
    lines.swap_lines, lines.lose_line, lines.blank_lines, lines.note, lines.cell, lines.heading,
    lines.total,
)  # fmt: skip
_TABLE: tuple[Mutation, ...] = (
    characters.quote_at_field, characters.quote_at_field, lines.heading, lines.heading, lines.total,
)  # fmt: skip
_JSON: tuple[Mutation, ...] = (brackets, brackets, key, key)
MUTATIONS: Mapping[str, tuple[Mutation, ...]] = {
    "delimited": _TEXT + _TABLE,
    "sheet": _SHEET,
    "jsonl": _TEXT + _JSON,
    "json": _TEXT + _JSON,
}


def mutate(doc: Document, rng: Random) -> tuple[str, tuple[str, ...]]:
    """The view of `doc` after one to three mutations, and their names."""
    chain = [rng.choice(MUTATIONS[doc.form]) for _ in range(rng.choice([1, 1, 2, 3]))]
    view = doc.view
    for step in chain:
        view = step(view, doc, rng)
    return view, tuple(s.__name__ for s in chain)
