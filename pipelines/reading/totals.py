"""Totals that a table prints among its rows: which rows are totals, and whether they are right.

A total row has a label (合计, 本页小计, 累计 …) in one cell and otherwise only amounts and counts.
It is compared with the rows it covers: of the table, of the file so far, or since another total.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from pipelines.cleaning.money_words import FEN
from pipelines.cleaning.numbers import read_fen

_CORE = (
    r"合计|总计|共计|总额|总金额|累计|小计|汇总|总和|总数|合共|总共|求和|总(?:捐款|捐赠|善款|收入|人数|笔数|人次|件数)"
    r"|承前页|承上页|接上页|过次页|转下页|grandtotal|subtotal|sub-total|total|sum"
)
_BEFORE = (
    r"第?[\d一二三四五六七八九十百]+(?:页|批|期|组|日|号|月|季度|年|笔|次|周)|\d{2,4}[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?"
    r"|截[至止]?|目前|至今|当前|为止|本|当|该|此|以上|上述|前述|全部|历史|全|各|上|页|日|月|年|周|季度|季|期|次|批|表|天|捐款|捐赠|捐助|善款|"
    r"募捐|募集|筹款|资金|金额|款项|物资|物品|现金|个人|单位|企业|团体|社会|收入|支出|到账|接收|收到|人民币|grand|page"
)
_BEHIND = (
    r"金额|收到|接收|募集|捐款|捐赠|善款|款物|款项|资金|收入|支出|人民币|数量|数额|总额|人数|笔数|额|数|款"
    r"|共|为|是|元|大写|amount|rmb|cny"
)
_LABEL = (
    rf"(?:{_BEFORE})*(?:{_CORE})(?:{_CORE}|{_BEHIND})*(?:\([^()]{{0,12}}\))?(?:{_BEHIND})*[:=]?"
)
#: A label alone in its cell, as `folded` text.
LABEL = rf"^[(\[【*※-]?(?:{_LABEL})[)\]】*]?$"
#: A label and its amount in one cell: `合计：1,234.00元`, `共计3笔100元`.
_AMOUNT = r"(?P<amount>[-+¥]?[\d,]+(?:\.\d+)?(?:元|万元|万|亿元|亿|分|角)?)(?:整|人民币)?[。.;]?$"
INLINE = rf"^(?:{_LABEL})(?:[:=,;.-]|人民币|rmb|cny|¥)*{_AMOUNT}"
_COUNTED = rf"^(?:{_LABEL})[\d,]+(?:笔|人次|人|户|家|次|件|单|条)[,;、]?.{{0,4}}?{_AMOUNT}"
#: A name followed by a label, such as `四年级合计`: it may be a total or a record.
DOUBTFUL = (
    r"^其中|^.{1,16}(?:合计|总计|共计|小计|累计|汇总|subtotal)(?:金额|额|数)?"
    r"(?:\([^()]{0,8}\))?[:]?$"
)
#: What other cells of a total row may contain: amounts, counts, days, nothing.
NUMERIC = (
    r"^(?:共?[-+¥$(]*[\d,.]+(?:e[-+]?\d+)?[)%]?(?:亿|万|千|百)?(?:元|分|角|圆|笔|人次|人|户|家|次|件|个|单|条|份|箱|页)?整?"
    r"|(?:人民币)?[零〇一二三四五六七八九十壹贰叁肆伍陆柒捌玖拾佰仟百千万亿元圆角分整正]+"
    r"|[-—/*~]+|无|暂无|nan|rmb|cny|元|人民币|\d{4}[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?[^a-z\u4e00-\u9fff]*)$"
)
_PART = re.compile(
    r"小计|sub-?total|page|^(?:第?[\d一二三四五六七八九十百]|本|当|该|此|各|\d{4}[-./年])(?!会|次活动)"
)
_RUNNING = re.compile(r"累计|截[至止]|历史")
_WHOLE = re.compile(r"总计|总额|总金额|总和|合共|总共|以上|grand|全部")


_LONGEST_LABEL = 40
_SIMPLE = str.maketrans("計總額匯頁", "计总额汇页")


def is_label(text: str) -> bool:
    """True of a `folded` cell that is the label of a total, with or without its amount."""
    if len(text) > _LONGEST_LABEL:
        return False
    return any(re.match(pattern, text) for pattern in (LABEL, INLINE, _COUNTED))


def folded(text: str) -> str:
    """A cell's text in the form in which labels are compared."""
    text = unicodedata.normalize("NFKC", text).translate(_SIMPLE)
    return re.sub(r"\s+", "", text).casefold()


def printed_fen(label: str, amounts: Sequence[str | None], unit: str) -> int | None:
    """The amount of a total row in fen: under the money heading, else within its label."""
    distinct = list(dict.fromkeys(a.strip() for a in amounts if a and a.strip()))
    fen = [f for a in distinct if (f := _noisy_fen(a, unit)) is not None]
    if fen:
        return sum(fen)
    text = folded(label)
    found = re.match(_COUNTED, text) or re.match(INLINE, text)
    return _noisy_fen(found["amount"], unit) if found else None


def _noisy_fen(text: str, unit: str) -> int | None:
    exact = read_fen(text, unit)
    if exact is not None or unit not in FEN:
        return exact
    try:  # the sum of floats: 38422322.23999998 means 38422322.24
        return round(Decimal(text.strip()) * FEN[unit])
    except (ArithmeticError, ValueError):  # no number, or `NaN`
        return None


class Total(NamedTuple):
    """A total as printed, and its place: `block` blocks come before it, and `fen` of its own."""

    label: str
    printed: int
    block: int
    fen: int

    @property
    def is_part(self) -> bool:
        """True if the label says that it covers only a page, a day or a group."""
        return _PART.search(self.label) is not None

    @property
    def is_running(self) -> bool:
        """True of 累计: it may have begun before this file."""
        return _RUNNING.search(self.label) is not None


@dataclass
class Totals:
    """The totals of one file: gathered table by table, compared with the rows that they cover."""

    found: list[Total] = field(default_factory=list)  # of the table that is being read
    checked: int = 0
    wrong: int = 0
    footer_fen: int | None = None  # the printed total of the whole file, see `finish`
    _before: int = 0  # fen of the tables before this one
    _grand: list[int] = field(default_factory=list)  # the last whole total of each table
    _open: list[int] = field(default_factory=list)  # right only if the whole file is meant

    def settle(self, fen: Sequence[int]) -> None:
        """Compares a table's totals with `fen`, the amounts of its blocks, and clears them."""
        upto = [0]
        for amount in fen:
            upto.append(upto[-1] + amount)
        places = [upto[min(t.block, len(fen))] + t.fen for t in self.found]
        labels = [t.label for t in self.found]
        grand: int | None = None
        for index, (total, here) in enumerate(zip(self.found, places, strict=True)):
            since = [0, -self._before]  # the start of the table, and of the file
            again = labels.count(total.label) > 1 and not _WHOLE.search(total.label)
            if total.is_part or again:
                since += places[:index]
            right = any(here - start == total.printed for start in since)
            right = right or (total.is_running and total.printed > here + self._before)
            if not right and total.is_part:
                self.wrong += 1
            elif not right:
                self._open.append(total.printed)
            if not total.is_part and (right or not total.is_running):
                grand = total.printed if not total.is_running or total.printed == here else grand
        self.checked += len(self.found)
        if grand is not None:
            self._grand.append(grand)
        self._before += upto[-1]
        self.found.clear()

    def finish(self) -> None:
        """Call when every table has been read.

        `footer_fen` becomes the total of the whole file if one is printed, otherwise the sum of
        the last whole total of each table.
        """
        self.wrong += sum(printed != self._before for printed in self._open)
        if self._before in self._grand:
            self.footer_fen = self._before
        elif self._grand:
            self.footer_fen = sum(self._grand)
