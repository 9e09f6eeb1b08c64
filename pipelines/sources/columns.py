"""A source's column that is a field of the dictionary: kind and words come from there.

What is the source's own (headings, codes, whether a row can do without it) is declared beside it. A
column that no table publishes under the same name is a `Column` of its own.
"""

from __future__ import annotations

from collections.abc import Mapping

from pipelines.dictionary import FIELDS, Kind
from pipelines.sources.contract import MOST, MOST_OF_A_COUNT, MOST_OF_A_FIGURE, Column


def known(
    name: str,
    headings: tuple[str, ...] = (),
    *,
    zh: str | None = None,
    en: str | None = None,
    required: bool = False,
    key: bool = False,
    codes: Mapping[str, str] | tuple[str, ...] | None = None,
    kept_codes: str | None = None,
    closed: bool = False,
    null_words: tuple[str, ...] = (),
    by_machine: bool = False,
    stated: Mapping[str, str] | None = None,
) -> Column:
    """The column of the field `name`; `zh` and `en` where it means something else in the source.

    `codes` that are spelt in one way only are given as a tuple. Raises KeyError for a name that
    the dictionary lacks.
    """
    field = FIELDS[name]
    is_small = field.kind is Kind.SMALL
    bounds = {Kind.SMALL: MOST_OF_A_COUNT, Kind.NUMBER: MOST_OF_A_FIGURE}
    return Column(
        name,
        Kind.INTEGER if is_small else field.kind,
        headings,
        zh or field.zh,
        en or field.en,
        required=required,
        key=key,
        personal=field.personal,
        codes={code: code for code in codes} if isinstance(codes, tuple) else codes,
        kept_codes=kept_codes,
        closed=closed,
        null_words=null_words,
        by_machine=by_machine,
        most=bounds.get(field.kind, MOST),
        stated=stated or {},
    )
