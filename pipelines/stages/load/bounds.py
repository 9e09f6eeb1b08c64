"""Bounds on a file's sums, and on the total that it prints, so that the accounts can hold them.

Bounds of single numbers are checked in `rows`.
"""

from __future__ import annotations

from decimal import Decimal

from pipelines.reading.refusals import FileRefused
from pipelines.sources.contract import MOST_OF_A_FILE


def hold_within_bounds(*fen: int) -> None:
    """Raises FileRefused if one of a file's sums is more than the accounts can hold."""
    if any(abs(part) > MOST_OF_A_FILE for part in fen):
        most = f"{MOST_OF_A_FILE // 100:,}"
        raise FileRefused("file.beyond_bounds", f"its rows come to more than {most} yuan")


def bounded_footer(
    footer_fen: int | None, fen_read: int
) -> tuple[int | None, tuple[tuple[str, str, str], ...]]:
    """The total that a footer prints, in fen; one beyond the bounds becomes a claim, as text.

    The accounts could not hold it as an amount. As a claim it is reported beside the sum of the
    rows, and is wrong.
    """
    if footer_fen is None or abs(footer_fen) <= MOST_OF_A_FILE:
        return footer_fen, ()
    printed = min(Decimal(footer_fen), Decimal("1e32")).max(Decimal("-1e32"))
    claim = ("合计 total", f"{printed.scaleb(-2):f}", f"{Decimal(fen_read).scaleb(-2):f}")
    return None, (claim,)
