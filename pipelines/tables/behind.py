"""The rows behind a mart's figure: from its declaration to SQL, for pages and for `juandi trace`.

What is counted is declared with each mart (`declaration.Behind`); a test holds every figure to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from pipelines.dictionary import Words
from pipelines.tables.declaration import PLACEHOLDER, Behind, Table

#: Words of a part: gifts whose donor and receiver are of one county.
OWN_COUNTY = {
    "own_county_cny": Words(
        "本县捐款人所捐（元，退款前）", "Given by donors of the own county, in yuan, before refunds"
    )
}
#: Why a figure that no source prints has no rows.
NOT_PRINTED = Words(
    "没有来源公布此数，故为空；笔数绝不代之",
    "no source prints it, so it is null; gifts (笔) never stand in for it",
)

_TABLE = re.compile(r"\b(?:star|marts|ops)\.\w+")
_DONORS = "count(distinct nullif(donor_key, 'unknown'))"
#: What a group of gifts comes to, under the names that marts have for it.
GIFTS: Mapping[str, str] = {
    "donation_count": "count(*)",
    "donor_count": _DONORS,
    "gross_cny": "sum(amount_cny)",
    "refunded_cny": "sum(refunded_cny)",
    "net_cny": "sum(net_cny)",
}


def gifts(where: str, **more: str) -> tuple[Behind, Behind]:
    """The gifts of a group and, of these, those whose net is not known."""
    return (
        Behind("star.fact_donation", where, {**GIFTS, **more}),
        Behind(
            "star.fact_donation",
            f"{where} and net_cny is null",
            {
                "gifts_of_unknown_net": "count(*)",
                "unknown_net_cny": "coalesce(sum(amount_cny), 0)",
            },
        ),
    )


def county_of(column: str) -> str:
    """The county of a region's code as it is coded today; null where it has none."""
    return (
        "(select today.region_code from star.dim_region as place"
        " inner join star.dim_region as today on place.code_today = today.region_code"
        " and today.is_latest_of_code and today.level = 'county'"
        f" where place.is_latest_of_code and place.region_code = {column})"
    )


def county_today(table: str) -> str:
    """The county of a fact's region as it is coded today; the code itself where there is none."""
    return f"coalesce({county_of(f'{table}.region_code')}, region_code)"


def own_county(where: str) -> tuple[Behind, Behind]:
    """Of a group's gifts, those whose donor's and project's counties are known, and are one."""
    donors, projects = (
        county_of(f"fact_donation.{side}_region_code") for side in ("donor", "project")
    )
    return (
        Behind(
            "star.fact_donation",
            f"{where} and {donors} is not null and {projects} is not null",
            {"of_known_county_cny": "sum(amount_cny)"},
        ),
        Behind(
            "star.fact_donation",
            f"{where} and {donors} = {projects}",
            {"own_county_cny": "coalesce(sum(amount_cny), 0)"},
            OWN_COUNTY,
        ),
    )


@dataclass(frozen=True)
class RowsBehind:
    """The rows of one figure: a condition over `table`, its values in order, and the aggregate."""

    table: str
    where: str
    values: tuple[object, ...]
    aggregate: str

    @property
    def tables(self) -> frozenset[str]:
        """Every table that is read for it, those of its condition too."""
        return frozenset(_TABLE.findall(f"{self.table} {self.where} {self.aggregate}"))

    @property
    def told(self) -> str:
        """The condition as people read it: with its values in their places."""
        values = iter(self.values)
        return re.sub(r"\?", lambda _: _literal(next(values)), self.where)


def _literal(value: object) -> str:
    if value is None or isinstance(value, bool | int | Decimal):
        return "null" if value is None else str(value)
    return "'" + str(value).replace("'", "''") + "'"


def behind_of(table: Table, column: str) -> Behind | None:
    """What is declared of a column; None where the mart does not say which rows it counts."""
    return table.behind_columns.get(column)


def rows_behind(behind: Behind, column: str, row: Mapping[str, object]) -> RowsBehind:
    """The rows of a figure in one row of the mart. Raises KeyError for a value that is missing."""
    values = tuple(row[name] for name in PLACEHOLDER.findall(behind.where))
    return RowsBehind(
        behind.table, PLACEHOLDER.sub("?", behind.where), values, behind.figures[column]
    )


def with_rows(tables: Iterable[Table]) -> list[str]:
    """`table.column` of every figure whose rows are declared."""
    return [f"{t.name}.{c.name}" for t in tables for c in t.columns if behind_of(t, c.name)]
