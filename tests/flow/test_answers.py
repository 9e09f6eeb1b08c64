"""Every system's question has an answer on the samples, and the page shows it as it is."""

from __future__ import annotations

import pytest

from pipelines.settings import PROJECT_ROOT
from tests.flow.answers import answers_of, page
from tests.flow.questions import MOST_ROWS, QUESTIONS, Answer, Question

pytestmark = [pytest.mark.flow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[Question, Answer]:
    return answers_of(tmp_path_factory.mktemp("answers"))


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.system)
def test_a_question_is_answered(question: Question, answers: dict[Question, Answer]) -> None:
    rows = answers[question].rows
    assert 0 < len(rows) <= MOST_ROWS
    for column, name in enumerate(answers[question].heads):
        assert any(row[column] is not None for row in rows) or name in question.sql, name


def test_the_page_says_so(answers: dict[Question, Answer]) -> None:
    written = (PROJECT_ROOT / "docs" / "answers.md").read_text(encoding="utf-8")
    assert written == page(answers)
