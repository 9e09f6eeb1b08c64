"""The wheel carries all that a refresh reads, and nothing else."""

import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT, default_warehouse

PACKED = ("pipelines", "sample", "pages", "dbt_project", "expectations")
#: Made by tools, or for the linter alone.
LEFT_OUT = {"__pycache__", "dbt_project/lint", "dbt_project/logs", "dbt_project/target"}


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """The names of the files in a wheel built now, without a network."""
    own = PROJECT_ROOT / ".tools" / "uv" / "bin" / "uv"
    uv = str(own) if own.exists() else shutil.which("uv")
    if uv is None:
        pytest.skip("no uv to build the wheel with; `make setup` brings it")
    out = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [uv, "build", "--wheel", "--offline", "--quiet", "--out-dir", str(out)],
        cwd=PROJECT_ROOT, env=os.environ | {"UV_CACHE_DIR": str(out / "cache")}, check=True,
    )  # fmt: skip
    (wheel,) = out.glob("juandi-*.whl")
    with zipfile.ZipFile(wheel) as files:
        return {name for name in files.namelist() if not name.endswith("/")}


def test_its_files_are_those_of_the_repository(packed: set[str]) -> None:
    """Code, models, seeds, tests and suites, each under the name it has here."""
    here = {
        file.relative_to(PROJECT_ROOT).as_posix()
        for folder in PACKED
        for file in (PROJECT_ROOT / folder).rglob("*")
        if file.is_file() and not _is_left_out(file.relative_to(PROJECT_ROOT))
    }
    assert {name for name in packed if ".dist-info/" not in name} == here


def _is_left_out(file: Path) -> bool:
    return any(part.name in LEFT_OUT or part.as_posix() in LEFT_OUT for part in file.parents)


def test_in_a_checkout_the_warehouse_is_the_projects() -> None:
    """… wherever one stands."""
    assert default_warehouse() == PROJECT_ROOT / "warehouse"
