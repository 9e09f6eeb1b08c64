"""Who gave, without saying who: a source's personal columns become a pseudonym and a kind.

Here names and numbers of people are last seen; what leaves this module names organisations only.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipelines.cleaning import people
from pipelines.sources import Source


def donor_columns(source: Source, texts: Mapping[str, pl.Series], key: str) -> list[pl.Series]:
    """`donor_key`, `donor_kind` and, where a source publishes them, organisations' names.

    `texts` holds the cleaned columns by canonical name. A source without an identity gives none.
    """
    identity = source.identity
    if identity is None:
        return []
    values = {name: texts[name] for name in identity.columns}
    name = texts[identity.name_column] if identity.name_column else None
    organization = public = None
    if name is not None:
        told = pl.DataFrame({"name": name}).select(
            nobody=people.is_anonymous(pl.col("name")).fill_null(value=False),
            organization=people.is_organization(pl.col("name")).fill_null(value=False),
        )
        organization = told["organization"]
        if identity.publish_organizations:
            public = pl.DataFrame({"name": name}).select(people.organization_name(pl.col("name")))
            # "甲转来某支社捐款" names an organisation in a part of it only
            organization |= public.to_series().is_not_null()
        if identity.name_column in values:
            # "爱心人士" is many people: no pseudonym may stand for all of them
            values[identity.name_column] = name.set(told["nobody"], None)
    keys = _keys(values, key, source.name)
    result = [keys, _kinds(keys, organization)]
    if public is not None:
        result.append(public.to_series().alias("donor_name_public"))
    return result


def _keys(values: Mapping[str, pl.Series], key: str, namespace: str) -> pl.Series:
    present = [(n, v) for n, v in values.items() if v.null_count() < len(v)]
    if present:
        return people.donor_key(present, key, namespace=namespace)
    height = len(next(iter(values.values())))
    return pl.Series("donor_key", [None], dtype=pl.String).new_from_index(0, height)


def _kinds(keys: pl.Series, organization: pl.Series | None) -> pl.Series:
    frame = pl.DataFrame({"key": keys}).with_columns(
        organization=organization if organization is not None else pl.lit(value=False)
    )
    kind = (
        pl.when(pl.col("organization")).then(pl.lit("organization"))
        .when(pl.col("key").is_null()).then(pl.lit("anonymous"))
        .otherwise(pl.lit("person"))
    )  # fmt: skip
    return frame.select(kind.alias("donor_kind")).to_series()
