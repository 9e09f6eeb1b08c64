"""`make docs`: the page of sources, written from their contracts.

    python -m pipelines.cli.reference > docs/sources.md

Words belong to the contracts; nothing is explained here that they do not say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pipelines.sources import SOURCES, Column, Source

_HEAD = """\
# Sources

What each source must hold, as its contract in `pipelines/sources/` says. Written by `make docs`.

A heading is accepted if it is the column's name or one of those below, in any order, after
normalising width, case, spaces and brackets. **!** required · **k** part of the key · **P**
personal: pseudonymised or dropped when read · **m** counted off by a machine, so that chance may
look like a person's number ([which numbers end where](decisions/people.md)). Amounts are yuan
unless the form, the heading, the title or the value itself says otherwise.
"""


def page() -> str:
    """The whole page, as Markdown."""
    return "\n".join((_HEAD, *(line for source in SOURCES.values() for line in _source(source))))


def _source(source: Source) -> Iterator[str]:
    yield f"## {source.name}"
    yield ""
    dated = (
        "A file without a date in its name is refused."
        if source.dated
        else "A file's day is the date in its name, else its cell 截至日期, else its file date."
    )
    yield f"{source.title_zh} / {source.title_en}. {dated}"
    if source.snapshot_scope:
        scope = ", ".join(f"`{name}`" for name in source.snapshot_scope)
        yield f"A full snapshot for each {scope} it names: the newest export stands."
    yield ""
    yield "| column | | headings | kind | |"
    yield "|---|---|---|---|---|"
    yield from (_column(source, column) for column in source.columns)
    yield ""
    if source.rules:
        yield "| a row is refused unless | |"
        yield "|---|---|"
        yield from (f"| {rule.zh} {rule.en} | `{rule.rule_id}` |" for rule in source.rules)
        yield ""


def _column(source: Source, column: Column) -> str:
    marks = "".join(
        mark
        for mark, is_set in (
            ("!", column.required),
            ("k", column.key),
            ("P", column.personal),
            ("m", column.by_machine),
        )
        if is_set
    )
    kind = str(column.kind)
    if column.codes:
        kind = " ".join(dict.fromkeys(column.codes.values()))
    others = (h for form in source.forms for h, name in form.names.items() if name == column.name)
    headings = " · ".join(dict.fromkeys((*column.accepted[1:], *others)))
    return f"| `{column.name}` | {marks} | {headings} | {kind} | {column.zh} / {column.en} |"


if __name__ == "__main__":
    sys.stdout.write(page())
