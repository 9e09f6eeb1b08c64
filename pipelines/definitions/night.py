"""One refresh from its first step to its last: what the steps of a run hand to each other.

Dagster carries the order and the record of a run; the values that one step needs of another
(the build, dbt's results, the gates' verdict) live here, in the memory of the one process that
runs it. No step's work belongs here.
"""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import dataclass, field

import dagster as dg

from pipelines.definitions.listener import Listener, Silent
from pipelines.definitions.loading import Loading, Pulling
from pipelines.publishing.lock import refresh_lock
from pipelines.publishing.releases import Release, recover
from pipelines.settings import Settings, load_settings
from pipelines.stages.build.build import Build
from pipelines.stages.build.models import DbtReport
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.load.load import Loaded
from pipelines.stages.store.healing import heal


@dataclass
class Night:
    """A run's settings and, as its steps end, what they found.

    `is_full`: build, gate and publish even if the inputs are those of the published release.
    `pulling`, `loading` and `copying` (of the last release) are there where who started the run has
    begun them already. `kept_open` holds the build's database from the models to the gates.
    """

    settings: Settings
    listener: Listener = field(default_factory=Silent)
    is_full: bool = False
    pulling: Pulling | None = None
    loading: Loading | None = None
    copying: Future[None] | None = None
    loads: list[Loaded] = field(default_factory=list)
    build: Build | None = None
    dbt: DbtReport | None = None
    gates: GateReport | None = None
    release: Release | None = None
    is_unchanged: bool = False
    kept_open: ExitStack = field(default_factory=ExitStack)

    def need_build(self) -> Build:
        """The build of this run. Raises Failure where the run did not make one."""
        if self.build is None:
            raise dg.Failure("this run made no build: start the whole job `nightly`")
        return self.build

    def need_dbt(self) -> DbtReport:
        """dbt's results of this run. Raises Failure where the run did not call dbt."""
        if self.dbt is None:
            raise dg.Failure("this run built no models: start the whole job `nightly`")
        return self.dbt

    def need_gates(self) -> GateReport:
        """The verdict of this run's gates. Raises Failure where the run tried none."""
        if self.gates is None:
            raise dg.Failure("this run tried no gates: start the whole job `nightly`")
        return self.gates


@dg.resource(
    config_schema={"as_of": dg.Field(dg.Noneable(str), default_value=None, is_required=False)},
    description="The warehouse of the JUANDI_… settings, for one run; held alone to its end.",
)
def night_resource(context: dg.InitResourceContext) -> Iterator[Night]:
    """A run's `Night` under the refresh lock. Raises RefreshRunning at once if it is taken."""
    settings = load_settings(as_of=context.resource_config["as_of"])
    with refresh_lock(settings):
        recover(settings)
        heal(settings)
        night = Night(settings)
        with night.kept_open:
            yield night
