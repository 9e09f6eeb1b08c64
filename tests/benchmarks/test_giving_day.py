"""The Giving Day benchmark at a tiny scale: both sides do the same job, and the JSON is whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import giving_day
from benchmarks.giving import landing

pytestmark = [pytest.mark.flow, pytest.mark.timeout(1200)]


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run, without peers and without the nights."""
    folder = tmp_path_factory.mktemp("giving")
    out = folder / "result.json"
    status = giving_day.main(
        [
            "--scale",
            "0.001",
            "--peers",
            "none",
            "--cache",
            str(folder / "cache"),
            "--json",
            str(out),
        ]
    )
    assert status == 0
    assert not list((folder / "cache").glob("run-*"))  # nothing is left behind
    found: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
    return found


def test_bare_and_juandi_hold_the_same(result: dict[str, Any]) -> None:
    assert result["same"]
    assert result["differences"] == []
    compared = result["compared"]
    assert compared["star.fact_donation"] == result["gifts"]
    assert {"star.dim_donor", "star.dim_project", "star.dim_organization"} <= compared.keys()
    assert sum(table.startswith("marts.") for table in compared) == 8


def test_all_figures_are_told(result: dict[str, Any]) -> None:
    keys = {"scale", "rows", "bare_s", "juandi_s", "ratio", "peak_gb", "disk_gb", "phases", "peers"}
    assert keys <= result.keys()
    assert result["scale"] == 0.001
    assert result["peers"] == {}
    assert result["rows"] > result["gifts"] > 0
    for line in result["contenders"].values():
        assert line["wall_s"] > 0
        assert line["cpu_s"] > 0
        assert line["peak_gb"] > 0.05
        assert line["disk_gb"] > 0
    assert result["ratio"] == pytest.approx(result["juandi_s"] / result["bare_s"], abs=0.02)


def test_every_mart_is_timed(result: dict[str, Any]) -> None:
    marts = {table.removeprefix("marts.") for table in result["compared"] if "marts" in table}
    assert marts <= result["mart_s"].keys()
    assert result["slowest_mart"][1] == max(result["mart_s"].values())


def test_the_script_says_how_it_is_used() -> None:
    with pytest.raises(SystemExit) as ended:
        giving_day.main(["--help"])
    assert ended.value.code == 0


def test_the_sample_is_made_once(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("generated again")

    monkeypatch.setattr("benchmarks.giving.landing.subprocess.run", never)
    assert landing.sample(tiny.parent, 0.0005) == tiny
