"""A campaign's or a project's gifts by day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

import altair as alt
from markupsafe import Markup

from pages.charts.draw import ACCENT, data, svg
from pages.data import Row
from pages.words import Catalogue

_WIDTH = 560
#: Days without gifts are shown too, unless there are so many that nobody would see them.
_MOST_DAYS = 400


def by_day(say: Catalogue, rows: Sequence[Row], *, cumulative: bool = False) -> Markup | None:
    """Bars of net yuan by day and, if `cumulative`, the line they add up to; None without rows.

    Yuan become floats here, to be drawn: the figures beside the chart are exact.
    """
    found = {row["date_day"]: row for row in rows if row["net_cny"] is not None}
    if not found:
        return None
    values, total = [], 0.0
    for day in _days(found):
        row = found.get(day, {"net_cny": Decimal(0)})
        total = float(row.get("cumulative_cny") or total)
        values.append({"day": day.isoformat(), "net": float(row["net_cny"]), "total": total})
    base = alt.Chart(data(values))
    money = alt.Axis(format="~s", tickCount=4)
    short = "slice(datum.value, 5)"  # the month and the day
    plain = alt.Axis(labelOverlap=True, labelAngle=0, labelExpr=short, ticks=False)
    x = alt.X("day:O", title=None, axis=plain)
    bars = base.mark_bar(color="#8fb8c9").encode(
        x=x, y=alt.Y("net:Q", title=say("chart.net_by_day"), axis=money)
    )
    drawn: alt.LayerChart | alt.Chart = bars
    if cumulative:
        line = base.mark_line(color=ACCENT, strokeWidth=2, point={"color": ACCENT, "size": 28})
        so_far = alt.Y("total:Q", title=say("chart.so_far"), axis=money)
        drawn = alt.layer(bars, line.encode(x=x, y=so_far)).resolve_scale(y="independent")
    width = min(_WIDTH, max(260, 70 * len(values)))
    return svg(drawn.properties(width=width, height=170), say("chart.by_day_described"))


def _days(found: dict[date, Row]) -> Iterator[date]:
    """Every day from the first to the last, or those with gifts where that is too many."""
    first, last = min(found), max(found)
    span = (last - first).days + 1
    if span > _MOST_DAYS:
        yield from sorted(found)
    else:
        yield from (first + timedelta(days=n) for n in range(span))
