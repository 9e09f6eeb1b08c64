"""Two thousand damaged files, of every source: loaded, quarantined or refused, never wrong.

`make fuzz` tries ten times as many. A failure prints the source, the seed, what was done to the
file, and the smallest file that still comes out wrong.
"""

from pathlib import Path

import pytest

from tests.fuzz.harness import Warehouse, try_seed
from tests.fuzz.layouts import LAYOUTS

MUTANTS = -(-2000 // len(LAYOUTS))


@pytest.mark.parametrize("source", LAYOUTS)
def test_no_mutant_comes_out_wrong(tmp_path: Path, source: str) -> None:
    warehouse = Warehouse(tmp_path)
    found = [f for seed in range(MUTANTS) if (f := try_seed(warehouse, source, seed))]
    assert not found, "\n".join(map(str, found))
