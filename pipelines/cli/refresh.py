"""`juandi refresh`: pull, load what is new, build, gate, publish.

Looks first whether anything is new, and only then imports Dagster and runs the job `nightly` in
this process: the same graph that Dagster's pages show.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Exit, Trouble
from pipelines.cli.options import AsOf, Json, Landing, Warehouse
from pipelines.cli.phases import Phases
from pipelines.cli.progress import shown_progress
from pipelines.cli.summary import Outcome, show
from pipelines.definitions.listener import Listener, Silent
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    import dagster as dg

    from pipelines.definitions.loading import Pulling
    from pipelines.definitions.night import Night
    from pipelines.quality import GateResult
    from pipelines.stages.build.accounts import LoadRecord
    from pipelines.stages.receive.pull import PullReport
    from pipelines.stages.store.healing import Healed


class Engine(StrEnum):
    """What computes the models."""

    duckdb = "duckdb"
    spark = "spark"


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
    as_of: AsOf = None,
    engine: Annotated[
        Engine, typer.Option("--engine", envvar="JUANDI_ENGINE", help="计算引擎 / What computes.")
    ] = Engine.duckdb,
    as_json: Json = False,
) -> None:
    """更新 / Pull, load what is new, build, gate, publish.

    Exit status: 0 published, or nothing new; 1 a critical gate failed or errored; 2 wrong usage
    or settings; 3 another refresh is running.
    """
    settings = load_settings(warehouse, landing, as_of)
    if engine is not Engine.duckdb:
        raise Trouble(f"--engine {engine.value}: this installation computes with duckdb only")
    if new_key and not full:
        raise Trouble("--new-key goes with --full: every file has to be read again under it")
    with shown_progress(quiet=as_json) as listener:
        outcome = run_refresh(settings, listener, full=full, new_key=new_key)
    show(outcome, as_json)
    raise typer.Exit(outcome.exit)


def run_refresh(
    settings: Settings,
    listener: Listener | None = None,
    *,
    full: bool,
    new_key: bool = False,
) -> Outcome:
    """One refresh, alone with the warehouse. Raises Trouble (3) if another one runs."""
    from pipelines.definitions.loading import Pulling
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.publishing.releases import recover
    from pipelines.stages.load.keys import held_key, take_new_key
    from pipelines.stages.store.healing import heal

    listener, began = Phases(listener or Silent()), time.monotonic()
    if not settings.landing.is_dir() and not settings.archive.is_dir():
        raise Trouble(f"no landing folder {settings.landing}; make it, or run `juandi demo`")
    try:
        with refresh_lock(settings), ThreadPoolExecutor(1) as pool:
            recover(settings)
            healed = heal(settings)
            if full:
                _forget(settings, healed)
            if new_key:
                take_new_key(settings)
            held_key(settings)
            listener.on_step("pull", None)
            pulling = Pulling(settings, pool)
            news = pulling.brings_news() or full
            done = None if news else _unchanged(settings, pulling.report.result())
            outcome = done or _run_job(settings, listener, pulling, full=full)
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    outcome.healed = healed.sentences()
    outcome.seconds, outcome.phases = time.monotonic() - began, listener.seconds()
    return outcome


def _forget(settings: Settings, healed: Healed) -> None:
    """Everything that can be made again from the archive; landing, archive, releases stay.

    Raises Trouble, with nothing deleted, where the archive could not give all of it back.
    """
    if healed.archive:
        files = "\n  ".join(
            f"{receipt.source}/{receipt.shown_name} ({fault}, {receipt.file_id})"
            for receipt, fault in healed.archive
        )
        raise Trouble(
            f"--full: 归档缺少 {len(healed.archive)} 个文件，未做任何改动 / the archive cannot "
            f"give back {len(healed.archive)} files, and nothing was changed; put them back into "
            f"landing, or refresh without --full:\n  {files}"
        )
    for zone in (settings.lake, settings.quarantine, settings.build):
        shutil.rmtree(zone, ignore_errors=True)


def _unchanged(settings: Settings, pulled: PullReport) -> Outcome | None:
    """The outcome, if the published release already holds all of this; else None."""
    from pipelines.publishing.releases import newest_release, published_release
    from pipelines.stages.build.inputs import settled_hash

    last = newest_release(settings)  # one that was rolled back is not made again
    if last is None or last.inputs_hash is None or last.inputs_hash != settled_hash(settings):
        return None
    shown = published_release(settings)
    return Outcome(
        "unchanged", 0.0, pulled.seen, len(pulled.new), release=shown, left=pulled.ignored
    )


def _quiet_tools() -> None:
    """No tool reports home, and none writes outside the warehouse."""
    os.environ["DAGSTER_TELEMETRY_ENABLED"] = "false"
    os.environ["DBT_SEND_ANONYMOUS_USAGE_STATS"] = "false"
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    os.environ["DO_NOT_TRACK"] = "1"


@contextmanager
def _short_turns() -> Iterator[None]:
    """Python's threads take turns ten times as often.

    Importing Dagster is all Python; who reads files needs Python for a moment between two blocks,
    and would wait for it longer than the block took.
    """
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


@_short_turns()
def _run_job(settings: Settings, listener: Listener, pulling: Pulling, *, full: bool) -> Outcome:
    listener.on_step("prepare", None)
    _quiet_tools()
    from pipelines.definitions.loading import Loading
    from pipelines.stages.build.copies import copy_ahead, forget_copies
    from pipelines.stages.build.project import prepared

    # Importing Dagster, receiving files, reading them and copying the last release go side by side;
    # so does dbt, where its project is no longer what set-up has prepared.
    with ThreadPoolExecutor(3) as pool:
        folder = pool.submit(prepared, settings)
        copying = pool.submit(copy_ahead, settings)
        loading = Loading(settings, pool, pulling)
        try:
            from pipelines.definitions.night import Night

            night = Night(settings, listener, full, pulling, loading, copying)
            with night.kept_open:
                return _run_night(night, pulling, folder)
        finally:
            loading.stop()
            copying.result()
            forget_copies(settings)


def _run_night(night: Night, pulling: Pulling, prepared: Future[Path]) -> Outcome:
    from pipelines.definitions.definitions import build_defs
    from pipelines.definitions.jobs import JOB
    from pipelines.publishing.releases import published_release
    from pipelines.quality import SuiteError
    from pipelines.stages.build.project import MANIFEST, ProjectError

    settings = night.settings
    try:
        graph = build_defs({"night": night}, settings, prepared.result() / MANIFEST)
        job = graph.resolve_job_def(JOB)
    except (ProjectError, SuiteError) as error:
        last, pulled = published_release(settings), pulling.report.result()
        return Outcome(
            "failed",
            0.0,
            pulled.seen,
            len(pulled.new),
            last,
            errors=[str(error)],
            left=pulled.ignored,
        )
    level = "DEBUG" if os.environ.get("JUANDI_DEBUG") else "CRITICAL"
    with _instance() as instance:
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            run_config={"loggers": {"console": {"config": {"log_level": level}}}},
        )
    pulled = pulling.report.result()
    blocked = night.gates is not None and night.gates.blocked
    if night.is_unchanged:
        status = "unchanged"
    elif result.success and night.release is not None:
        status = "published"
    else:
        status = "blocked" if blocked else "failed"
    return Outcome(
        status,
        0.0,
        pulled.seen,
        len(pulled.new),
        release=night.release or published_release(settings),
        loads=_accounts(night, pulled),
        gates=_verdicts(night),
        errors=[] if blocked else _errors(result),
        goes_on_from=night.build.continues if night.build else None,
        left=pulled.ignored,
    )


def _verdicts(night: Night) -> list[GateResult]:
    """The gates' verdicts; dbt's alone where the run did not come as far as the gates."""
    if night.gates is not None:
        return list(night.gates.results)
    if night.dbt is None:
        return []
    from pipelines.quality.dbt_tests import dbt_results

    return list(dbt_results(night.dbt.results, night.dbt.manifest))


def _accounts(night: Night, pulled: PullReport) -> list[LoadRecord]:
    """Law 1 for the files that this run received or read, as they stand among all others; and the
    files that wait for a decision, however long."""
    from pipelines.stages.build.accounts import load_record
    from pipelines.stages.standing.resolve import resolve

    fresh = {receipt.received_no for receipt in pulled.new}
    fresh |= {loaded.receipt.received_no for loaded in night.loads}
    standings = night.build.standings if night.build else resolve(night.settings)
    return [
        load_record(s)
        for s in standings
        if night.is_full or s.receipt.received_no in fresh or s.status == "held"
    ]


def _instance() -> dg.DagsterInstance:
    """The instance whose pages may be watched, where one is set up; else one that keeps nothing."""
    import dagster as dg

    if os.environ.get("DAGSTER_HOME"):
        return dg.DagsterInstance.get()
    from pipelines.definitions.unrecorded import unrecorded

    return unrecorded()


def _errors(result: dg.ExecuteInProcessResult) -> list[str]:
    """What failed, a sentence per step: the failure's own words, without a stack.

    A condition of the machine is said with its remedy.
    """
    from pipelines.publishing.machine import condition_of_text

    words = []
    for event in result.all_events:
        if event.is_step_failure:
            failure = event.step_failure_data
            said = failure.user_failure_data.description if failure.user_failure_data else None
            error = failure.error
            while error is not None and error.cause is not None:
                error = error.cause
            message = said or (error.message.strip() if error else "")
            found = condition_of_text(message)
            sentence = f"{found.sentence} [{message}]" if found else message
            words.append(f"{event.step_key}: {sentence}")
    return words
