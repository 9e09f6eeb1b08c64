"""An empty warehouse, and a quick way to publish into it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.publishing.releases import Release
from pipelines.settings import Settings
from pipelines.stages.publish.publish import publish
from tests.publishing.builds import make_build, passing

Publish = Callable[..., Release]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """An empty warehouse that keeps three releases."""
    return Settings(warehouse=tmp_path / "warehouse", landing=tmp_path / "landing", keep_releases=3)


@pytest.fixture
def publish_number(settings: Settings) -> Publish:
    """Builds and publishes a release that holds a number (and rows to weigh something)."""

    def make(number: int, rows: int = 10) -> Release:
        return publish(settings, make_build(settings, number, rows), passing())

    return make


@pytest.fixture
def beside(settings: Settings) -> Settings:
    """A warehouse whose facts lie beside the file, however small."""
    return replace(settings, largest_table="0")
