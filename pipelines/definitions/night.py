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
from pipelines.definitions.keys import WHOLE
from pipelines.definitions.listener import Listener, Silent
from pipelines.definitions.night_log import NightLog
from pipelines.definitions.warehouse import held
from pipelines.logs import listen_to_libraries
from pipelines.publishing.releases import Release, published_release
from pipelines.settings import Settings, config_of, load_settings
from pipelines.stages.build.accounts import load_record
from pipelines.stages.build.build import Build, prepare_build
from pipelines.stages.build.inputs import Inputs
from pipelines.stages.build.models import DbtReport, build_models
from pipelines.stages.build.project import MANIFEST, prepared
from pipelines.stages.build.upstream import with_upstream
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.load.load import Loaded


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
    loads: list[Loaded] = field(default_factory=list)
    build: Build | None = None
    dbt: DbtReport | None = None
    gates: GateReport | None = None
    release: Release | None = None
    is_unchanged: bool = False
    kept_open: ExitStack = field(default_factory=ExitStack)

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
    """A run's `Night` under the refresh lock. Raises RefreshRunning at once if it is taken."""
    settings = load_settings(as_of=context.resource_config["as_of"])
    listen_to_libraries()
    with held(settings):
        run = context.dagster_run
        told = NightLog(run.run_id if run else "")
        night = Night(settings, told, is_to_fetch=context.resource_config["pull"])
        try:
            with night.kept_open:
                yield night
        finally:
            is_whole = run is not None and WHOLE in run.tags and night.has_begun
            told.ended(_ending(night) if is_whole else "partial", night.release)
            if is_whole:
                _tell(context, night)


def _ending(night: Night) -> str:
    """published, unchanged, blocked or failed."""
    if night.is_unchanged:
        return "unchanged"
    if night.gates is not None and night.gates.blocked:
        return "blocked"
    return "failed" if night.release is None else "published"


def _tell(context: dg.InitResourceContext, night: Night) -> None:
    """Tells people of a whole night, where `juandi.toml` names any; that fails no run."""
    if not config_of(night.settings, "alerts"):
        return
    from pipelines.stages.tell.news import NightTold
    from pipelines.stages.tell.sending import tell

    status = _ending(night)
    errors = ["作业失败，见 Dagster 页面 / the run failed: its page in Dagster says where"]
    told = NightTold(
        status,
        night.release or published_release(night.settings),
        errors if status == "failed" else [],
        night.gates.results if night.gates else (),
        [load_record(s) for s in night.build.standings if s.status == "held"]
        if night.build
        else (),
    )
    for sent in tell(night.settings, told):
        if sent.trouble and context.log:
            context.log.warning(f"not told: receiver {sent.receiver}: {sent.trouble}")
