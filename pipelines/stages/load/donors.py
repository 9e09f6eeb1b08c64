"""A source's personal columns become a donor's pseudonym and kind.

Names and numbers of people go no further than this module; it publishes organisations only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import polars as pl

from pipelines.cleaning import columns as clean
from pipelines.cleaning import people
from pipelines.cleaning.columns import Cleaned
from pipelines.cleaning.identities import PREFIX
from pipelines.cleaning.organizations import organization_names
from pipelines.sources import Column, Kind, Source
from pipelines.sources.contract import Identity

#: Replaces the name of a person who is named in a source without being its donor.
PRIVATE = "个人 / a person"


def personal_values(column: Column, raw: pl.Series) -> Cleaned:
    """A personal column as pseudonyms are made of it."""
    if column.null_words:
        raw = raw.set(raw.str.strip_chars().is_in(column.null_words), None)
    if column.kind is Kind.TEXT:
        return clean.clean_text(raw)
    return clean.clean_id(raw, is_key=column.key)


def pseudonym(source: Source, column: Column, text: str, key: str) -> str | None:
    """The pseudonym of whoever a row tells by `text` in one of the columns of its identity; None
    where that tells nobody: nothing, or a word for donors without a name."""
    identity = source.identity
    if identity is None or column.name not in identity.columns:
        return None
    value = personal_values(column, pl.Series(column.name, [text], dtype=pl.String)).values
    only = replace(identity, columns=(column.name,))
    made = _keys(only, lambda _: value, 1, key, source.name)[0]
    return None if made is None else str(made)


def donor_columns(
    source: Source,
    text: Callable[[str], pl.Series],
    raw: Callable[[str], pl.Series | None],
    height: int,
    key: str,
) -> list[pl.Series]:
    """`donor_key`, `donor_kind` and, if a source publishes them, organisations' names.

    `text` returns a personal column cleaned, `raw` as it came: it would take too long to clean a
    million names only to see whether one is a company's. A source without identity gets no columns.
    """
    identity = source.identity
    if identity is None:
        return []
    name = cache(text)
    keys = _keys(identity, name, height, key, source.name)
    if identity.name_column is None:
        return [keys, _kinds(keys, None)]
    published = identity.publish_organizations
    names = name(identity.name_column) if published else raw(identity.name_column)
    if names is None:
        return [keys, _kinds(keys, None)]
    # a nickname is a person's unless it is an organisation's legal name
    organizations = organization_names(names, legal=not published)
    kinds = _kinds(keys, organizations.is_not_null())
    if not published:
        return [keys, kinds]
    return [keys, kinds, organizations.alias("donor_name_public")]


def without_private_names(source: Source, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` without the names beside a person's number in a credit code.

    A sponsor or host is an organisation. One whose code is an identity number is a person, and is
    named only if the name is nevertheless an organisation's.
    """
    for code in (c.lake_name for c in source.columns if c.lake_name.endswith("uscc")):
        stem = code.removesuffix("uscc")
        name = next((n for n in (f"{stem}name", f"{stem}org_name") if n in frame.columns), None)
        if name is None:
            continue
        private = frame[code].str.starts_with(PREFIX).fill_null(value=False)
        if private.any():
            organizations = organization_names(frame[name])
            names = frame[name].set(private & organizations.is_null(), PRIVATE)
            frame = frame.with_columns(names.alias(name))
    return frame


def _keys(
    identity: Identity, text: Callable[[str], pl.Series], height: int, key: str, namespace: str
) -> pl.Series:
    """Pseudonyms of each row's strongest identifier; weaker ones are read only if rows lack it."""
    present: list[tuple[str, pl.Series]] = []
    missing = height
    for name in identity.columns:
        if not missing:
            break
        values = text(name)
        if name == identity.name_column:
            # "爱心人士" is many people: they must not share one pseudonym
            anonymous = pl.DataFrame({"name": values}).select(people.is_anonymous(pl.col("name")))
            values = values.set(anonymous.to_series().fill_null(value=False), None)
        if values.null_count() < height:
            present.append((name, values))
            lacking = pl.DataFrame(dict(present)).select(pl.all_horizontal(pl.all().is_null()))
            missing = int(lacking.to_series().sum())
    if present and identity.like:
        namespace, column = identity.like
        present = [(column, values) for _, values in present]
    if present:
        return people.donor_key(present, key, namespace=namespace)
    return pl.Series("donor_key", [None], dtype=pl.String).new_from_index(0, height)


def _kinds(keys: pl.Series, organization: pl.Series | None) -> pl.Series:
    frame = pl.DataFrame({"key": keys}).with_columns(
        organization=organization if organization is not None else pl.lit(value=False)
    )
    kind = (
        pl.when(pl.col("organization"))
        .then(pl.lit("organization"))
        .when(pl.col("key").is_null())
        .then(pl.lit("anonymous"))
        .otherwise(pl.lit("person"))
    )
    return frame.select(kind.alias("donor_kind")).to_series()
