"""Runs the other tools: their venv on demand, their limits, and a check of their results.

Each tool's script is under `benchmarks/peers`.
"""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import psutil

from benchmarks.giving.contenders import environment
from benchmarks.giving.measure import GB, Measured, measure
from pipelines.settings import PROJECT_ROOT

REQUIREMENTS = PROJECT_ROOT / "benchmarks" / "peers" / "requirements.txt"
VENVS = PROJECT_ROOT / ".cache" / "peers"
#: Name → the largest scale that it can handle on a machine with 24 GiB and two cores.
NAMES = {"dlt_dbt": 1.0, "pandas_postgres": 0.1, "pyspark_local": 1.0}


class NotThere(RuntimeError):  # noqa: N818 - an outcome, not a programming error
    """Something that a peer needs is missing on this machine; the message says how to get it."""


@dataclass(frozen=True)
class Limits:
    """Limits of one peer: seconds, and GB of memory."""

    seconds: float
    gb: float


def chosen(asked: str) -> list[str]:
    """The peers for `all`, `none` or a list of names. Raises SystemExit for an unknown name."""
    if asked in ("all", "none"):
        return list(NAMES) if asked == "all" else []
    names = asked.split(",")
    if unknown := [n for n in names if n not in NAMES]:
        raise SystemExit(f"no such peer: {', '.join(unknown)}; there are {', '.join(NAMES)}")
    return names


def venv_python() -> Path:
    """The interpreter of the peers' venv, whether it is installed already or not."""
    key = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()[:12]
    return VENVS / key / "bin" / "python"


def installed() -> Path:
    """The interpreter of the peers' venv, which is created if missing. Raises NotThere."""
    python = venv_python()
    done = python.parent.parent / ".installed"
    if done.exists():
        return python
    own = PROJECT_ROOT / ".tools" / "uv" / "bin" / "uv"
    uv = str(own) if own.exists() else shutil.which("uv")
    if uv is None:
        raise NotThere("no uv to install the peers' libraries with; `make setup` brings it")
    shutil.rmtree(python.parent.parent, ignore_errors=True)
    env = os.environ | {"UV_CACHE_DIR": str(PROJECT_ROOT / ".cache" / "uv")}
    for command in (
        [uv, "venv", "--quiet", "--python", sys.executable, str(python.parent.parent)],
        [uv, "pip", "install", "--quiet", "--python", str(python), "-r", str(REQUIREMENTS)],
    ):
        run = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        if run.returncode:
            last = (run.stderr.strip().splitlines() or ["no message"])[0]
            raise NotThere(f"the peers' libraries cannot be installed: {last[:200]}")
    done.touch()
    return python


def _postgres() -> Path:
    """The folder of PostgreSQL's programs. Raises NotThere."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    at = shutil.which("postgres")
    if not found and not at:
        raise NotThere("no PostgreSQL server here; on Debian: apt-get install postgresql")
    if os.geteuid() == 0:
        try:
            pwd.getpwnam("postgres")
        except KeyError:
            raise NotThere("PostgreSQL cannot run as root, and there is no user postgres") from None
    return (found[-1] if found else Path(str(at))).parent


def _needs(name: str) -> list[str]:
    if name == "pandas_postgres":
        return [str(_postgres())]
    if name == "pyspark_local" and not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise NotThere("no Java for Spark; on Debian: apt-get install openjdk-17-jre-headless")
    return []


def _expected(bare: Path) -> dict[str, int]:
    with duckdb.connect(str(bare), read_only=True) as db:
        row = db.execute(
            "select count(*), sum(amount_cny * 100)::bigint, sum(refunded_cny * 100)::bigint,"
            " count(distinct nullif(donor_key, 'unknown')) from star.fact_donation"
        ).fetchone()
    return dict(zip(("gifts", "gross_fen", "refunded_fen", "donors"), row or (), strict=True))


def run_peer(name: str, landing: Path, bare: Path, scale: float, limits: Limits) -> Measured:
    """Runs one peer in its own folder, which is removed. If it cannot run, only a reason."""
    if scale > NAMES[name]:
        return Measured(reason=f"not run above scale {NAMES[name]:g}, which it cannot handle")
    try:
        command = [str(installed()), "-m", f"benchmarks.peers.{name}", str(landing)]
        more = _needs(name)
    except NotThere as missing:
        return Measured(reason=str(missing))
    # where another user (PostgreSQL's) may enter too
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=os.environ.get("TMPDIR")))
    folder.chmod(0o755)
    try:
        gb = limits.gb or 0.7 * psutil.virtual_memory().total / GB
        env = environment() | {"PYTHONPATH": str(PROJECT_ROOT), "TMPDIR": str(folder)}
        run = measure([*command, str(folder), *more], folder, env, limits.seconds, gb,
                      cwd=PROJECT_ROOT)  # fmt: skip
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    if run.ok:
        found = json.loads(run.stdout.strip().splitlines()[-1])
        if found != (wanted := _expected(bare)):
            run.reason = f"gave another result: {found}, not {wanted}"
    return run


def run_all(
    names: list[str], landing: Path, bare: Path, scale: float, limits: Limits
) -> Iterator[tuple[str, Measured]]:
    """Runs each peer in turn."""
    for name in names:
        yield name, run_peer(name, landing, bare, scale, limits)
