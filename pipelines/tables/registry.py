"""All tables and views in one place; a name is declared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from pipelines.tables import (
    marts_audit,
    marts_campaigns,
    marts_claims,
    marts_communities,
    marts_compliance,
    marts_donations,
    marts_flags,
    marts_giving,
    marts_growth,
    marts_organizations,
    marts_programs,
    marts_projects,
    marts_settlement,
    ops,
    registers_sql,
    star_campaigns,
    star_claims,
    star_communities,
    star_dimensions,
    star_donations,
    star_offline,
    star_organizations,
    star_outputs,
    star_parties,
    star_programs,
    star_projects,
    star_reviews,
    star_settlement,
)
from pipelines.tables.declaration import Inner, Table
from pipelines.tables.views import intermediate, staging

_SUBJECTS = (
    star_dimensions,
    star_parties,
    star_campaigns,
    star_communities,
    star_programs,
    star_donations,
    star_organizations,
    star_offline,
    star_outputs,
    star_projects,
    star_reviews,
    star_settlement,
    star_claims,
    marts_audit,
    marts_campaigns,
    marts_communities,
    marts_compliance,
    marts_donations,
    marts_flags,
    marts_giving,
    marts_growth,
    marts_programs,
    marts_organizations,
    marts_projects,
    marts_settlement,
    marts_claims,
)
_Any = TypeVar("_Any", Table, Inner)


def gathered(tables: Iterable[_Any]) -> Mapping[str, _Any]:
    """Name → declaration. Raises ValueError for a name declared more than once."""
    found: dict[str, _Any] = {}
    for table in tables:
        if table.name in found:
            raise ValueError(f"{table.name} is declared twice")
        found[table.name] = table
    return found


#: Published models, dimensions first, then facts, then marts.
MODELS = gathered(table for subject in _SUBJECTS for table in subject.TABLES)
#: Views of staging and intermediate.
INNER = gathered((*staging.VIEWS, *registers_sql.VIEWS, *intermediate.VIEWS))
#: What the warehouse says of itself; no model of dbt.
OPS = gathered(ops.TABLES)
