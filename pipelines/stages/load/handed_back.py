"""An error as it goes from a process to the one that asked: with what caused it.

`pickle` leaves the causes of an error behind, and only they may say that a disk is full
(`machine.condition`). What an error means for a night is `faults`'.
"""

from __future__ import annotations

import pickle
from itertools import pairwise
from typing import Any

from pipelines.publishing.machine import with_causes


class HandedBack:
    """In a pickle it stands for an error: what is read from there is that error with its causes."""

    def __init__(self, error: BaseException) -> None:
        self._errors = [_as_it_goes(part) for part in with_causes(error)]

    def __reduce__(self) -> tuple[Any, ...]:
        return _linked, (self._errors,)


def _linked(errors: list[BaseException]) -> BaseException:
    for error, cause in pairwise(errors):
        error.__cause__ = cause
    return errors[0]


def _as_it_goes(error: BaseException) -> BaseException:
    """The error, if it comes out of a pickle as it went in; else one that says the same."""
    number = getattr(error, "errno", None) if isinstance(error, OSError) else None
    try:
        # an error that takes more than a message cannot be read
        read = pickle.loads(pickle.dumps(error))  # noqa: S301 - from our own process
        if isinstance(read, type(error)) and getattr(read, "errno", None) == number:
            return error
    except Exception:  # noqa: BLE001, S110 - whatever its class makes of it
        pass
    text = f"{type(error).__qualname__}: {error}"
    return RuntimeError(text) if number is None else OSError(number, text)
