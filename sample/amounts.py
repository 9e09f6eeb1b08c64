"""The sizes of gifts: small round amounts, popular medium ones, a Pareto tail; exact sums.

Calibrated to published figures: over half of all gifts are ≤ 10 yuan, a few exceed 100,000, and
the mean is the campaign's. Amounts are whole fen throughout.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sample.draw import Floats, Ints, Stream

YUAN = 100
TAIL_FROM = 1_000 * YUAN
TAIL_TO = 500_000 * YUAN

#: Gifts of 10 yuan or less, and those up to 1,000: yuan → relative weight. Banknotes, lucky
#: numbers (6.66, 8.8, 66, 88, 520) and the platform's suggested amounts.
_SMALL = {
    0.01: 1, 0.1: 1, 0.5: 1, 1: 24, 1.11: 1, 2: 10, 3: 3, 5: 18, 5.2: 1, 6: 4, 6.66: 3, 8: 2,
    8.8: 2, 8.88: 2, 9.9: 7, 10: 32,
}  # fmt: skip # a table
_MIDDLE = {
    11: 1, 15: 2, 20: 26, 25: 1, 30: 10, 36: 1, 50: 27, 52: 1, 60: 1, 66: 3, 66.66: 1, 80: 1,
    88: 3, 99: 3, 99.9: 1, 100: 34, 128: 1, 150: 1, 166: 1, 188: 1, 200: 14, 260: 1, 300: 5,
    365: 1, 500: 8, 520: 1, 600: 1, 666: 1, 800: 1, 888: 1, 1000: 3,
}  # fmt: skip # a table


@dataclass(frozen=True)
class Sizes:
    """Shares of gifts of 10 yuan or less, and of those above 1,000; the tail's exponent."""

    small: float
    tail: float
    alpha: float = 1.3


def _pick(table: dict[float, int], u: Floats) -> Ints:
    steps = np.cumsum(np.array(list(table.values()), dtype=np.float64))
    fen = np.array([round(yuan * YUAN) for yuan in table], dtype=np.int64)
    at = np.searchsorted(steps, u * steps[-1], side="right")
    picked: Ints = fen[np.minimum(at, len(fen) - 1)]
    return picked


def _tail(u: Floats, alpha: float) -> Ints:
    """Pareto between the bounds, by inversion; whole tens of yuan, as people give."""
    cut = (TAIL_FROM / TAIL_TO) ** alpha
    fen = TAIL_FROM * (1 - u * (1 - cut)) ** (-1 / alpha)
    tens: Ints = np.rint(fen / (10 * YUAN)).astype(np.int64)
    return tens * np.int64(10 * YUAN)


def draw_amounts(stream: Stream, n: int, sizes: Sizes) -> Ints:
    """`n` gifts in fen.

    Stratified: each of n equal slices of the distribution is drawn once, so that even a short page
    has its share of small and large gifts.
    """
    ranks = np.argsort(stream.child("order").bits(n), kind="stable")
    u = (ranks + stream.child("within").uniform(n)) / max(n, 1)
    fen = np.empty(n, dtype=np.int64)
    small, tail = u < sizes.small, u >= 1 - sizes.tail
    middle = ~(small | tail)
    fen[small] = _pick(_SMALL, u[small] / sizes.small)
    fen[middle] = _pick(_MIDDLE, (u[middle] - sizes.small) / (1 - sizes.small - sizes.tail))
    fen[tail] = _tail((u[tail] - (1 - sizes.tail)) / sizes.tail, sizes.alpha)
    return fen


def fit(fen: Ints, total: int) -> Ints:
    """The gifts changed so that they sum to exactly `total` fen, the large ones first.

    Gifts of 1,000 yuan and less stay unchanged if the tail can absorb the difference.
    Raises ValueError if `total` allows less than one fen per gift.
    """
    if total < len(fen):
        raise ValueError(f"{len(fen)} gifts cannot add up to {total} fen")
    if len(fen) == 0 or int(fen.sum()) == total:
        return fen
    for floor in (TAIL_FROM, 10 * YUAN, 0):
        large = fen > floor
        count, rest = int(large.sum()), int(fen[~large].sum())
        if count and total - rest >= count * max(floor, 1):
            return _rescaled(fen, large, total - rest)
    flat = np.full(len(fen), total // len(fen), dtype=np.int64)
    flat[: total % len(fen)] += 1
    return flat


def _rescaled(fen: Ints, large: np.ndarray[tuple[int], np.dtype[np.bool_]], need: int) -> Ints:
    part = fen[large]
    step = YUAN if need >= len(part) * 10 * YUAN else 1
    scaled = np.maximum(np.floor(part * (need / int(part.sum())) / step), 0) * step
    whole = np.maximum(scaled.astype(np.int64), 1)
    over = int(whole.sum()) - need
    while over > 0:  # only if gifts that rounded to nothing were raised to one fen
        top = int(np.argmax(whole))
        taken = min(over, int(whole[top]) - 1)
        whole[top] -= taken
        over -= taken
    whole[int(np.argmax(whole))] -= over
    fitted = fen.copy()
    fitted[large] = whole
    return fitted
