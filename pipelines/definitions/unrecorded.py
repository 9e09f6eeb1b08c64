"""A Dagster instance for runs whose record nobody can look at once the process has ended.

Dagster's own for such runs (`DagsterInstance.ephemeral`) keeps every event in a database in memory,
over a connection of its own each, and asks it before each step what every input was last
materialised as. Of a night's 2,000 events that takes five seconds, however few its gifts. What
became of a run is in its result; where runs are to be looked at later, a folder of Dagster's
(`DAGSTER_HOME`) keeps them, and this is not used.
"""

from __future__ import annotations

from collections.abc import Sequence

import dagster as dg
from dagster._core.instance.types import InstanceType
from dagster._core.launcher.sync_in_memory_run_launcher import SyncInMemoryRunLauncher
from dagster._core.run_coordinator import DefaultRunCoordinator
from dagster._core.storage.event_log import InMemoryEventLogStorage
from dagster._core.storage.event_log.base import AssetRecord
from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager
from dagster._core.storage.root import TemporaryLocalArtifactStorage
from dagster._core.storage.runs import InMemoryRunStorage


class _NoEvents(InMemoryEventLogStorage):
    """Keeps nothing, and so has nothing to look up."""

    def store_event(self, event: dg.EventLogEntry) -> None:
        """The run's result has it; nobody else asks."""

    def get_asset_records(
        self, asset_keys: Sequence[dg.AssetKey] | None = None
    ) -> Sequence[AssetRecord]:
        """Nothing was ever materialised."""
        return []

    @property
    def asset_records_have_last_observation(self) -> bool:
        """So that observations are not looked for one by one."""
        return True


def unrecorded() -> dg.DagsterInstance:
    """As `DagsterInstance.ephemeral` makes one, but for the events."""
    return dg.DagsterInstance(
        instance_type=InstanceType.EPHEMERAL,
        local_artifact_storage=TemporaryLocalArtifactStorage(),  # type: ignore[no-untyped-call]
        run_storage=InMemoryRunStorage(),
        event_storage=_NoEvents(),
        compute_log_manager=NoOpComputeLogManager(),
        run_coordinator=DefaultRunCoordinator(),
        run_launcher=SyncInMemoryRunLauncher(),
    )
