"""A night on a real cluster: a master, two workers, an executor killed, a gate that fails."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from pipelines.publishing.releases import list_releases
from pipelines.settings import Engine, Settings
from tests.spark.cluster import Cluster, Executor, cluster
from tests.spark.comparing import assert_equal, released, told
from tests.spark.conftest import KEY, landed, warehouse_of

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1800)]
_TABLES_BEFORE_THE_KILL = 40
_TABLES_OF_SPARK = 200


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def servers(root: Path) -> Iterator[Cluster]:
    with cluster(root / "servers") as started:
        yield started


def _refresh(settings: Settings) -> subprocess.Popen[str]:
    env = {
        **{k: v for k, v in os.environ.items() if not k.startswith("JUANDI_")},
        "JUANDI_WAREHOUSE": str(settings.warehouse),
        "JUANDI_LANDING": str(settings.landing),
        "JUANDI_PSEUDONYM_KEY": KEY,
        "JUANDI_SPARK_MASTER": settings.spark_master,
    }
    command = [
        str(Path(sys.executable).with_name("juandi")),
        "refresh",
        "--engine",
        "spark",
        "--json",
    ]
    return subprocess.Popen(
        command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _tables(settings: Settings) -> int:
    """Models that Spark has begun to write."""
    return sum(1 for _ in (settings.spark / "warehouse").glob("*.db/*"))


def _killed_in_the_middle(servers: Cluster, night: subprocess.Popen[str], at: Settings) -> Executor:
    """Kills an executor when some of the models are there and most are not."""
    while night.poll() is None:
        if _tables(at) >= _TABLES_BEFORE_THE_KILL and (there := servers.executors()):
            psutil.Process(there[0].pid).kill()
            return there[0]
        time.sleep(0.2)
    raise AssertionError(
        f"the night ended before an executor could be killed: {night.communicate()}"
    )


def _ended(night: subprocess.Popen[str]) -> tuple[int, dict[str, Any], str]:
    out, err = night.communicate(timeout=1500)
    return night.returncode, json.loads(out) if out.strip() else {}, err


@pytest.fixture(scope="module")
def first(root: Path, servers: Cluster) -> Settings:
    """A release of two workers, of which one executor was killed in the middle."""
    settings = warehouse_of(Engine.spark, root, landed(root), servers.master)
    night = _refresh(settings)
    killed = _killed_in_the_middle(servers, night, settings)
    made, seen = _tables(settings), {killed.executor_id}
    while night.poll() is None:
        seen |= {executor.executor_id for executor in servers.executors()}
        time.sleep(0.5)
    status, said, err = _ended(night)
    print(f"killed executor {killed.executor_id} (pid {killed.pid}) with {made} tables begun;"
          f" executors seen: {sorted(seen)}")  # fmt: skip # one line
    assert (status, said["status"]) == (0, "published"), (said, err)
    assert made < _TABLES_OF_SPARK < _tables(settings)
    assert max(seen) >= 2, "no executor took the place of the one that was killed"
    return settings


def test_a_killed_executor_changes_nothing(root: Path, first: Settings) -> None:
    duck = released(Engine.duckdb, root, first.landing)
    release = list_releases(first)[0]
    print(f"content hash: DuckDB {duck.content_hash}, two workers {release.content_hash}")
    assert_equal(duck, told(first.published, release.content_hash))


def test_a_gate_that_fails_publishes_nothing(first: Settings) -> None:
    """A file that came back empty is held: computed on the cluster, weighed here, not published."""
    before = first.published.read_bytes()
    gifts = first.landing / "tencent_donations" / "d_20240805.csv"
    heading, *_ = gifts.read_text("utf-8").splitlines()
    gifts.write_text(heading + "\n", encoding="utf-8")
    status, said, err = _ended(_refresh(first))
    assert (status, said["status"]) == (1, "blocked"), (said, err)
    failed = {f["rule_id"] for f in said["findings"] if f["severity"] == "critical"}
    assert failed == {"loaded.load_audit.no_file_held"}
    assert first.published.read_bytes() == before
    assert len(list_releases(first)) == 1
    assert any((first.spark / "warehouse").glob("marts.db/*/*.parquet")), "Spark computed nothing"


def test_nothing_is_left_running(servers: Cluster, first: Settings) -> None:
    """Neither an executor nor a driver of a night that has ended."""
    for _ in range(50):
        if not servers.executors():
            break
        time.sleep(0.2)
    assert servers.executors() == []
    here = str(first.spark)
    assert not [p.pid for p in psutil.process_iter(["cmdline"]) if here in str(p.info["cmdline"])]
