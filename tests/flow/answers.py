"""What the warehouse answers about each of the systems whose data it takes in.

A query a row of the table, and what the published file of the samples says to it. `docs/answers.md`
is this page: `python -m tests.flow.answers > docs/answers.md` writes it anew.
"""

from __future__ import annotations

import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from pipelines.settings import Settings, load_settings
from sample import generate, generate_demo
from tests.flow.conftest import night, published
from tests.flow.questions import DEMO, GIVING_DAY, QUESTIONS, Answer, Question

#: Samples share numbers of projects, so each has a warehouse of its own.
SCALES = {DEMO: 0.02, GIVING_DAY: 0.0005}


def answering(sample: str, root: Path) -> Settings:
    """A warehouse of a sample without faults, refreshed. Raises AssertionError if blocked."""
    settings = load_settings(root / "warehouse", root / "landing", env={})
    if sample == DEMO:
        generate_demo(settings.landing, SCALES[sample], faults="none")
    else:
        generate(settings.landing, campaign=sample, scale=SCALES[sample], faults="none")
    gates = night(settings)
    if gates.blocked:
        raise AssertionError([(r.rule_id, r.observed) for r in gates.blocking])
    return settings


def page(answers: dict[Question, Answer]) -> str:
    """The page, in both languages."""
    lines = [
        "# Answers",
        "",
        "本仓库对各系统的回答：每节一问、一条查询，及样本发布文件的答案（合成数据，规模甚小）。",
        "",
        "What the warehouse answers about each system: a question, its query, and what the",
        "published file of the samples says to it (synthetic data, at a small scale). Made by",
        "`python -m tests.flow.answers > docs/answers.md`; a test compares.",
    ]
    for question, answer in answers.items():
        of = "" if question.sample == DEMO else f" (`{question.sample}`)"
        lines += ["", f"## {question.system}{of}", "", f"{question.zh} / {question.en}", ""]
        lines += ["```sql", *_dedented(question.sql), "```", ""]
        lines += [f"| {' | '.join(answer.heads)} |", "|---" * len(answer.heads) + "|"]
        lines += [f"| {' | '.join(_cell(value) for value in row)} |" for row in answer.rows]
    return "\n".join(lines) + "\n"


def _dedented(sql: str) -> list[str]:
    return [line.removeprefix(" " * 8) for line in sql.strip("\n").rstrip().splitlines()]


def _cell(value: object) -> str:
    if value is None:
        return "—"
    if isinstance(value, bool):
        return "是 yes" if value else "否 no"
    if isinstance(value, Decimal | int):
        number = Decimal(value)
        return f"{number.normalize():,f}" if abs(number) >= Decimal(10_000) else str(value)
    return str(value)


def answers_of(root: Path) -> dict[Question, Answer]:
    """Every question's answer, from warehouses made below `root`."""
    files = {sample: published(answering(sample, root / sample)) for sample in SCALES}
    return {question: question.answer(files[question.sample]) for question in QUESTIONS}


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        sys.stdout.write(page(answers_of(Path(scratch))))
