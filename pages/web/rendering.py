"""Templates: everything is escaped, a name that is not there is an error, words come by key."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pages.access.routes import may
from pages.listings import is_number
from pages.web.assets import asset_url
from pages.web.paths import exact, line_path, rows_path, segment
from pages.words import Catalogue
from pages.words import columns as in_words

#: The sign of each status at a level: nobody has to tell colours apart.
SIGNS = {
    "passed": "✓",
    "returned": "↩",
    "rejected": "✕",
    "pending": "…",
    "missing": "!",
    "not_reached": "·",
    "not_sampled": "○",
}
_FOLDER = Path(__file__).parents[1] / "templates"


@cache
def environment() -> Environment:
    """The one environment of all templates."""
    found = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    found.globals.update(
        asset=asset_url, is_number=is_number, may=may, pairs=pairs,
        line_path=line_path, rows_path=rows_path,
    )  # fmt: skip # a list of names
    found.filters["exact"] = exact
    found.filters["segment"] = segment
    return found


def render(template: str, say: Catalogue, **values: Any) -> str:
    """A template filled in a language; `values` are its names."""
    spoken = {
        name: partial(getattr(in_words, name), say)
        for name in ("heading", "headings", "unit", "definition", "how", "written", "code")
    }
    names = {status: in_words.code(say, "status", status) for status in SIGNS}
    return (
        environment()
        .get_template(template)
        .render(say=say, signs=SIGNS, names=names, **spoken, **values)
    )


def pairs(values: Iterable[object]) -> list[tuple[object, str]]:
    """Values to choose from that are called by their code's words."""
    return [(value, "") for value in values]
