"""Review gaps: a second opinion over the files finds what was planted, and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from sample import Faults, Manifest, generate
from tests.sample.gap_oracle import Gap, find_gaps

GAP_TYPES = {
    "missing_level", "admitted_without_pass", "out_of_order", "conflict_of_interest",
    "no_evidence", "decided_after_go_live", "stale_after_goal_raise", "conflicting_decisions",
    "late", "sample_shortfall", "unknown_subject",
}  # fmt: skip
AS_OF = date(2024, 8, 5)
Made = tuple[Path, Manifest]


def planted(manifest: Manifest) -> list[Gap]:
    """What the manifest says is to be found."""
    gaps = [
        (str(p.chain_id), p.subject_id, int(p.level_no or 0), str(p.rule))
        for p in manifest.of_level("review")
    ]
    return sorted(gaps, key=lambda g: (g[0], g[1] or "", g[2], g[3]))


@pytest.mark.parametrize("faults", ["none", "some", "many"])
def test_found_is_planted(sample: Callable[[Faults], Made], faults: Faults) -> None:
    out, manifest = sample(faults)
    assert find_gaps(out, manifest, AS_OF) == planted(manifest)


def test_none_plants_nothing(sample: Callable[[Faults], Made]) -> None:
    assert sample("none")[1].planted == []


@pytest.mark.parametrize(("faults", "least"), [("some", 1), ("many", 2)])
def test_all_eleven_types_are_planted(
    sample: Callable[[Faults], Made], faults: Faults, least: int
) -> None:
    counts = Counter(p.rule for p in sample(faults)[1].of_level("review"))
    assert set(counts) == GAP_TYPES
    assert min(counts.values()) >= least


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_other_seeds_plant_as_cleanly(tmp_path: Path, seed: int) -> None:
    manifest = generate(tmp_path, scale=0.003, seed=seed, faults="many")
    assert find_gaps(tmp_path, manifest, AS_OF) == planted(manifest)


def test_no_named_organisation_is_accused(sample: Callable[[Faults], Made]) -> None:
    """Gaps are planted on invented projects of invented organisations only."""
    out, manifest = sample("many")
    text = (out / "tencent_projects" / "synthetic_projects_20240805.jsonl").read_text("utf-8")
    lines = {line.split('"')[3]: line for line in text.splitlines()}
    for gap in manifest.of_level("review"):
        if gap.subject_id in lines:
            assert "（合成）" in lines[gap.subject_id]
            assert "合慈青云" not in lines[gap.subject_id]
