"""What is measured of a process tree: memory of all of it, CPU of all of it, disk, limits."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import psutil
import pytest

from benchmarks.giving.measure import bytes_of, measure

_HOLD = "import time; x = bytearray({mb} * 1000000); x[::4096] = b'1' * len(x[::4096]); {more}"


def _python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_memory_is_of_the_whole_tree(tmp_path: Path) -> None:
    child = _HOLD.format(mb=150, more="time.sleep(1.5)")
    code = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {child!r}]); "
    code += _HOLD.format(mb=100, more="p.wait()")
    run = measure(_python(code), tmp_path)
    assert run.ok
    assert 0.24 < run.peak_gb < 0.4
    assert run.memory == "PSS"
    assert run.wall_s > 1.4


def test_cpu_is_of_the_whole_tree(tmp_path: Path) -> None:
    busy = "import time\nwhile time.process_time() < 0.6: pass"
    code = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {busy!r}])\n{busy}"
    run = measure(_python(code), tmp_path)
    assert 1.15 < run.cpu_s < 2.5


def test_disk_is_what_the_folder_holds_and_held_at_most(tmp_path: Path) -> None:
    code = (
        "import os, time; f = open('big', 'wb'); f.write(os.urandom(20_000_000)); f.close();"
        " time.sleep(2.5); os.unlink('big'); open('small', 'wb').write(os.urandom(3_000_000))"
    )
    run = measure(_python(code), tmp_path, cwd=tmp_path)
    assert run.ok
    assert run.disk_peak_gb == pytest.approx(0.020, abs=0.001)
    assert run.disk_gb == pytest.approx(0.003, abs=0.001)


def test_a_file_of_two_names_is_counted_once(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"x" * 1_000_000)
    (tmp_path / "two").hardlink_to(tmp_path / "one")
    assert 1_000_000 <= bytes_of(tmp_path) < 1_100_000


@pytest.mark.parametrize(
    ("limits", "said"),
    [({"limit_s": 1.0}, "stopped after 1 s"), ({"limit_gb": 0.15}, "stopped above 0.1 GB")],
)
def test_beyond_a_limit_the_whole_group_is_killed(
    tmp_path: Path, limits: dict[str, float], said: str
) -> None:
    child = _HOLD.format(mb=200, more="time.sleep(60)")
    code = (
        f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {child!r}]);"
        " open('pid', 'w').write(str(p.pid)); p.wait()"
    )
    run = measure(_python(code), tmp_path, cwd=tmp_path, **limits)  # type: ignore[arg-type]  # a table of cases
    assert not run.ok
    assert run.reason is not None
    assert run.reason.startswith(said)
    assert run.wall_s < 30
    pid = int((tmp_path / "pid").read_text())
    for _ in range(50):
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            break
        time.sleep(0.1)
    else:
        pytest.fail("the child still runs")


def test_a_failure_is_told_with_its_last_word(tmp_path: Path) -> None:
    run = measure(_python("raise SystemExit('no such campaign')"), tmp_path)
    assert run.reason == "ended with 1: no such campaign"
