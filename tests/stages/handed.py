"""Work that tests hand out to other processes: it has to be a module's own to be found there."""

from __future__ import annotations

import errno
import os
import signal
import time
from pathlib import Path

import polars as pl

from pipelines.stages.load.read_file import FileRead, Handed, read_handed


def doubled(number: int) -> int:
    """The later ones are done sooner."""
    time.sleep(0.02 / (1 + number))
    return 2 * number


def noted(told: tuple[Path, int]) -> int:
    """A line for each time that an item is worked at, and by whom; returns that process's id."""
    folder, number = told
    with (folder / "done").open("a", encoding="utf-8") as out:
        out.write(f"{number}\n")
    time.sleep(0.05)
    return os.getpid()


def deadly(told: tuple[Path, int]) -> int:
    """Item 3 ends every process, item 5 the first one that it is given to."""
    folder, number = told
    with (folder / str(number)).open("a", encoding="utf-8") as out:
        out.write(f"{os.getpid()}\n")
    is_first = len((folder / str(number)).read_text(encoding="utf-8").split()) == 1
    if number == 3 or (number == 5 and is_first):
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def full(number: int) -> int:
    """The machine's own trouble."""
    if number == 1:
        raise OSError(28, "No space left on device")
    return number


class OddError(Exception):
    """An error that cannot be made again of its message."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


class OddFullError(OSError):
    """A full disk that cannot be made again of its message, and does not say its number."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(errno.ENOSPC, first, second)

    def __str__(self) -> str:
        return "odd"


def odd(_: int) -> int:
    """Raises what cannot be handed back as it is."""
    raise OddError("so", "odd")


def full_within(how: str) -> int:
    """The machine's own trouble, of which only what caused the error tells."""
    try:
        raise OddFullError("so", "full") if how == "odd" else OSError(errno.ENOSPC, "no room")
    except OSError as full:
        if how == "from":
            raise pl.exceptions.ComputeError("could not write") from full
        raise OddError("could", "not write")  # noqa: B904 - as one is raised while another is handled


def waiting(folder: Path) -> None:
    """Says who it is, and works on."""
    (folder / "draft").write_text(str(os.getpid()), encoding="utf-8")
    (folder / "draft").rename(folder / "at work")
    time.sleep(60)


def read_and_die(handed: Handed) -> FileRead:
    """Reads a file; of one in six its process dies before it can tell."""
    read = read_handed(handed)
    if handed.receipt.received_no % 6 == 1:
        mark = handed.settings.build / f"died-{handed.receipt.received_no}"
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
    return read
