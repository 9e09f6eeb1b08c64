"""Which files are not let in unasked: they empty what they would replace, mistake a unit, or break.

The file it would replace stands until somebody decides (`juandi files accept|reject`). Decisions
are kept in the archive's catalogue; this module only says what needs one, and words it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pipelines.sources import Source
from pipelines.stages.load.scales import Scale, factor_near, is_certain
from pipelines.stages.standing.likeness import Likeness, Read
from pipelines.stages.standing.values import Cause, Held
from pipelines.stages.store.receipts import Outcome, Receipt

#: A file with fewer than a tenth of the rows of its predecessor.
_TENTH = 10
#: The share of keys shared with earlier files that must be off by exactly the factor.
_MOSTLY = 0.9
#: A file with fewer rows is not held because of refused ones.
FEW_ROWS = 100


def shrinks(receipt: Receipt, outcome: Outcome, replaced: Sequence[Read]) -> Held | None:
    """A file with under a tenth of the rows of one that it would replace."""
    for other, before in sorted(replaced, key=lambda r: r[1].rows_loaded, reverse=True):
        if outcome.rows_loaded * _TENTH < before.rows_loaded:
            return Held(Cause.SHRINKS, other, outcome.rows_loaded, before.rows_loaded)
    return None


def mostly_refused(source: Source, outcome: Outcome) -> Held | None:
    """A file of which a greater share of rows is refused than its contract allows.

    Few rows say nothing: in a file of three, one bad line is a third.
    """
    if outcome.rows_read < FEW_ROWS:
        return None
    if outcome.rows_quarantined <= source.most_refused * outcome.rows_read:
        return None
    return Held(Cause.REFUSED, None, outcome.rows_quarantined, outcome.rows_read)


@dataclass
class Usual:
    """The usual size of amounts in the files of a source that stand, by kind of amount."""

    source: Source
    likeness: Likeness
    _scales: dict[str, Scale] = field(default_factory=dict)
    _means: dict[str, Counter[float]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, outcome: Outcome) -> None:
        """A file that stands from now on."""
        for scale in outcome.scales:
            before = self._scales.get(scale.kind)
            self._scales[scale.kind] = before.plus(scale) if before else scale
            self._means[scale.kind][scale.mean] += 1

    def remove(self, outcome: Outcome) -> None:
        """A file that no longer stands."""
        for scale in outcome.scales:
            self._scales[scale.kind] = self._scales[scale.kind].minus(scale)
            self._means[scale.kind][scale.mean] -= 1

    def differs(self, new: Read, stands: Callable[[], Sequence[Read]]) -> Held | None:
        """A file whose amounts are about 100 or 10,000 times as large or small as usual.

        Where it shares keys with files that `stands` names, these decide: unless their amounts are
        off by exactly that factor, it is no mistake. Else the difference must be beyond chance.
        """
        _, outcome = new
        for scale in outcome.scales:
            usual = self._scales.get(scale.kind)
            factor = factor_near(usual, scale) if usual else None
            earlier = stands() if factor else ()
            if usual is None or factor is None or not earlier:
                continue
            other, shared = earlier[-1], 0
            if self.source.key:
                found = self.likeness.factor(new, earlier, factor)
                other = next((e for e in earlier if e[0].file_id == found.other), other)
                shared = found.shared
                if shared and found.exact < _MOSTLY * shared:
                    continue
            if shared or is_certain(usual, scale, list(self._means[scale.kind].elements())):
                return Held(
                    Cause.SCALE, other[0], outcome.rows_loaded, other[1].rows_loaded, factor, shared
                )
        return None


def why_held(receipt: Receipt, held: Held) -> str:
    """Why a file is held and what to do, in both languages; both files are named."""
    # the two may have the same path: then only the time of receipt tells them apart
    other = (
        f"{held.other.shown_path} ({held.other.first_seen_at:%Y-%m-%d %H:%M})"
        if held.other
        else "—"
    )
    stays_zh, stays_en = "原文件仍在用", ", which stands"
    match held.cause:
        case Cause.REFUSED:
            zh = f"{held.other_rows} 行中有 {held.rows} 行不合格，超出契约允许的比例"
            en = (
                f"{held.rows} of its {held.other_rows} rows are refused, a greater share than its"
                " contract allows"
            )
            stays_zh, stays_en = "其各行暂不计入", "; none of its rows counts until then"
        case Cause.SHRINKS:
            zh = f"可入库 {held.rows} 行，不及 {other} 的 {held.other_rows} 行的十分之一"
            en = (
                f"{held.rows} rows would load, fewer than a tenth of the {held.other_rows} of"
                f" {other}"
            )
        case Cause.SCALE:
            times = f"{held.factor:,.0f}" if held.factor > 1 else f"1/{1 / held.factor:,.0f}"
            same_zh = f"，与它共有的 {held.shared} 个键逐一如此" if held.shared else ""
            same_en = (
                f", as are the {held.shared} keys that it shares with it" if held.shared else ""
            )
            zh = (
                f"{held.rows} 行的金额约为通常的 {times} 倍（对照 {other} 的"
                f" {held.other_rows} 行{same_zh}）"
            )
            en = (
                f"the amounts of its {held.rows} rows are about {times} times the usual (compare"
                f" the {held.other_rows} rows of {other}{same_en})"
            )
    accept, reject = (f"juandi files {verb} {receipt.file_id}" for verb in ("accept", "reject"))
    return (
        f"搁置 {receipt.shown_path}：{zh}；{stays_zh}；{accept} 采用，{reject} 弃用"
        f" / held {receipt.shown_path}: {en}{stays_en}; {accept} or {reject}"
    )
