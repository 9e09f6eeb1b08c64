"""What several tests only read is made once a run, by whichever worker asks first.

Workers are processes (pytest-xdist), so what they share lies in the folder pytest keeps for the
run, and a lock lets one of them make it while the others wait. A test that changes it copies it
first. What is made belongs to the fixtures.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


class Once:
    """Makes folders by name in a folder that all workers of a run share."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @classmethod
    def of_run(cls, tmp_path_factory: pytest.TempPathFactory) -> Once:
        """Where the workers of this run share; a run without workers has it to itself."""
        own = tmp_path_factory.getbasetemp()
        return cls(own.parent if "PYTEST_XDIST_WORKER" in os.environ else own)

    def __call__(self, name: str, make: Callable[[Path], object]) -> Path:
        """The folder `name`, made by `make(folder)` where nobody has; it is not there before.

        What `make` raises is raised to each that asks.
        """
        folder, made = self._root / name, self._root / f"{name}.made"
        with FileLock(self._root / f"{name}.lock"):
            if not made.exists():
                shutil.rmtree(folder, ignore_errors=True)  # of one that failed or died half way
                make(folder)
                made.touch()
        return folder
