"""The seconds of a refresh's steps: each ends where the next begins, and all are passed on."""

from pipelines.cli.phases import Phases
from pipelines.definitions.listener import Silent


class Heard(Silent):
    """Remembers the steps it was told of."""

    def __init__(self) -> None:
        self.steps: list[tuple[str, int | None]] = []

    def on_step(self, step: str, total: int | None) -> None:
        """Kept."""
        self.steps.append((step, total))


def test_a_step_lasts_until_the_next() -> None:
    """The last one until the seconds are asked for."""
    now = iter([10.0, 12.5, 12.5, 20.0])
    inner = Heard()
    phases = Phases(inner, clock=lambda: next(now))
    phases.on_step("pull", None)
    phases.on_step("load", 3)
    assert phases.seconds() == {"pull": 2.5, "load": 7.5}
    assert phases.seconds() == {"pull": 2.5, "load": 7.5}
    assert inner.steps == [("pull", None), ("load", 3)]


def test_no_step_takes_no_time() -> None:
    """Nothing begun, nothing told."""
    assert Phases(Silent()).seconds() == {}
