"""Builds that hold one number, and what readers see of them.

Also run as a program: publishes, and is killed at the steps it is told.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from pipelines.quality.results import GateResult, write_results
from pipelines.settings import Settings
from pipelines.stages.build.build import Build
from pipelines.stages.gate.gate import GateReport
from pipelines.stages.publish.publish import REQUIRED_TABLES, publish

AS_OF = date(2024, 8, 5)
CHANGES = ("replace", "unlink", "link", "rename", "mkdir", "rmdir", "chmod")


def verdict(status: Any = "pass", severity: str = "critical") -> GateResult:
    """One check's verdict."""
    return GateResult(
        "star.x.y", "star", "star.x", severity, status, None, None, None, "规则", "A rule"
    )


def passing() -> GateReport:
    """Gates that let a build through."""
    return GateReport((verdict(),))


RULES = "CREATE TABLE juandi.ops.rules (rule_id VARCHAR, remedy_zh VARCHAR, remedy_en VARCHAR)"


def make_build(settings: Settings, number: int, rows: int = 10, *, gated: bool = True) -> Build:
    """A finished build whose ``star.fact_donation`` holds `number` in every row."""
    settings.build.mkdir(parents=True, exist_ok=True)
    settings.release_db.unlink(missing_ok=True)
    build = Build(AS_OF, f"run{number}", f"inputs{number}")
    with duckdb.connect() as connection:
        connection.execute(f"ATTACH '{settings.release_db}' AS juandi (STORAGE_VERSION 'v1.4.0')")
        for schema in ("star", "marts", "ops"):
            connection.execute(f"CREATE SCHEMA juandi.{schema}")
        for table in sorted(REQUIRED_TABLES - {"ops.gate_results", "ops.releases"}):
            connection.execute(f"CREATE TABLE juandi.{table} (n BIGINT, run_id VARCHAR)")
        connection.execute(RULES)
        connection.execute(
            "INSERT INTO juandi.star.fact_donation SELECT $1, $2 FROM range($3)",
            [number, build.run_id, rows],
        )
        if gated:
            results = [verdict(), verdict("fail", "warning")]
            write_results(connection, build.run_id, ["star"], results)
    return build


def published_number(settings: Settings) -> int | None:
    """The number that readers see; None before the first release. Fails on a torn file."""
    if not settings.published.exists():
        return None
    with duckdb.connect(str(settings.published), read_only=True) as connection:
        found = connection.execute(
            "SELECT min(n), max(n), count(*) FROM star.fact_donation"
        ).fetchone()
    assert found is not None
    assert found[0] == found[1]
    return int(found[0])


class KillAt:
    """Kills this process, as `kill -9` would, before the n-th step that touches the disk."""

    def __init__(self, step: int) -> None:
        self.left = step

    def wrap(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """`function`, counted; before the last step permitted the process dies."""

        def counted(*args: Any, **kwargs: Any) -> Any:
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            self.left -= 1
            return function(*args, **kwargs)

        return counted


def _publish_and_die(settings: Settings, number: int, step: int) -> None:
    build = make_build(settings, number)
    kill = KillAt(step)
    # with parts there are so many steps that those are taken which change what has which name
    steps = CHANGES if settings.largest_table else (*CHANGES, "fsync", "copy_file_range", "open")
    for name in steps:
        if hasattr(os, name):
            setattr(os, name, kill.wrap(getattr(os, name)))
    if not settings.largest_table:
        duckdb.connect = kill.wrap(duckdb.connect)
    publish(settings, build, passing())


def main() -> None:
    """`python -m tests.publishing.builds WAREHOUSE [SIZE]`: for every line "number step" a child
    process publishes and dies before that step; prints its exit code, negative for a signal. A
    table of SIZE lies beside the file."""
    folder, *size = Path(sys.argv[1]), *sys.argv[2:]
    settings = Settings(
        warehouse=folder, landing=folder / "landing", keep_releases=3,
        largest_table=size[0] if size else None,
    )  # fmt: skip # a record
    for line in sys.stdin:
        number, step = map(int, line.split())
        child = os.fork()  # imports are paid once; this process has no threads or databases
        if child == 0:
            _publish_and_die(settings, number, step)
            os._exit(0)
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)


if __name__ == "__main__":
    main()
