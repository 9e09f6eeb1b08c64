"""All fields in one place; a name is declared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipelines.dictionary import (
    campaigns,
    claims,
    communities,
    counts,
    dates,
    disclosures,
    donors,
    files,
    flags,
    gifts,
    giving,
    matching,
    offline_gifts,
    operations,
    organizations,
    outputs,
    persons,
    programs,
    project_card,
    projects,
    ratios,
    regions,
    reviews,
    settlement,
    surveys,
    trainings,
)
from pipelines.dictionary.field import Field

_SUBJECTS = (
    campaigns,
    communities,
    claims,
    counts,
    dates,
    disclosures,
    donors,
    files,
    flags,
    gifts,
    giving,
    matching,
    offline_gifts,
    operations,
    organizations,
    outputs,
    persons,
    programs,
    project_card,
    projects,
    ratios,
    regions,
    reviews,
    settlement,
    surveys,
    trainings,
)


def gathered(fields: Iterable[Field]) -> Mapping[str, Field]:
    """Name → field. Raises ValueError for a name declared more than once."""
    found: dict[str, Field] = {}
    for field in fields:
        if field.name in found:
            raise ValueError(f"field {field.name} is declared twice")
        found[field.name] = field
    return found


FIELDS = gathered(field for subject in _SUBJECTS for field in subject.FIELDS)
