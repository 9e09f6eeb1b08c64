"""A night recorded in PostgreSQL, by the dagster.yaml that its parts make."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.cli.conftest import Juandi, juandi
from tests.conftest import Made
from tests.servers import PASSWORD, own_folder, start_postgres

pytestmark = pytest.mark.flow
__all__ = ["juandi"]

#: Asks the record as Dagster's pages would, in a process of its own: an instance is one a process.
ASK = """
import json
import dagster as dg
with dg.DagsterInstance.get() as instance:
    (run,) = instance.get_runs()
    events = instance.all_logs(run.run_id)
    kinds = [e.dagster_event.event_type_value for e in events if e.dagster_event]
    print(json.dumps({
        "storage": type(instance.run_storage).__module__, "run": run.run_id,
        "job": run.job_name, "status": run.status.value,
        "checks": kinds.count("ASSET_CHECK_EVALUATION"),
        "made": kinds.count("ASSET_MATERIALIZATION"),
    }))
"""


#: What docs/operations.md has an operator put into dagster.yaml.
PARTS = (
    "pipelines/definitions/dagster.yaml",
    "deploy/dagster/service.yaml",
    "deploy/dagster/postgres.yaml",
)


@dataclass(frozen=True)
class Recorded:
    """A DAGSTER_HOME and what has to be set to use it."""

    env: dict[str, str]


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recorded]:
    """A server, and a home with the example as it is but for the port."""
    home: Path = tmp_path_factory.mktemp("dagster")
    port, process = start_postgres(own_folder(tmp_path_factory.mktemp("db") / "postgres"))
    try:
        text = "".join((PROJECT_ROOT / part).read_text("utf-8") for part in PARTS)
        assert "port: 5432" in text
        (home / "dagster.yaml").write_text(text.replace("port: 5432", f"port: {port}"))
        yield Recorded(
            {
                "DAGSTER_HOME": str(home),
                "JUANDI_DAGSTER_HOST": "127.0.0.1",
                "JUANDI_DAGSTER_DB": "juandi",
                "JUANDI_DAGSTER_USER": "juandi",
                "JUANDI_DAGSTER_PASSWORD": PASSWORD,
            }
        )
    finally:
        process.terminate()
        process.wait(30)


def test_a_night_is_recorded(
    recorded: Recorded, juandi: Juandi, sample: object, tmp_path: Path
) -> None:
    """The run with its tables and checks, under the id that its lines of the log have."""
    made: Made = sample("none")  # type: ignore[operator]
    home = tmp_path / "warehouse"
    shutil.copytree(made[0] / "organizations", home / "landing/organizations")
    env = recorded.env | {"JUANDI_WAREHOUSE": str(home)}
    done = juandi("refresh", "--json", JUANDI_LOG="json", **env)
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    ended = next(line for line in lines if line["event"] == "night_ended")
    assert ended["status"] == "published"
    assert ended["release"] == json.loads(done.stdout)["release"]["release_id"]
    asked = subprocess.run(
        [sys.executable, "-c", ASK], env={"PATH": "/usr/bin:/bin", **env}, cwd=PROJECT_ROOT,
        capture_output=True, text=True, timeout=100, check=True,
    )  # fmt: skip # one call
    told = json.loads(asked.stdout)
    assert told["storage"].startswith("dagster_postgres")
    assert (told["run"], told["job"], told["status"]) == (ended["run"], "nightly", "SUCCESS")
    assert told["checks"] > 100
    assert told["made"] > 100
