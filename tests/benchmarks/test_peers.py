"""Other tools beside Juandi: which are asked for, what is said where one does not run."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.giving import peers
from benchmarks.giving.contenders import run_bare
from benchmarks.giving.measure import Measured

_LIMITS = peers.Limits(seconds=900, gb=8)
_VENV = peers.venv_python().parent.parent / ".installed"


def test_peers_are_chosen_by_name() -> None:
    assert peers.chosen("none") == []
    assert peers.chosen("all") == list(peers.NAMES)
    assert peers.chosen("dlt_dbt,pyspark_local") == ["dlt_dbt", "pyspark_local"]
    with pytest.raises(SystemExit, match="no such peer: excel"):
        peers.chosen("dlt_dbt,excel")


def test_every_peer_has_its_script() -> None:
    for name in peers.NAMES:
        assert (peers.REQUIREMENTS.parent / f"{name}.py").is_file()


def test_nothing_is_run_above_what_a_peer_bears(tmp_path: Path) -> None:
    run = peers.run_peer("pandas_postgres", tmp_path, tmp_path / "none.duckdb", 0.5, _LIMITS)
    assert not run.ok
    assert run.reason == "not run above scale 0.1, which it cannot handle"


def test_what_is_missing_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "VENVS", tmp_path)
    monkeypatch.setattr(peers, "PROJECT_ROOT", tmp_path)
    monkeypatch.setenv("PATH", "")
    run = peers.run_peer("dlt_dbt", tmp_path, tmp_path / "none.duckdb", 0.001, _LIMITS)
    assert run.reason is not None
    assert run.reason.startswith("no uv")


@pytest.fixture(scope="module")
def bare(tiny: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the bare limit makes of the tiny sample."""
    folder = tmp_path_factory.mktemp("bare") / "bare"
    run_bare(tiny, folder)
    return folder / "bare.duckdb"


@pytest.mark.flow
@pytest.mark.timeout(900)
@pytest.mark.skipif(not _VENV.exists(), reason="the peers' venv is made by the benchmark")
@pytest.mark.parametrize("name", list(peers.NAMES))
def test_a_peer_does_the_same_job(name: str, tiny: Path, bare: Path) -> None:
    run = peers.run_peer(name, tiny, bare, 0.0005, _LIMITS)
    if run.reason and run.reason.startswith("no "):
        pytest.skip(run.reason)
    assert run.reason is None, run.stderr[-2000:]
    assert run.peak_gb > 0.1


def test_another_job_is_no_result(
    tiny: Path, bare: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said = '{"gifts": 1, "gross_fen": 1, "refunded_fen": 0, "donors": 1}'
    monkeypatch.setattr(peers, "installed", lambda: tmp_path / "python")
    monkeypatch.setattr(peers, "measure", lambda *_, **__: Measured(wall_s=1.0, stdout=said))
    run = peers.run_peer("dlt_dbt", tiny, bare, 0.0005, _LIMITS)
    assert run.reason is not None
    assert run.reason.startswith("gave another result")
