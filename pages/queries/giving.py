"""Gifts by channel and by province, which no mart has: sums of `fact_donation` as the marts add.

Asked of all gifts once, and remembered with the release.
"""

from __future__ import annotations

from pages.data import Reader, Row

_SUMS = """count(*) AS donation_count,
    CAST(sum(amount_cny) AS DECIMAL(18,2)) AS gross_cny,
    CAST(sum(refunded_cny) AS DECIMAL(18,2)) AS refunded_cny,
    CAST(sum(net_cny) AS DECIMAL(18,2)) AS net_cny,
    count(*) FILTER (net_cny IS NULL) AS gifts_of_unknown_net"""


def are_there(reader: Reader) -> bool:
    """Whether the release has what is summed here: one of older code may not."""
    return reader.has("star.fact_donation") and reader.has("star.dim_region")


def by_channel(reader: Reader) -> list[Row]:
    """Of each campaign by channel, the largest first; null is of no campaign."""
    if not are_there(reader):
        return []
    return reader.kept(
        f"SELECT campaign_id, channel_id, {_SUMS} FROM star.fact_donation"
        " GROUP BY ALL ORDER BY campaign_id NULLS LAST, gross_cny DESC, channel_id"
    )


def by_province(reader: Reader, side: str) -> list[Row]:
    """Of each year by province, the largest first, of the `donor` or the `project`.

    A region without a province (`unknown`, one abroad) is a row of its own: nothing is left out.
    Raises KeyError for another side.
    """
    if not are_there(reader):
        return []
    column = {"donor": "donor_region_code", "project": "project_region_code"}[side]
    return reader.kept(
        f"""
        WITH gifts AS (
            SELECT CAST(extract(year FROM paid_at) AS INTEGER) AS year, {column} AS region_code,
                {_SUMS}
            FROM star.fact_donation GROUP BY ALL)
        SELECT g.year, r.province_name, CAST(sum(g.donation_count) AS BIGINT) AS donation_count,
            CAST(sum(g.gross_cny) AS DECIMAL(18,2)) AS gross_cny,
            CAST(sum(g.refunded_cny) AS DECIMAL(18,2)) AS refunded_cny,
            CAST(sum(g.net_cny) AS DECIMAL(18,2)) AS net_cny,
            CAST(sum(g.gifts_of_unknown_net) AS BIGINT) AS gifts_of_unknown_net
        FROM gifts g
        LEFT JOIN star.dim_region r ON r.region_code = g.region_code AND r.is_latest_of_code
        GROUP BY ALL ORDER BY g.year DESC, gross_cny DESC, r.province_name"""
    )
