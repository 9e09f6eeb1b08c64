"""Whether Spark can be used here: the optional libraries, Java, and a master that answers.

Looks and says what to do. Nothing is started, and no library of Spark's is imported.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
from pathlib import Path

from pipelines.libraries import installed
from pipelines.settings import Settings

#: What Spark 4 asks for.
LEAST_JAVA = 17
#: … and the newest that Spark 4 is tested with.
MOST_JAVA = 21
_LIBRARIES = ("pyspark", "dbt-spark")
_STANDALONE = re.compile(r"spark://(.+)", re.IGNORECASE)
_LOOPBACK = {"localhost", "127.0.0.1", "::1", "[::1]"}


class SparkMissing(RuntimeError):  # noqa: N818 - reads as what it says
    """Spark cannot be used here; the message says what is missing and what to do."""


def check_spark(settings: Settings) -> str:
    """What there is, in a line. Raises SparkMissing."""
    return ", ".join([*_libraries(), f"Java {java_version()}", _master(settings.spark_master)])


def is_local(master: str) -> bool:
    """Whether Spark runs in one process of this machine."""
    return master.startswith("local")


def is_on_loopback(master: str) -> bool:
    """Whether all of Spark is on this machine, and nobody else need reach it."""
    return is_local(master) or all(host in _LOOPBACK for host, _ in _addresses(master) or [("", 0)])


def java_version() -> int:
    """The major version of the Java that Spark will find. Raises SparkMissing."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which(str(Path(home, "bin", "java")) if home else "java")
    where = f"JAVA_HOME={home}" if home else "PATH"
    if java is None:
        raise SparkMissing(
            f"找不到 Java（{where}），Spark 需要 Java {LEAST_JAVA} / no Java at {where}: Spark "
            f"needs Java {LEAST_JAVA}; on Debian or Ubuntu: apt-get install openjdk-17-jre-headless"
        )
    try:
        said = subprocess.run(  # noqa: S603 - the program that Spark itself will start
            [java, "-version"], capture_output=True, text=True, timeout=60, check=False
        ).stderr
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SparkMissing(f"Java 无法启动 / {java} does not start: {error}") from None
    found = re.search(r'version "(\d+)', said)
    if found is None:
        raise SparkMissing(f"Java 无法启动 / {java} does not tell its version")
    major = int(found[1])
    if not LEAST_JAVA <= major <= MOST_JAVA:
        raise SparkMissing(
            f"Java {major} 不适用，Spark 需要 Java {LEAST_JAVA} 至 {MOST_JAVA} / {java} is Java "
            f"{major}: Spark needs {LEAST_JAVA} to {MOST_JAVA}; install one and set JAVA_HOME to it"
        )
    return major


def _libraries() -> list[str]:
    seen, missing = installed(_LIBRARIES)
    if missing:
        raise SparkMissing(
            f"未安装 Spark（缺 {', '.join(missing)}）；请运行 make spark / Spark is not installed "
            f"({', '.join(missing)}): run `make spark`, or install juandi[spark]"
        )
    return seen


def _addresses(master: str) -> list[tuple[str, int]]:
    """(host, port) of every master of a standalone cluster; none of any other kind."""
    found = _STANDALONE.fullmatch(master)
    if found is None:
        return []
    pairs = [address.strip().rpartition(":") for address in found[1].split(",")]
    if not all(host and port.isdigit() for host, _, port in pairs):
        raise SparkMissing(f"JUANDI_SPARK_MASTER: {master!r}: write it as spark://host:7077")
    return [(host, int(port)) for host, _, port in pairs]


def _master(master: str) -> str:
    """Raises SparkMissing where no master of a standalone cluster answers within a few seconds."""
    addresses = _addresses(master)
    if not addresses and not master.startswith(("local", "yarn", "k8s://")):
        raise SparkMissing(
            f"JUANDI_SPARK_MASTER: {master!r}: local[*], spark://host:7077, yarn or k8s://… do"
        )
    for host, port in addresses:
        try:
            socket.create_connection((host.strip("[]"), port), timeout=5).close()
        except OSError:
            continue
        return master
    if addresses:
        raise SparkMissing(
            f"连不上 Spark 主节点 {master} / the master {master} does not answer: is it running, "
            "and can this machine reach its port?"
        )
    return master
