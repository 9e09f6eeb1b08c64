"""A subject's reviews on one axis: every round and level, target raises, admission, go-live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import altair as alt
from markupsafe import Markup

from pages.charts.draw import INK, QUIET, data, svg
from pages.data import Row
from pages.words import Catalogue
from pages.words.columns import code

_COLOURS = {"通过": "#2f7d4f", "退回": "#b7791f", "不通过": "#b42318", "": "#3b6fb6"}
_SIGNS = {"通过": "✓", "退回": "↩", "不通过": "✕", "": "…"}
_WIDTH = 760
_LINE = 12


def reviews(
    say: Catalogue, events: Sequence[Row], moments: Sequence[tuple[datetime | date, str]], to: date
) -> Markup | None:
    """A bar for each record from submission to decision.

    `moments` are (when, what), drawn across all of them. A record that is pending runs to `to`, the
    release's as-of date. None without records.
    """
    if not events:
        return None
    rows = sorted(events, key=lambda r: (r["level_no"], r["round_no"], r["submitted_at"]))
    order = _lanes(say, rows)
    bars = [_bar(say, row, lane, to) for row, lane in zip(rows, order, strict=True)]
    x = alt.X("from:T", title=None, axis=alt.Axis(format="%m-%d", grid=True, tickCount=8))
    y = alt.Y(
        "level:N", sort=order, title=None, axis=alt.Axis(labelLimit=260, domain=False, ticks=False)
    )
    colour = alt.Color(
        "what:N",
        title=None,
        scale=alt.Scale(
            domain=[_label(say, decision) for decision in _COLOURS],
            range=list(_COLOURS.values()),
        ),
        legend=alt.Legend(orient="bottom", symbolType="square"),
    )
    base = alt.Chart(data(bars))
    layers: list[alt.Chart] = [
        base.mark_bar(height=13, cornerRadius=2).encode(x=x, x2=alt.X2("to:T"), y=y, color=colour),
        base.mark_text(align="left", dx=4, fontSize=10, color=INK).encode(
            x=alt.X("to:T"), y=y, text=alt.Text("note:N")
        ),
    ]
    if moments:
        layers += _rules(moments)
    chart = alt.layer(*layers).properties(width=_WIDTH, height=24 * len(order) + 10)
    return svg(chart, say("chart.timeline_described"))


def _lanes(say: Catalogue, rows: Sequence[Row]) -> list[str]:
    """What each record's line is called: level and round, numbered where a round has several."""
    found: list[str] = []
    for row in rows:
        level = f"{row['level_no']} {row['level_name'] or ''}"
        lane = f"{level} · {say('chart.round', count=row['round_no'])}"
        times = sum(known == lane or known.startswith(f"{lane} (") for known in found)
        found.append(f"{lane} ({times + 1})" if times else lane)
    return found


def _bar(say: Catalogue, row: Row, level: str, to: date) -> dict[str, str]:
    decision = row["decision"] or ""
    until = row["decided_at"] or max(datetime(to.year, to.month, to.day), row["submitted_at"])
    shortest = row["submitted_at"] + timedelta(hours=8)  # a bar that can be seen
    days = "" if row["days_taken"] is None else say("chart.days", count=row["days_taken"])
    return {
        "level": level,
        "from": row["submitted_at"].isoformat(),
        "to": max(until, shortest).isoformat(),
        "what": _label(say, decision),
        "note": f"{_SIGNS.get(decision, '')} {days}",
    }


def _label(say: Catalogue, decision: str) -> str:
    words = code(say, "decision", decision) if decision else say("codes.status.pending")
    return f"{_SIGNS.get(decision, '')} {words}"


def _rules(moments: Sequence[tuple[datetime | date, str]]) -> list[alt.Chart]:
    """A line from top to bottom for each, its words above the first level, one above the other."""
    values = [
        {"at": when.isoformat(), "what": "\n" * (len(moments) - 1 - number) + what}
        for number, (when, what) in enumerate(moments)
    ]
    base = alt.Chart(data(values)).encode(x=alt.X("at:T"))
    words = base.mark_text(
        align="right",
        dx=-3,
        fontSize=10,
        color=INK,
        baseline="line-top",
        lineBreak="\n",
        lineHeight=_LINE,
    )
    top = alt.value(-3 - _LINE * len(moments))
    return [
        base.mark_rule(color=QUIET, strokeDash=[3, 3]),
        words.encode(text=alt.Text("what:N"), y=top),
    ]
