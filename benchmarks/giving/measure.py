"""Measures the cost of a command and all its descendants: wall time, CPU, memory, disk.

Memory is the sum of PSS (`/proc/<pid>/smaps_rollup`, which counts shared pages once), or of RSS
where that cannot be read, sampled five times a second. Reading PSS makes the kernel walk through
all pages, and RSS is never less: so PSS is read only if RSS may be a new peak, and so
seldom that measuring takes no more than a twentieth of one core. CPU is
what the kernel accounts to the command and the children it waited for, or what was observed in the
process tree if that is more.
"""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

EVERY_S = 0.2
_TREE_EVERY_S = 1.0  # finding descendants means scanning all processes of the machine
_DISK_EVERY_S = 2.0
_PSS_REST = 20  # pause after reading PSS, as a multiple of the time it took
GB = 1e9


@dataclass
class Measured:
    """One run. `reason` says why it was stopped, or how it failed."""

    wall_s: float = 0.0
    cpu_s: float = 0.0
    peak_gb: float = 0.0
    memory: str = "PSS"
    disk_gb: float = 0.0  # size of its folder at the end
    disk_peak_gb: float = 0.0
    written_gb: float = 0.0  # written bytes as accounted by the kernel, where it does
    status: int = 0
    reason: str | None = None
    stdout: str = field(default="", repr=False)
    stderr: str = field(default="", repr=False)

    @property
    def ok(self) -> bool:
        """True if it ended by itself and successfully."""
        return self.reason is None


def tree(pid: int, outside: Sequence[int] = ()) -> list[psutil.Process]:
    """The process, all its descendants, and those of the processes `outside`."""
    found: list[psutil.Process] = []
    for root in (pid, *outside):
        try:
            parent = psutil.Process(root)
            found += [parent, *parent.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue
    return found


def rss_of(process: psutil.Process) -> int:
    """Resident bytes of a process; 0 for one that has ended."""
    try:
        return int(process.memory_info().rss)
    except psutil.Error:
        return 0


def memory_of(process: psutil.Process) -> tuple[int, str]:
    """Bytes of a process and the kind of measure; 0 for one that has ended."""
    try:
        for line in Path(f"/proc/{process.pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024, "PSS"
    except (FileNotFoundError, ProcessLookupError):
        return 0, "PSS"
    except OSError:  # another user's process, or no such file on this system
        pass
    return rss_of(process), "RSS"


def bytes_of(folder: Path) -> int:
    """Disk usage of the files under `folder`; files with several names count once."""
    total, inodes = 0, set()
    for base, _, names in os.walk(folder):
        for name in names:
            try:
                found = os.lstat(Path(base) / name)
            except FileNotFoundError:
                continue
            if found.st_ino not in inodes:
                inodes.add(found.st_ino)
                total += found.st_blocks * 512
    return total


def measure(
    command: Sequence[str],
    folder: Path,
    env: Mapping[str, str] | None = None,
    limit_s: float | None = None,
    limit_gb: float | None = None,
    outside: Sequence[int] = (),
    cwd: Path | None = None,
) -> Measured:
    """Runs `command`, which writes into `folder`; kills its process group beyond a limit.

    `outside`: servers that work for it but are not its descendants; their memory and CPU count too.
    """
    result = Measured()
    folder.mkdir(parents=True, exist_ok=True)
    cpu: dict[int, float] = {}
    at_start = {p.pid: _cpu(p) for root in outside for p in tree(root)}
    looked_at_disk = looked_at_tree = look_at_pss = 0.0
    alive: list[psutil.Process] = []
    out, err = folder / ".stdout", folder / ".stderr"
    with out.open("wb") as to_out, err.open("wb") as to_err:
        began = time.monotonic()
        process = subprocess.Popen(
            list(command), stdout=to_out, stderr=to_err, start_new_session=True, cwd=cwd,
            env=None if env is None else dict(env),
        )  # fmt: skip
        try:
            while True:
                pid, status, usage = os.wait4(process.pid, os.WNOHANG)
                if pid:
                    break
                now = time.monotonic()
                if now - looked_at_tree > _TREE_EVERY_S:
                    looked_at_tree = now
                    alive = tree(process.pid, outside)
                    for one in alive:
                        cpu[one.pid] = max(cpu.get(one.pid, 0.0), _cpu(one))
                total = sum(rss_of(one) for one in alive)
                if total / GB > result.peak_gb and now >= look_at_pss:
                    sizes = [memory_of(one) for one in alive]
                    total = sum(size for size, _ in sizes)
                    result.memory = "RSS" if any(k == "RSS" for _, k in sizes) else result.memory
                    result.peak_gb = max(result.peak_gb, total / GB)
                    ended = time.monotonic()
                    look_at_pss = ended + _PSS_REST * (ended - now)
                if now - looked_at_disk > _DISK_EVERY_S:
                    looked_at_disk = now
                    result.disk_peak_gb = max(result.disk_peak_gb, bytes_of(folder) / GB)
                if limit_s and now - began > limit_s:
                    result.reason = result.reason or f"stopped after {limit_s:.0f} s"
                if limit_gb and total / GB > limit_gb:
                    result.reason = result.reason or f"stopped above {limit_gb:.1f} GB of memory"
                if result.reason:
                    _kill(process.pid)
                time.sleep(max(0.0, EVERY_S - (time.monotonic() - now)))
        except BaseException:
            _kill(process.pid)
            raise
        result.wall_s = time.monotonic() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    result.status = process.returncode
    seen = sum(max(0.0, used - at_start.get(pid, 0.0)) for pid, used in cpu.items())
    result.cpu_s = max(usage.ru_utime + usage.ru_stime, seen)
    result.written_gb = usage.ru_oublock * 512 / GB
    result.disk_gb = bytes_of(folder) / GB
    result.disk_peak_gb = max(result.disk_peak_gb, result.disk_gb)
    result.stdout = out.read_text(encoding="utf-8", errors="replace")
    result.stderr = err.read_text(encoding="utf-8", errors="replace")
    if result.status and result.reason is None:
        last = (result.stderr.strip().splitlines() or ["no message"])[-1]
        result.reason = f"ended with {result.status}: {last[:300]}"
    return result


def _cpu(process: psutil.Process) -> float:
    try:
        used = process.cpu_times()
    except psutil.Error:
        return 0.0
    return float(used.user + used.system)


def _kill(group: int) -> None:
    """Kills the process group that the command leads."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)
