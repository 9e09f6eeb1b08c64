"""A night as lines of the log (`pipelines.logs`): its steps, files, and what fails in it.

A listener like the others, for whoever starts a night: the command or Dagster.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from pipelines.definitions.listener import Listener, Silent
from pipelines.logs import Level, log, of_error
from pipelines.publishing.machine import condition

if TYPE_CHECKING:
    from pipelines.publishing.releases import Release
    from pipelines.quality import GateResult
    from pipelines.stages.build.nodes import NodeResult
    from pipelines.stages.load.load import Loaded

_WELL = frozenset({"success", "pass"})


class NightLog:
    """Passes everything on to `inner`. `run` is the id by which lines of one night are found."""

    def __init__(self, run: str, inner: Listener | None = None) -> None:
        self.run, self._inner = run, inner or Silent()
        self._began = time.monotonic()
        self._step: tuple[str, float] | None = None
        log("night_began", run=run)

    def _end_step(self) -> None:
        if self._step is not None:
            step, began = self._step
            log("step_ended", run=self.run, step=step, seconds=_since(began))
            self._step = None

    def on_step(self, step: str, total: int | None) -> None:
        """The step before has ended."""
        self._end_step()
        self._step = (step, time.monotonic())
        log("step_began", run=self.run, step=step, total=total)
        self._inner.on_step(step, total)

    def on_file(self, loaded: Loaded) -> None:
        """A file is told by its id: its name may be a person's."""
        receipt, outcome = loaded.receipt, loaded.outcome
        rule = (outcome.refusal or "").partition(":")[0] or None
        log(
            "file_refused" if rule else "file_loaded", "warning" if rule else "info",
            run=self.run, step="load", source=receipt.source, file_id=receipt.file_id,
            rule_id=rule, rows_loaded=outcome.rows_loaded,
            rows_quarantined=outcome.rows_quarantined,
        )  # fmt: skip # one call
        self._inner.on_file(loaded)

    def on_node(self, node: NodeResult) -> None:
        """A model or test that is well is no line: there are hundreds."""
        if node.status not in _WELL:
            level: Level = "warning" if node.status in ("warn", "skipped") else "error"
            log(
                "model_failed", level, run=self.run, step="models", model=node.unique_id,
                status=node.status, failing_rows=node.failures,
            )  # fmt: skip # one call
        self._inner.on_node(node)

    def on_check(self, result: GateResult) -> None:
        """Neither is a check that passes."""
        if result.status in ("fail", "error"):
            log(
                "check_failed", "error" if result.blocks else "warning", run=self.run,
                step="gates", rule_id=result.rule_id, severity=result.severity,
                status=result.status, failing_rows=result.failing_rows,
            )  # fmt: skip # one call
        self._inner.on_check(result)

    def ended(self, status: str, release: Release | None) -> None:
        """The run has ended: `status` is published, unchanged, blocked, failed, or partial for one
        that was no whole night."""
        self._end_step()
        log(
            "night_ended", "error" if status in ("blocked", "failed") else "info",
            run=self.run, status=status, seconds=_since(self._began),
            release=release.release_id if release else None,
            as_of=release.as_of if release else None,
        )  # fmt: skip # one call

    def broke_off(self, error: BaseException) -> None:
        """The night ended before its job could say how."""
        self._end_step()
        found = condition(error)
        log(
            "night_ended", "error", run=self.run, status="failed", seconds=_since(self._began),
            condition=found.name if found else None, **of_error(error),
        )  # fmt: skip # one call


def _since(began: float) -> float:
    return round(time.monotonic() - began, 3)
