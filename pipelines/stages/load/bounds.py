"""What a file's rows come to, and the total that it prints, stay within what accounts can hold.

That each single number is within its contract's bound is the business of `rows`.
"""

from __future__ import annotations

from decimal import Decimal

from pipelines.reading.refusals import FileRefused
from pipelines.sources.contract import MOST_OF_A_FILE


def hold_within_bounds(*fen: int) -> None:
    """Raises FileRefused where one of a file's sums is more than the accounts can hold."""
    if any(abs(part) > MOST_OF_A_FILE for part in fen):
        most = f"{MOST_OF_A_FILE // 100:,}"
        raise FileRefused("file.beyond_bounds", f"its rows come to more than {most} yuan")


def bounded_footer(
    footer_fen: int | None, fen_read: int
) -> tuple[int | None, tuple[tuple[str, str, str], ...]]:
    """The total that a footer prints, in fen; one beyond all bounds becomes a claim, as text.

    As an amount no account could hold it; as a claim it is told with what the rows say, and is
    wrong.
    """
    if footer_fen is None or abs(footer_fen) <= MOST_OF_A_FILE:
        return footer_fen, ()
    printed = min(Decimal(footer_fen), Decimal("1e32")).max(Decimal("-1e32"))
    claim = ("合计 total", f"{printed.scaleb(-2):f}", f"{Decimal(fen_read).scaleb(-2):f}")
    return None, (claim,)
