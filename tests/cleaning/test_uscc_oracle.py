"""Real codes of 231 foundations: every check character is right, and is the one computed."""

import csv

import polars as pl
import pytest
from stdnum.cn import uscc

from pipelines.cleaning.identifiers import is_uscc_valid
from pipelines.settings import PROJECT_ROOT

SAMPLE = PROJECT_ROOT.parent / "shared" / "data" / "cn-charity-orgs" / "foundations_sample.csv"

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(not SAMPLE.is_file(), reason="the register is not beside the project"),
]


def test_every_real_code_is_valid_and_every_changed_one_is_not() -> None:
    with SAMPLE.open(encoding="utf-8-sig", newline="") as lines:
        codes = [row["uscc"] for row in csv.DictReader(lines)]
    assert len(codes) == 231
    assert pl.DataFrame({"c": codes}).select(is_uscc_valid(pl.col("c")).all()).item()
    assert [uscc.calc_check_digit(c[:17]) for c in codes] == [c[17] for c in codes]
    # any one character changed, or two neighbours swapped, is noticed
    changed = [f"{c[:9]}{'1' if c[9] != '1' else '2'}{c[10:]}" for c in codes]
    swapped = [f"{c[:8]}{c[9]}{c[8]}{c[10:]}" for c in codes if c[8] != c[9]]
    frame = pl.DataFrame({"c": [*changed, *swapped]})
    assert not frame.select(is_uscc_valid(pl.col("c")).any()).item()
