"""`juandi sql` survives every statement: rows, or a sentence and an exit status."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from pipelines.cli import query
from pipelines.cli.console import Exit, Format, Trouble
from pipelines.cli.query_process import MOST_SHOWN, answer, checked
from pipelines.settings import PROJECT_ROOT, Settings
from tests.cli.conftest import Juandi

READING = (
    "select 1",
    "from marts.campaign_summary;",
    "with a as (select 1 as b) from a",
    "values (1)",
    "table marts.campaign_summary",
    "describe marts.campaign_summary",
    "show all tables",
    "summarize marts.campaign_summary",
    "explain select 1",
    "explain analyze select 1",
    "pragma database_list",
    "pragma table_info('marts.campaign_summary')",
    "pivot ops.gate_results on status using count(*)",
    "-- a comment\nselect 1",
)
OTHERS = (
    "",
    "  ;",
    "select 1; select 2",
    "call enable_logging(storage = 'file', storage_path = '{out}')",
    "call enable_logging('QueryLog', storage_path = '{out}')",
    "select * from enable_logging('QueryLog', storage_path = '{out}')",
    "pragma enable_profiling",
    "explain copy (select 1) to '{out}'",
    "explain analyze call enable_logging()",
    "attach '{out}' as other",
    "attach ':memory:' as other",
    "copy (select 1) to '{out}'",
    "export database '{out}'",
    "import database '{out}'",
    "install httpfs",
    "load httpfs",
    "set threads = 1",
    "reset threads",
    "set variable a = 1",
    "create temp table a as select 1",
    "create macro a() as 1",
    "prepare a as select 1",
    "use memory",
    "begin",
    "checkpoint",
    "vacuum",
    "select * from read_csv('{readable}')",
    "select * from '{readable}'",
    "select * from glob('/etc/*')",
    "select * from read_text('{readable}')",
    "select getenv('HOME')",
    "select * from duckdb_secrets()",
    "select * from statement",  # no variable of the program
    "select repeat('x', 10000000000)",
    "select " + "(" * 3000 + "1" + ")" * 3000,
    "selekt 1",
)


@pytest.mark.parametrize("statement", READING)
def test_what_reads_is_answered(statement: str) -> None:
    """One statement that reads, in each of its spellings."""
    assert checked(statement) == statement


@pytest.mark.parametrize("statement", OTHERS, ids=lambda s: s[:30])
def test_what_does_more_is_refused(warehouse: Path, tmp_path: Path, statement: str) -> None:
    """Nothing is written anywhere, nor to stdout."""
    before = {p: p.stat().st_mtime_ns for p in warehouse.rglob("*")}
    text = statement.format(out=tmp_path / "out", readable=__file__)
    with pytest.raises(Trouble, match="the query was refused: ") as trouble:
        answer(warehouse / "juandi.duckdb", text, Format.csv, "1GB")
    assert trouble.value.status == Exit.USAGE
    assert not (tmp_path / "out").exists()
    assert {p: p.stat().st_mtime_ns for p in warehouse.rglob("*")} == before


def test_a_log_with_a_path(juandi: Juandi, warehouse: Path, tmp_path: Path) -> None:
    """As a person types it: a sentence and status 2."""
    statement = f"call enable_logging(storage = 'file', storage_path = '{tmp_path / 'out'}')"
    done = juandi("sql", statement, "--warehouse", str(warehouse))
    assert done.returncode == 2
    assert done.stderr.startswith("juandi: the query was refused: ")
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "statement",
    [
        "with recursive t as (select 1 as a union all select a from t) select count(*) from t",
        "select count(*) from range(1000000000) a, range(1000000000) b",
    ],
)
def test_a_query_without_end_is_stopped(juandi: Juandi, warehouse: Path, statement: str) -> None:
    """After the seconds it was given."""
    began = time.monotonic()
    done = juandi("sql", statement, "--warehouse", str(warehouse), "--seconds", "2")
    assert time.monotonic() - began < 30
    assert done.returncode == Exit.BLOCKED
    assert "--seconds" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_query_beyond_its_memory(juandi: Juandi, warehouse: Path) -> None:
    """It has the engine's memory and no disk to spill to."""
    statement = "select list(range) from range(100000000)"
    done = juandi("sql", statement, JUANDI_WAREHOUSE=str(warehouse), JUANDI_MEMORY_LIMIT="100MB")
    assert done.returncode == Exit.BLOCKED
    assert "JUANDI_MEMORY_LIMIT" in done.stderr
    assert not list(warehouse.glob("*.tmp"))


def test_more_rows_than_a_table_shows(juandi: Juandi, warehouse: Path) -> None:
    """CSV has them all."""
    rows = MOST_SHOWN + 5
    ask = ("sql", f"from range({rows})", "--warehouse", str(warehouse))
    assert "--format csv" in juandi(*ask).stderr
    done = juandi(*ask, "--format", "csv")
    assert len(done.stdout.splitlines()) == rows + 1
    assert done.stderr == ""


def test_a_dead_engine_is_a_sentence(
    warehouse: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The process aborts: the command does not."""
    (tmp_path / "aborting.py").write_text("import os; os.abort()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(query, "_PROCESS", "aborting")
    settings = Settings(warehouse=warehouse, landing=warehouse / "landing")
    with pytest.raises(Trouble, match="SIGABRT") as trouble:
        query._ask(settings, "select 1", Format.csv, 60)
    assert trouble.value.status == Exit.BLOCKED


def _commands() -> Iterator[bytes]:
    """What runs on the machine."""
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            yield process.read_bytes()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs /proc to look for processes")
def test_interrupted(warehouse: Path) -> None:
    """Ctrl-C: a sentence, status 130, and no process left behind."""
    # without end in little memory: of two long ranges one may fill what there is first
    statement = (
        "with recursive t as (select 1 as a union all select a from t) select count(*) from t"
    )
    command = [sys.executable, "-m", "pipelines.cli.main", "sql", statement]
    with subprocess.Popen(
        [*command, "--warehouse", str(warehouse)],
        cwd=PROJECT_ROOT, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        start_new_session=True,
    ) as process:  # fmt: skip
        time.sleep(5)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal sends it
        _, said = process.communicate(timeout=30)
    assert process.returncode == Exit.STOPPED
    assert "已中断" in said
    assert "Traceback" not in said
    assert str(warehouse).encode() not in b"".join(_commands())


def test_a_file_that_is_no_release(juandi: Juandi, warehouse: Path) -> None:
    """Says what is in the way."""
    (warehouse / "juandi.duckdb").write_bytes(b"not a database at all" * 1000)
    done = juandi("sql", "select 1", "--warehouse", str(warehouse))
    assert done.returncode == 2
    assert "juandi rollback" in done.stderr
    assert "Traceback" not in done.stderr
