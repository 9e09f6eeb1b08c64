"""The commands of the page on metrics answer what the page shows."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines.cli.console import Exit, Trouble
from pipelines.cli.main import app
from pipelines.settings import PROJECT_ROOT, Settings

PAGE = PROJECT_ROOT / "docs" / "ask-for-a-metric.md"
SHOWN = re.findall(
    r"```console\n\$ juandi (metric .*)\n((?:.*\n)*?)```", PAGE.read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def alone(figures: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the release that nobody in this process has open."""
    folder = tmp_path_factory.mktemp("examples")
    shutil.copy(figures.published, folder)
    return folder


def test_there_are_examples() -> None:
    assert len(SHOWN) >= 5
    assert PAGE.read_text(encoding="utf-8").count("```console") == len(SHOWN)


@pytest.mark.parametrize(("command", "shown"), SHOWN, ids=[command for command, _ in SHOWN])
def test_an_example_answers_what_is_shown(command: str, shown: str, alone: Path) -> None:
    done = CliRunner().invoke(app, shlex.split(command), env={"JUANDI_WAREHOUSE": str(alone)})
    if isinstance(done.exception, Trouble):
        assert done.exception.status is Exit.USAGE
        assert f"juandi: {done.exception}\n" == shown
    else:
        assert done.exit_code == 0, done.output
        assert done.stdout == shown
