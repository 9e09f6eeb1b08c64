"""Random numbers that are the same on every machine and version: a counter-based generator.

A `Stream` is named by what it is for; its n-th number depends on the name and n alone, so any
page of gifts can be made again by itself. SplitMix64 (Steele, Lea, Flood 2014) does the mixing.
What is drawn, and why, belongs to the callers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
import numpy.typing as npt

T = TypeVar("T")
Ints = npt.NDArray[np.int64]
Words = npt.NDArray[np.uint64]
Floats = npt.NDArray[np.float64]

_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
_MIX_2 = np.uint64(0x94D049BB133111EB)


def mix(words: Words) -> Words:
    """SplitMix64's finaliser, element by element (wraps around, as it should)."""
    z = (words ^ (words >> np.uint64(30))) * _MIX_1
    z = (z ^ (z >> np.uint64(27))) * _MIX_2
    return z ^ (z >> np.uint64(31))


def unit(words: Words) -> Floats:
    """Words as numbers in [0, 1): the upper 53 bits."""
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53


class Stream:
    """An endless row of random numbers under a name; `child` names a part of it."""

    def __init__(self, *name: str | int) -> None:
        self._name = name
        digest = hashlib.blake2b(repr(name).encode(), digest_size=8).digest()
        self._key = np.uint64(int.from_bytes(digest, "little"))

    def child(self, *name: str | int) -> Stream:
        """An independent stream for one purpose."""
        return Stream(*self._name, *name)

    def bits(self, n: int) -> Words:
        """The first `n` words."""
        return mix(self._key + np.arange(1, n + 1, dtype=np.uint64) * _GOLDEN)

    def uniform(self, n: int) -> Floats:
        """`n` numbers in [0, 1)."""
        return unit(self.bits(n))

    def whole(self, n: int, low: int, high: int) -> Ints:
        """`n` whole numbers from `low` to `high`, both included."""
        steps: Ints = (self.uniform(n) * (high - low + 1)).astype(np.int64)
        steps += low
        return steps

    def weighted(self, n: int, weights: Sequence[float] | Floats) -> Ints:
        """`n` indices into `weights`, each as likely as its weight."""
        steps = np.cumsum(np.asarray(weights, dtype=np.float64))
        drawn = np.searchsorted(steps, self.uniform(n) * steps[-1], side="right")
        chosen: Ints = np.minimum(drawn, len(steps) - 1).astype(np.int64)
        return chosen

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """The items in random order."""
        return [items[i] for i in np.argsort(self.bits(len(items)), kind="stable")]

    def one(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[int(self.whole(1, 0, len(items) - 1)[0])]

    def number(self, low: int, high: int) -> int:
        """One whole number from `low` to `high`."""
        return int(self.whole(1, low, high)[0])

    def share(self) -> float:
        """One number in [0, 1)."""
        return float(self.uniform(1)[0])


def apportion(total: int, weights: Sequence[float] | Floats) -> list[int]:
    """`total` split by `weights` into whole parts that add up exactly (cumulative rounding)."""
    steps = np.cumsum(np.asarray(weights, dtype=np.float64))
    if len(steps) == 0 or steps[-1] <= 0:
        raise ValueError("nothing to apportion by: the weights add up to 0")
    edges = [0, *(round(total * float(s / steps[-1])) for s in steps[:-1]), total]
    return [b - a for a, b in pairwise(edges)]
