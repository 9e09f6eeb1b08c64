"""A column of the lake as models read it, on any engine."""

from __future__ import annotations

from pipelines.dictionary.donors import FORGOTTEN
from pipelines.sources import Source


def lake_column(source: Source, name: str, quote: str = '"') -> str:
    """Its SQL: the seal in a forgotten person's row is no donor.

    Where it is a part of the row's key it stays: it tells the row apart, and nobody else.
    """
    if name != "donor_key" or name in source.key:
        return f"{quote}{name}{quote}"
    return f"case when donor_kind <> '{FORGOTTEN}' then donor_key end as donor_key"
