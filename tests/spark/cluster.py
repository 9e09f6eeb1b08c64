"""A cluster of Spark on the loopback that a test starts, and ends by its processes' ids."""

from __future__ import annotations

import os
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.fetch.conftest import free_port

_EXECUTOR = "CoarseGrainedExecutorBackend"
_ID = re.compile(r"--executor-id (\d+)")


@dataclass(frozen=True)
class Executor:
    """A process that computes for an application: Spark's id of it, and the system's."""

    executor_id: int
    pid: int


class Cluster:
    """A standalone master and its workers, one core and a gigabyte each."""

    def __init__(self, home: Path) -> None:
        import pyspark

        self._spark, self._home = Path(pyspark.__file__).parent, home
        self._processes: list[subprocess.Popen[bytes]] = []
        self._port = free_port()
        self.master = f"spark://127.0.0.1:{self._port}"

    def start(self, workers: int) -> None:
        """Comes back when every worker is known to the master."""
        pages = free_port()
        self._start("master", "Master", "--port", str(self._port), "--webui-port", str(pages))
        self._wait("master", "I have been elected leader")
        for number in range(workers):
            name, pages = f"worker-{number}", free_port()
            self._start(
                name, "Worker", "--cores", "1", "--memory", "1g", "--webui-port", str(pages),
                "--work-dir", str(self._home / name), self.master,
            )  # fmt: skip # a command line
        for number in range(workers):
            self._wait(f"worker-{number}", "Successfully registered with master")

    def _start(self, name: str, what: str, *options: str) -> None:
        env = {
            **os.environ,
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_LOCAL_DIRS": str(self._home / "scratch"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_NO_DAEMONIZE": "1",
        }
        command = [
            str(self._spark / "bin" / "spark-class"),
            f"org.apache.spark.deploy.{what.lower()}.{what}",
            "--host", "127.0.0.1", *options,
        ]  # fmt: skip # a command line
        with (self._home / f"{name}.log").open("wb") as log:
            self._processes.append(
                subprocess.Popen(command, stdout=log, stderr=log, env=env, cwd=self._home)
            )

    def _wait(self, name: str, word: str) -> None:
        log = self._home / f"{name}.log"
        for _ in range(600):
            if word in log.read_text("utf-8", "replace"):
                return
            time.sleep(0.2)
        raise AssertionError(f"{name} did not come up: {log.read_text('utf-8', 'replace')[-2000:]}")

    def executors(self) -> list[Executor]:
        """Those at work, in order of their ids."""
        found = []
        for process in self._processes:
            with suppress(psutil.Error):
                for child in psutil.Process(process.pid).children(recursive=True):
                    with suppress(psutil.Error):
                        command = " ".join(child.cmdline())
                        if _EXECUTOR in command and (named := _ID.search(command)):
                            found.append(Executor(int(named[1]), child.pid))
        return sorted(found, key=lambda e: e.executor_id)

    def cpu(self) -> float:
        """Seconds of CPU so far: of the servers, and of executors that have ended."""
        times = [psutil.Process(process.pid).cpu_times() for process in self._processes]
        return sum(t.user + t.system + t.children_user + t.children_system for t in times)

    def end(self) -> None:
        """Workers first: they end their executors."""
        for process in reversed(self._processes):
            process.terminate()
        for process in self._processes:
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def cluster(home: Path, workers: int = 2) -> Iterator[Cluster]:
    """A cluster until the context ends."""
    home.mkdir(parents=True, exist_ok=True)
    made = Cluster(home)
    try:
        made.start(workers)
        yield made
    finally:
        made.end()
