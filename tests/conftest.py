"""Samples that tests of several folders read, made once a run; and the order of the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sample import Faults, Manifest, generate
from tests.once import Once

Made = tuple[Path, Manifest]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole refreshes first: the short tests then fill what is left of each worker's time."""
    items.sort(key=lambda item: item.get_closest_marker("flow") is None)


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes what the workers of a run share. Nobody writes into it afterwards."""
    return Once.of_run(tmp_path_factory)


@pytest.fixture(scope="session")
def sample(once: Once) -> Callable[[Faults], Made]:
    """A small sample (2,100 gifts) at a level of faults. Nobody writes into it."""

    def get(faults: Faults) -> Made:
        out = once(f"sample-{faults}", lambda folder: generate(folder, scale=0.01, faults=faults))
        return out, Manifest.read(out / "manifest.json")

    return get
