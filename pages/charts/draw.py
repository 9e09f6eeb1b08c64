"""From a Vega-Lite chart to SVG: nothing is fetched, no script reaches the page.

The text stays text, in the reader's own fonts; colours and sizes are those of the style sheet.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from markupsafe import Markup

FONT = "system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
INK, QUIET, LINE, ACCENT = "#1c2733", "#5a6874", "#dfe4e8", "#0b5a7a"
_LOOK = {
    "background": None,
    "font": FONT,
    "axis": {
        "labelColor": QUIET, "titleColor": QUIET, "gridColor": LINE, "domainColor": LINE,
        "tickColor": LINE, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal",
    },
    "legend": {"labelColor": INK, "titleColor": QUIET, "labelFontSize": 11, "titleFontSize": 11},
    "view": {"stroke": None},
}  # fmt: skip # a table


def data(values: Sequence[Mapping[str, object]]) -> Any:
    """Rows for a chart: texts, and numbers as floats."""
    import altair

    return altair.Data(values=list(values))  # type: ignore[no-untyped-call] # altair's own


def svg(chart: Any, description: str) -> Markup:
    """An Altair chart as SVG, to be set into a page. `description` is what those hear who do not
    see it.
    """
    spec = chart.to_dict(validate=False)  # ours, and tested: validating takes as long as drawing
    spec["config"] = {**spec.get("config", {}), **_LOOK}
    spec["description"] = description
    return Markup(_drawn(json.dumps(spec, sort_keys=True)))  # noqa: S704 - made here, text escaped


@lru_cache(maxsize=256)
def _drawn(spec: str) -> str:
    """The same chart of the same figures is drawn once."""
    import vl_convert

    text = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    return text.replace('class="marks"', 'class="chart"', 1)
