"""dbt's process: what goes wrong in it is told to who asked, and it never outlives the asking."""

from pathlib import Path

import pytest

from pipelines.settings import Settings
from pipelines.stages.dbt_process import DbtProcess
from pipelines.stages.models import ModelsFailed


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Of an empty warehouse."""
    return Settings(warehouse=tmp_path, landing=tmp_path)


def test_a_process_that_dies_is_an_error(settings: Settings) -> None:
    """Not a wait without end."""
    with DbtProcess(settings) as dbt:
        dbt._process.kill()
        with pytest.raises(ModelsFailed, match="its process ended with status -9"):
            dbt.build()


def test_it_ends_with_the_asking(settings: Settings) -> None:
    """Whether or not it was asked anything."""
    with DbtProcess(settings) as dbt:
        pass
    assert dbt._process.returncode is not None


@pytest.mark.timeout(300)
def test_what_dbt_says_is_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that cannot be opened is in dbt's own words."""
    settings.work_db.mkdir(parents=True)  # a folder stands where the file should be
    with DbtProcess(settings) as dbt, pytest.raises(ModelsFailed, match="dbt: "):
        dbt.build()
