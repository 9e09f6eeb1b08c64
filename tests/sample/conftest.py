"""The campaign at its printed size; the small samples are for all tests (`tests/conftest.py`)."""

from __future__ import annotations

import pytest

from sample import Manifest, generate
from tests.conftest import Made
from tests.once import Once


@pytest.fixture(scope="session")
def full(once: Once) -> Made:
    """The campaign at its printed size, without faults. Nobody writes into it."""
    out = once("sample-full", lambda folder: generate(folder, faults="none"))
    return out, Manifest.read(out / "manifest.json")
