"""How long each step of a refresh took, by the clock, while another listener is told of it.

Only measures; how a step is shown belongs to `progress`, the summary to `summary`.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from pipelines.definitions.listener import Listener

if TYPE_CHECKING:
    from pipelines.quality import GateResult
    from pipelines.stages.build.nodes import NodeResult
    from pipelines.stages.load.load import Loaded


class Phases:
    """Passes everything on to `inner`; a step lasts until the next begins, or until `seconds`."""

    def __init__(self, inner: Listener, clock: Callable[[], float] = time.monotonic) -> None:
        self._inner = inner
        self._clock = clock
        self._ended: dict[str, float] = {}
        self._open: tuple[str, float] | None = None

    def _close(self) -> None:
        if self._open is not None:
            step, began = self._open
            self._ended[step] = self._ended.get(step, 0.0) + self._clock() - began
            self._open = None

    def seconds(self) -> dict[str, float]:
        """Ends the step under way; the seconds of every step so far, in their order."""
        self._close()
        return dict(self._ended)

    def on_step(self, step: str, total: int | None) -> None:
        """The step before has ended."""
        self._close()
        self._open = (step, self._clock())
        self._inner.on_step(step, total)

    def on_file(self, loaded: Loaded) -> None:
        """Passed on."""
        self._inner.on_file(loaded)

    def on_node(self, node: NodeResult) -> None:
        """Passed on."""
        self._inner.on_node(node)

    def on_check(self, result: GateResult) -> None:
        """Passed on."""
        self._inner.on_check(result)
