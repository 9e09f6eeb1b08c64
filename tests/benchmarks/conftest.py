"""One tiny sample of the campaign for the tests of the benchmark's parts."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.giving.landing import sample


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The campaign's files at the smallest scale. Nobody writes into it."""
    return sample(tmp_path_factory.mktemp("samples"), 0.0005)
