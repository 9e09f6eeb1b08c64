"""How large a table may be inside the published file, and where readers see the warehouse.

    [publishing]
    largest_table = "40GB"
    readers_see = "/mnt/warehouse"

`largest_table`: a table of star of that size or larger lies beside the file; without it none does.
0 is every table with a row. `readers_see`: the warehouse's folder where whoever opens the published
file finds it, if not where it lies. `JUANDI_LARGEST_TABLE` overrides the former.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from pipelines.settings import Settings, SettingsError, config_of

_SIZE = re.compile(r"(\d+)\s*([KMGT]?)(i?)B?", re.IGNORECASE)
_KNOWN = ("largest_table", "readers_see")


@dataclass(frozen=True)
class BesideRules:
    """`largest_table` in bytes, None: no table lies beside. `readers_see` is a folder's path."""

    largest_table: int | None
    readers_see: str


def beside_rules(settings: Settings) -> BesideRules:
    """The rules of a warehouse. Raises SettingsError for what cannot be meant."""
    told = config_of(settings, "publishing")
    where = f"{settings.config}: [publishing]"
    if unknown := sorted(told.keys() - set(_KNOWN)):
        raise SettingsError(f"{where} {unknown[0]} is not known; it knows {list(_KNOWN)}")
    size: Any = told.get("largest_table")
    name = f"{where} largest_table"
    if settings.largest_table is not None:
        size, name = settings.largest_table, "JUANDI_LARGEST_TABLE"
    seen = told.get("readers_see", str(settings.warehouse))
    if not isinstance(seen, str) or not _is_whole(seen):
        raise SettingsError(f"{where} readers_see is to be a whole path, as /mnt/warehouse")
    return BesideRules(None if size is None else _bytes(size, name), seen.rstrip("/") or "/")


def _is_whole(path: str) -> bool:
    """Of this system or of another: readers may have another."""
    return PurePath(path).is_absolute() or re.match(r"/|[A-Za-z]:[/\\]|\\\\", path) is not None


def _bytes(size: object, name: str) -> int:
    found = _SIZE.fullmatch(str(size).strip()) if not isinstance(size, bool | float) else None
    if found is None:
        raise SettingsError(f"{name}: {size!r} is not a size; write it as 40GB, or 0")
    number, unit, binary = found.groups()
    step = 1024 if binary else 1000
    return int(number) * int(step ** ("KMGT".find(unit.upper()) + 1 if unit else 0))
