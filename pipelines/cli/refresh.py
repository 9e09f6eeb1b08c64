"""`juandi refresh`: pull, load what is new, build, gate, publish.

Looks first whether anything is new, and only then imports Dagster and runs the job `nightly`
(`job`), whose steps are the same however a night is started.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer

from pipelines.cli.console import Exit, Trouble, complain
from pipelines.cli.full import forget
from pipelines.cli.options import AsOf, Json, Landing, Warehouse
from pipelines.cli.phases import Phases
from pipelines.cli.progress import shown_progress
from pipelines.cli.summary import RefreshOutcome, show
from pipelines.definitions.listener import Listener
from pipelines.definitions.night_log import NightLog
from pipelines.settings import Engine, Settings, config_of, load_settings

if TYPE_CHECKING:
    from pipelines.definitions.loading import Pulling
    from pipelines.stages.store.healing import Healed


def refresh(
    landing: Landing = None,
    warehouse: Warehouse = None,
    full: Annotated[
        bool,
        typer.Option(
            "--full",
            envvar="JUANDI_FULL",
            help="全部重建 / Forget the lake and the build, and make them again from the archive.",
        ),
    ] = False,
    new_key: Annotated[
        bool,
        typer.Option(
            "--new-key",
            envvar="JUANDI_NEW_KEY",
            help="换假名密钥 / With --full: the pseudonym key is lost, go on with another.",
        ),
    ] = False,
    no_pull: Annotated[
        bool,
        typer.Option(
            "--no-pull",
            envvar="JUANDI_NO_PULL",
            help="不拉取 / Take what lies in landing; fetch nothing from elsewhere.",
        ),
    ] = False,
    as_of: AsOf = None,
    load_workers: Annotated[
        int | None,
        typer.Option(
            "--load-workers",
            envvar="JUANDI_LOAD_WORKERS",
            metavar="N",
            min=0,
            help="读取文件的进程数 / Processes that read files; 1: the refresh itself "
            "[default: load.workers of juandi.toml, else the refresh itself, but on many cores].",
            show_default=False,
        ),
    ] = None,
    engine: Annotated[
        Engine, typer.Option("--engine", envvar="JUANDI_ENGINE", help="计算引擎 / What computes.")
    ] = Engine.duckdb,
    as_json: Json = False,
) -> None:
    """更新 / Pull, load what is new, build, gate, publish.

    Exit status: 0 published, or nothing new; 1 a critical gate failed or errored; 2 wrong usage
    or settings; 3 another refresh is running.
    """
    settings = load_settings(warehouse, landing, as_of, load_workers, engine=engine)
    _check_engine(settings)
    if new_key and not full:
        raise Trouble("--new-key goes with --full: every file has to be read again under it")
    with shown_progress(quiet=as_json) as listener:
        outcome = run_refresh(settings, listener, full=full, new_key=new_key, no_pull=no_pull)
    show(outcome, as_json)
    _tell(settings, outcome)
    raise typer.Exit(outcome.exit)


def _check_engine(settings: Settings) -> None:
    """Raises Trouble where Spark is to compute and cannot, before anything is pulled."""
    if settings.engine is Engine.spark:
        from pipelines.stages.build.spark.at_hand import SparkMissing, check_spark

        try:
            check_spark(settings)
        except SparkMissing as missing:
            raise Trouble(str(missing)) from None


def _tell(settings: Settings, outcome: RefreshOutcome) -> None:
    """Tells people, where `juandi.toml` names any; what goes wrong with that changes nothing."""
    if not config_of(settings, "alerts"):
        return
    from pipelines.stages.tell.news import NightTold
    from pipelines.stages.tell.sending import tell

    night = NightTold(
        outcome.status,
        outcome.release,
        outcome.errors,
        outcome.gates,
        outcome.loads,
    )
    for sent in tell(settings, night):
        if sent.trouble:
            complain(f"未能通知 not told: receiver {sent.receiver}: {sent.trouble}")


def run_refresh(
    settings: Settings,
    listener: Listener | None = None,
    *,
    full: bool,
    new_key: bool = False,
    no_pull: bool = False,
) -> RefreshOutcome:
    """One refresh, alone with the warehouse. Raises Trouble (3) if another one runs."""
    from pipelines.definitions.ahead import pulled_ahead
    from pipelines.definitions.warehouse import held
    from pipelines.publishing.lock import RefreshRunning
    from pipelines.stages.load.keys import take_new_key
    from pipelines.stages.load.sharing import workers_asked_for

    workers_asked_for(settings)  # what cannot be meant is told before anything begins

    def begin_again(healed: Healed) -> None:
        if full:
            forget(settings, healed)
        if new_key:
            take_new_key(settings)

    lines = NightLog(str(uuid4()), listener)
    listener, began = Phases(lines), time.monotonic()
    is_to_fetch = not no_pull and bool(config_of(settings, "pull"))
    if not is_to_fetch and not settings.landing.is_dir() and not settings.archive.is_dir():
        raise Trouble(f"no landing folder {settings.landing}; make it, or run `juandi demo`")
    try:
        with held(settings, begin_again) as healed:
            listener.on_step("fetch" if is_to_fetch else "pull", None)
            with pulled_ahead(settings, is_to_fetch=not no_pull) as pulling:
                outcome = _run(settings, listener, pulling, full=full, run=lines.run)
    except RefreshRunning as running:
        lines.broke_off(running)
        raise Trouble(str(running), Exit.RUNNING) from None
    except BaseException as error:
        lines.broke_off(error)
        raise
    lines.ended(outcome.status, outcome.release)
    outcome.healed = healed.sentences()
    outcome.seconds, outcome.phases = time.monotonic() - began, listener.seconds()
    return outcome


def _run(
    settings: Settings, listener: Listener, pulling: Pulling, *, full: bool, run: str
) -> RefreshOutcome:
    """The job, unless there is nothing for it to do; only then is Dagster imported."""
    from pipelines.definitions.ahead import begun_ahead

    is_due = pulling.brings_news() or full
    if not is_due and _is_unchanged(settings):
        return _unchanged(settings, pulling)
    listener.on_step("prepare", None)
    with begun_ahead(settings, pulling) as ahead:
        from pipelines.cli.job import run_job

        return run_job(settings, listener, ahead, full=full, run=run)


def _is_unchanged(settings: Settings) -> bool:
    from pipelines.definitions.warehouse import is_unchanged

    return is_unchanged(settings)


def _unchanged(settings: Settings, pulling: Pulling) -> RefreshOutcome:
    from pipelines.publishing.releases import published_release

    shown, pulled = published_release(settings), pulling.report.result()
    return RefreshOutcome(
        "unchanged",
        0.0,
        pulled.seen,
        len(pulled.new),
        release=shown,
        left=pulled.ignored,
        fetched=pulling.fetched(),
    )
