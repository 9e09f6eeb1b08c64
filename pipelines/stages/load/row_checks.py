"""Which rows of a cleaned block break which rule of their contract.

Required and readable values, closed codes, damaged ids, numbers beyond their bounds, the contract's
own rules, and rows that do not fit their headings. The wording of the reasons is in `reasons`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from pipelines.cleaning.columns import Cleaned
from pipelines.reading.blocks import FIELD_COUNT, MISFIT, SHORT
from pipelines.sources import Source
from pipelines.stages.load.reasons import BEYOND, DAMAGED_ID, OTHER_MONEY


def broken_rules(
    source: Source,
    rows: pl.DataFrame,
    frame: pl.DataFrame,
    cleaned: Mapping[str, Cleaned],
    required: Collection[str],
) -> dict[str, pl.Series]:
    """Rule id → which rows break it (a mask as long as the block), for rules that any row breaks.

    `rows`: as read. `frame`: as they would be in the lake. `cleaned`: their values by column; a
    column that is missing there is not checked. `required`: columns that every row must fill.
    """
    masks: dict[str, pl.Series] = {}
    for name, got in cleaned.items():
        if source.by_name[name].closed and got.unread is not None:
            masks[f"{source.name}.{name}.known"] = got.unread
        if name in required and got.values.null_count():
            empty = got.values.is_null()
            # an unknown code is kept and not null, so it counts as readable
            unread = empty & (got.unread if got.unread is not None else False)
            # a value in another currency or beyond its bound breaks only that rule
            for elsewhere in (got.foreign, got.beyond):
                if elsewhere is not None:
                    empty, unread = empty & ~elsewhere, unread & ~elsewhere
            masks[f"{source.name}.{name}.readable"] = unread
            masks[f"{source.name}.{name}.required"] = empty & ~unread
    if damaged := [c.damaged for c in cleaned.values() if c.damaged is not None]:
        masks[DAMAGED_ID] = any_of(damaged)
    if foreign := [mask for c in cleaned.values() if (mask := c.not_kept) is not None]:
        masks[OTHER_MONEY] = any_of(foreign)
    if large := [c.beyond for c in cleaned.values() if c.beyond is not None]:
        masks[BEYOND] = any_of(large)
    if source.rules:
        violations = frame.select(
            (~r.holds).fill_null(value=False).alias(r.rule_id) for r in source.rules
        )
        masks |= {s.name: s for s in violations}
    broken = {rule: mask for rule, mask in masks.items() if mask.any()}
    return _with_misfits(rows, frame, cleaned, broken)


def _with_misfits(
    rows: pl.DataFrame,
    frame: pl.DataFrame,
    cleaned: Mapping[str, Cleaned],
    broken: dict[str, pl.Series],
) -> dict[str, pl.Series]:
    misfit = rows[MISFIT]
    if misfit.null_count() == len(misfit):
        return broken
    unread = [c.unread for c in cleaned.values() if c.unread is not None]
    shifted = (misfit == SHORT) & any_of([*unread, *broken.values(), frame["unread"].is_not_null()])
    misfit = misfit.set(misfit == SHORT, None)
    misfit = misfit.set(shifted.fill_null(value=False), FIELD_COUNT)
    is_misfit = misfit.is_not_null()
    # a row that does not fit its headings breaks only that rule: its values are shifted
    broken = {rule: mask & ~is_misfit for rule, mask in broken.items()}
    broken |= {
        rule: (misfit == rule).fill_null(value=False) for rule in misfit.unique().drop_nulls()
    }
    return {rule: mask for rule, mask in broken.items() if mask.any()}


def any_of(masks: Sequence[pl.Series]) -> pl.Series:
    """True where one of `masks` is."""
    first = masks[0]
    for mask in masks[1:]:
        first = first | mask
    return first
