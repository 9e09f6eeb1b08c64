"""Who hears how a run gets on: a terminal's progress bars, a log. Knows nothing of Dagster."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from pipelines.quality import GateResult
    from pipelines.stages.build.nodes import NodeResult
    from pipelines.stages.load.load import Loaded


class Listener(Protocol):
    """Told as things happen; must not raise."""

    def on_step(self, step: str, total: int | None) -> None:
        """A step begins; `total` is how many items it will report, where that is known."""

    def on_file(self, loaded: Loaded) -> None:
        """A file was loaded, or refused."""

    def on_node(self, node: NodeResult) -> None:
        """A model was built, or a dbt test run."""

    def on_check(self, result: GateResult) -> None:
        """An expectation was tried."""


class Silent:
    """The listener that says nothing."""

    def on_step(self, step: str, total: int | None) -> None:
        """Ignored."""

    def on_file(self, loaded: Loaded) -> None:
        """Ignored."""

    def on_node(self, node: NodeResult) -> None:
        """Ignored."""

    def on_check(self, result: GateResult) -> None:
        """Ignored."""
