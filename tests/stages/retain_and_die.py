"""Run as a program: lets files go, and is killed at the steps it is told.

`python -m tests.stages.retain_and_die WAREHOUSE`: for every line "step" a child process applies
`[retention]` and dies before that step; prints its exit code, negative for a signal.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from pipelines.settings import Settings
from pipelines.stages.retain import letting_go
from pipelines.stages.retain.retain import apply
from pipelines.stages.store import journal
from pipelines.stages.store.catalog import Catalog
from tests.publishing.builds import KillAt


def _apply_and_die(settings: Settings, step: int) -> None:
    kill = KillAt(step)
    for module, name in (
        (letting_go, "keep_verdicts"),
        (letting_go, "done"),
        (letting_go, "_forget_stamps"),
        (Catalog, "forget"),
        (Path, "unlink"),
        (shutil, "rmtree"),
        (os, "unlink"),
        (os, "rmdir"),
        (os, "fsync"),
        (journal, "_sealed"),
    ):
        setattr(module, name, kill.wrap(getattr(module, name)))
    apply(settings)


def main() -> None:
    """A child for every line of stdin."""
    folder = Path(sys.argv[1])
    settings = Settings(warehouse=folder, landing=folder / "landing")
    for line in sys.stdin:
        child = os.fork()  # imports are paid once; this process has no threads or databases
        if child == 0:
            _apply_and_die(settings, int(line))
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
