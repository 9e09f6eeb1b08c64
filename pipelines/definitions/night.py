"""One run over a warehouse: what its steps find, made when a step first needs it.

Dagster carries the order and the record of a run. A run may have any selection of the steps, so no
step counts on another's having been there: it asks for the build, or for models, and what the run
has not made yet is made then. No step's own work belongs here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field

import dagster as dg

from pipelines.definitions.ahead import Ahead
from pipelines.definitions.listener import Listener, Silent
from pipelines.definitions.night_log import NightLog
from pipelines.definitions.run_tags import WHOLE, begun
from pipelines.definitions.told import tell_of
from pipelines.definitions.warehouse import held
from pipelines.logs import listen_to_libraries
from pipelines.publishing.lock import RefreshRunning
from pipelines.publishing.releases import Release
from pipelines.settings import Settings, load_settings
from pipelines.stages.build.build import Build, prepare_build
from pipelines.stages.build.inputs import Inputs
from pipelines.stages.build.models import DbtReport, build_models
from pipelines.stages.build.project import MANIFEST, prepared
from pipelines.stages.build.upstream import with_upstream
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.load.load import Loaded
from pipelines.stages.store.receipts import Receipt

#: Seconds that a run which is to publish waits for the warehouse: `juandi refresh` may be at work.
PATIENCE = 3600


@dataclass
class Night:
    """A run's settings and what it found so far; for who started it to read when it has ended.

    `is_full`: build, gate and publish even if the inputs are those of the published release.
    `is_to_fetch`: what is offered elsewhere is fetched first.
    `is_recorded`: somebody may look at the run's record later, and at what is told of each table.
    `ahead` is there where who started the run has begun some of its work. `build` and `dbt` are
    what the run has made, None for nothing yet. `kept_open` holds the build's database from the
    models to the gates.
    """

    settings: Settings
    listener: Listener = field(default_factory=Silent)
    is_full: bool = False
    is_recorded: bool = True
    ahead: Ahead | None = None
    is_to_fetch: bool = True
    has_begun: bool = False  # its first step did; Dagster also makes a night that has no step
    received: list[Receipt] = field(default_factory=list)
    loads: list[Loaded] = field(default_factory=list)
    build: Build | None = None
    dbt: DbtReport | None = None
    gates: GateReport | None = None
    release: Release | None = None
    is_unchanged: bool = False
    kept_open: ExitStack = field(default_factory=ExitStack)

    @property
    def ending(self) -> str:
        """Of a whole night that has ended: published, unchanged, blocked or failed."""
        if self.is_unchanged:
            return "unchanged"
        if self.gates is not None and self.gates.blocked:
            return "blocked"
        return "failed" if self.release is None else "published"

    def build_or_made(self, inputs: Inputs | None = None) -> Build:
        """The private build of this run, made of what stands in the lake when first asked for.

        Of an earlier run's nothing is kept: files may have come since. `inputs` are what stands,
        where the caller has just looked.
        """
        if self.build is None:
            self.listener.on_step("build", None)
            if self.ahead is not None:
                self.ahead.copying.result()
            self.build = prepare_build(self.settings, inputs)
        return self.build

    def models_or_made(self, wanted: Collection[str] | None = None) -> DbtReport:
        """dbt's results in this run, with those of `wanted` and of all that they rest on.

        `wanted` are unique ids of seeds, models and tests, None for all. What the run has not made
        yet is made in its build. Raises ModelsFailed, ProjectError.
        """
        self.build_or_made()
        results = self.dbt.results if self.dbt else ()
        needed = with_upstream(prepared(self.settings) / MANIFEST, wanted)
        if lacking := needed - {node.unique_id for node in results}:
            self.listener.on_step("models", len(lacking))
            report = build_models(
                self.settings,
                on_node=self.listener.on_node,
                kept_open=self.kept_open,
                only=None if wanted is None and not results else lacking,
            )
            self.dbt = DbtReport((*results, *report.results), report.manifest)
        if self.dbt is None:
            raise ValueError("no seed, model or test was asked for")
        return self.dbt


@dg.resource(
    config_schema={
        "as_of": dg.Field(dg.Noneable(str), default_value=None, is_required=False),
        "pull": dg.Field(bool, default_value=True, is_required=False),
    },
    description="The warehouse of the JUANDI_… settings, for one run; held alone to its end.",
)
def night_resource(context: dg.InitResourceContext) -> Iterator[Night]:
    """A run's `Night` under the refresh lock.

    A run that is to publish waits its turn; any other raises RefreshRunning at once.
    """
    run = context.run
    tags = run.tags if run else {}
    if context.instance and run:
        context.instance.add_run_tags(run.run_id, begun(run))

    def wait(running: RefreshRunning) -> None:
        if context.log:
            context.log.warning(f"waits for up to {PATIENCE // 60} minutes: {running}")

    settings = load_settings(as_of=context.resource_config["as_of"])
    listen_to_libraries()
    with held(settings, patience=PATIENCE if WHOLE in tags else 0, on_wait=wait):
        log = NightLog(run.run_id if run else "")
        night = Night(settings, log, is_to_fetch=context.resource_config["pull"])
        try:
            with night.kept_open:
                yield night
        finally:
            is_whole = WHOLE in tags and night.has_begun
            log.ended(night.ending if is_whole else "partial", night.release)
            tell_of(context, night)
