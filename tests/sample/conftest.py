"""Samples that several tests read; made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sample import Faults, Manifest, generate

Made = tuple[Path, Manifest]


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Faults], Made]:
    """A small sample (2,100 gifts) at a level of faults."""
    made: dict[Faults, Made] = {}

    def get(faults: Faults) -> Made:
        if faults not in made:
            out = tmp_path_factory.mktemp(f"sample-{faults}")
            made[faults] = out, generate(out, scale=0.01, faults=faults)
        return made[faults]

    return get


@pytest.fixture(scope="session")
def full(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """The campaign at its printed size, without faults."""
    out = tmp_path_factory.mktemp("sample-full")
    return out, generate(out, faults="none")
