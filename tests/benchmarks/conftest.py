"""One tiny sample of the campaign for the tests of the benchmark's parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.giving.landing import sample
from tests.once import Once

SCALE = 0.0005


@pytest.fixture(scope="session")
def tiny(once: Once) -> Path:
    """The campaign's files at the smallest scale. Nobody writes into it."""
    return sample(once("samples", lambda folder: sample(folder, SCALE)), SCALE)
