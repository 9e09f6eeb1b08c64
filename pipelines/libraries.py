"""Which libraries are installed here, and in which version. None is imported."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version


def installed(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """("name version" of those that are, names of those that are not)."""
    seen, missing = [], []
    for name in names:
        try:
            seen.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    return seen, missing
