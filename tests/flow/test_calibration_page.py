"""The page of printed figures beside the marts' answers is what the samples really answer."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.flow.calibration import FIGURES, SCALES, Figure, answers_of, page, sample_night

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[Figure, Decimal]:
    return answers_of({c: sample_night(c, tmp_path_factory.mktemp(c)) for c in SCALES})


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f"{f.campaign}-{f.what_en}")
def test_an_answer_lies_where_the_printed_digits_allow(
    figure: Figure, answers: dict[Figure, Decimal]
) -> None:
    assert figure.agrees(answers[figure]), (figure.printed, answers[figure])


def test_the_page_says_so(answers: dict[Figure, Decimal]) -> None:
    written = (PROJECT_ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
    assert written == page(answers)
