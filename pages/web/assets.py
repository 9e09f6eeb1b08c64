"""The files that pages load: read once, named with a hash, kept by browsers for good."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parents[1] / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
          ".svg": "image/svg+xml"}  # fmt: skip # a table


@dataclass(frozen=True)
class Asset:
    """A file of `static/`."""

    content: bytes
    media_type: str
    digest: str


@cache
def assets() -> dict[str, Asset]:
    """Name → file. What is not in here is not served, whatever a URL says."""
    return {
        path.name: Asset(
            path.read_bytes(),
            _TYPES[path.suffix],
            hashlib.sha256(path.read_bytes()).hexdigest()[:12],
        )
        for path in sorted(_FOLDER.iterdir())
        if path.suffix in _TYPES
    }


def asset_url(name: str) -> str:
    """Where a page finds it. Raises KeyError for a file that is not there."""
    return f"/static/{name}?v={assets()[name].digest}"


@cache
def build_id() -> str:
    """A hash of this package: what a page looked like under other code is no answer now."""
    found = hashlib.sha256()
    for path in sorted(Path(__file__).parents[1].rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            found.update(path.read_bytes())
    return found.hexdigest()[:12]
