"""What of an archived line may be shown (law 9): what the release publishes, and no more.

Personal columns are masked by contract, numbers of people wherever they are. Where it cannot be
told what a value is (a column that the contract does not know or the release does not publish, a
row whose fields do not line up, a file that was refused), only values that can name nobody are
shown: headings, days, amounts with their decimals, names of organisations.
"""

from __future__ import annotations

import re
from functools import cache

from pipelines.cleaning.identities import MASK, mask_text, pseudonym_text
from pipelines.cleaning.organizations import organization_name
from pipelines.reading.headings import normal
from pipelines.sources import SOURCES, Column, Kind
from pipelines.tables.registry import MODELS

_PLAIN = re.compile(
    r"[-+]?[¥￥]?\d{1,3}(?:,?\d{3})*\.\d{1,2}"  # an amount
    r"|(?:19|20)\d\d[-/.年](?:0?[1-9]|1[0-2])[-/.月](?:[12]\d|3[01]|0?[1-9])日?"
    r"(?:[ T]\d{1,2}:\d\d(?::\d\d)?)?"
)


@cache
def _headings(source: str) -> frozenset[str]:
    columns = SOURCES[source].columns
    return frozenset(normal(word) for column in columns for word in column.accepted)


@cache
def _published() -> frozenset[str]:
    return frozenset(name for table in MODELS.values() for name in table.fields.split())


def is_shown(column: Column) -> bool:
    """True of a column whose values the release publishes in one form or another."""
    if column.personal:
        return False
    names = {column.name, f"{column.name}_printed", f"{column.name}_text"}
    return column.kind is not Kind.TEXT or column.key or bool(names & _published())


def doubtful(text: str, source: str) -> str:
    """A value of which nobody knows what it is: itself if it can name nobody, else the mask."""
    value = text.strip()
    if not value or normal(value) in _headings(source) or _PLAIN.fullmatch(value):
        return mask_text(text)
    return MASK if organization_name(value) is None else mask_text(text)


def shown_text(text: str, column: Column | None, source: str) -> str:
    """The value of a column, None being one that the contract does not know."""
    if column is not None and column.personal:
        return MASK if text.strip() else text
    if column is None or not is_shown(column):
        return doubtful(text, source)
    if column.kind is Kind.ID:  # a machine's number may look like a person's by chance
        is_persons = pseudonym_text(text, "", by_machine=column.by_machine) != text
        return MASK if is_persons else text
    return mask_text(text)


def names_beside_persons(texts: dict[str, str]) -> frozenset[str]:
    """The columns that name whoever has a person's number for a code: `x_name` beside `x_uscc`."""
    found: set[str] = set()
    for name, text in texts.items():
        if name.endswith("uscc") and mask_text(text) != text:
            stem = name.removesuffix("uscc")
            found |= {f"{stem}name", f"{stem}org_name"}
    return frozenset(found)
