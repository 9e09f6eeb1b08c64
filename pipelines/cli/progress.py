"""Shows the progress of a refresh on stderr: bars on a terminal, plain lines elsewhere.

The stages report progress; `summary` writes the summary at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

from pipelines.cli.console import complain, err
from pipelines.definitions.listener import Listener, Silent
from pipelines.logs import is_json

if TYPE_CHECKING:
    from pipelines.quality import GateResult
    from pipelines.stages.build.nodes import NodeResult
    from pipelines.stages.load.load import Loaded

STEPS = {
    "sample": "样本 sample",
    "fetch": "拉取 fetch",
    "pull": "收档 pull",
    "prepare": "准备 prepare",
    "load": "装载 load",
    "build": "构建 build",
    "models": "建模 models",
    "gates": "关口 gates",
    "publish": "发布 publish",
}


class Lines(Silent):
    """A line per step, for logs; failures are in the summary at the end."""

    def on_step(self, step: str, total: int | None) -> None:
        """Writes that the step begins."""
        complain(STEPS.get(step, step) + ("" if total is None else f" ({total})"))


class Bars(Silent):
    """A bar per step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: TaskID | None = None

    def on_step(self, step: str, total: int | None) -> None:
        """Completes the previous bar and begins the next."""
        self.finish()
        self._task = self._progress.add_task(STEPS.get(step, step), total=total)

    def finish(self) -> None:
        """Completes the last bar, because models and gates may skip items."""
        if self._task is not None:
            done = self._progress.tasks[self._task].total or 1
            self._progress.update(self._task, total=done, completed=done)

    def _advance(self) -> None:
        if self._task is not None:
            self._progress.advance(self._task)

    def on_file(self, loaded: Loaded) -> None:
        """Advances by one file."""
        self._advance()

    def on_node(self, node: NodeResult) -> None:
        """Advances by one model; tests are not in the total."""
        if node.resource_type != "test":
            self._advance()

    def on_check(self, result: GateResult) -> None:
        """Advances by one check."""
        self._advance()


@contextmanager
def shown_progress(quiet: bool = False) -> Iterator[Listener]:
    """The listener for this stderr: bars on a terminal, a line a step elsewhere, nothing if `quiet`
    or where the log has lines of its own."""
    console = err()
    quiet = quiet or is_json()
    if quiet or not console.is_terminal:
        yield Silent() if quiet else Lines()
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console) as progress:
        bars = Bars(progress)
        yield bars
        bars.finish()
