"""Starts runs as Dagster does by default, and knows whether one is still at work.

Dagster's monitoring asks that of a launcher; the default one cannot tell. Without an answer a run
whose machine went down stays "started" for good, and the queue of one run waits for it.
"""

from __future__ import annotations

from dagster import DagsterRun, DefaultRunLauncher
from dagster._core.errors import (
    DagsterUserCodeUnreachableError,
    DagsterUserCodeUnreachableTimeoutError,
)
from dagster._core.launcher import CheckRunHealthResult, WorkerStatus
from dagster._grpc.types import CanCancelExecutionRequest, CanCancelExecutionResult
from dagster._serdes import deserialize_value

from pipelines.publishing.lock import is_locked
from pipelines.settings import load_settings


class WatchedRunLauncher(DefaultRunLauncher):
    """`run_launcher` of dagster.yaml."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        """It can be asked."""
        return True

    def check_run_worker_health(self, run: DagsterRun) -> CheckRunHealthResult:
        """Gone where the server that started it does not know it and nobody holds the warehouse.

        A run from the command line has no server; it holds the warehouse from before it begins.
        """
        if self._is_known(run.run_id) or is_locked(load_settings()):
            return CheckRunHealthResult(WorkerStatus.RUNNING)
        return CheckRunHealthResult(
            WorkerStatus.NOT_FOUND, "its process is gone, and nobody holds the warehouse"
        )

    def _is_known(self, run_id: str) -> bool:
        """Whether the server that started the run has its process; True where it gives no answer
        in time."""
        client = self._get_grpc_client_for_termination(run_id)  # type: ignore[no-untyped-call]
        if client is None:
            return False
        try:
            told = client.can_cancel_execution(CanCancelExecutionRequest(run_id=run_id), timeout=20)
        except DagsterUserCodeUnreachableTimeoutError:
            return True
        except DagsterUserCodeUnreachableError:
            return False
        return deserialize_value(told, CanCancelExecutionResult).can_cancel
