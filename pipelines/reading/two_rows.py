"""Headings over two rows: a name that spans columns, and sub-headings under it.

An amount with sub-headings is read if they are clear: one of them is its total, all of them are
parts that add up (线上 and 线下), or one is the amount itself. A quantity is never an amount.
`Heading.left` lists the sub-columns that are not read; `footers` counts their cells.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pipelines.reading.headings import (
    WITH_UNIT,
    Heading,
    HeadingField,
    complete,
    find,
    normal,
    vocabulary,
)
from pipelines.sources import Column, Form, Source

_TOTAL = re.compile(r"^(?:金额)?(?:合计|总计|小计|共计|总额|总金额|合计金额)(?:\(.*\))?$")
#: Parts of one amount: ways, forms and givers of money. 其中, a part of a part, is not among them.
_PART = re.compile(
    r"^(?:线上|线下|网上|网络|现场|资金|现金|货币|钱款|善款|款项|转账|微信|支付宝|银行|银联|汇款|邮政|刷卡|"
    r"物资|物品|实物|折价|折算|折款|折合|价值|个人|单位|企业|团体|机构|定向|非定向|限定|非限定|境内|境外|国内|"
    r"国外|捐款|捐物|捐赠|募捐|收入|其他|其它|非|性|类|方式|渠道|平台|金额|额|款|部分)+"
    r"(?:\((?:折价|折算|折款|人民币|元|万元)+\))?$"
)
_DIGIT = re.compile(r"\d")


def two_rows(cells: Sequence[str], below: Sequence[str], source: Source) -> Heading | None:
    """The heading that both rows make up, if the lower one has sub-headings."""
    spans = _spans(cells, below)
    if spans is None:
        return None
    forms = [f for f in source.forms if not f.structured]
    headings = (_match(cells, below, spans, source, form) for form in forms)
    return max(headings, key=lambda h: h.score)


def _spans(cells: Sequence[str], below: Sequence[str]) -> dict[int, list[int]] | None:
    """First position → all positions of each name that spans filled cells of the row below.

    None if that row has no sub-headings: it also has cells under other names, or digits.
    """
    filled = [i for i, c in enumerate(below) if c.strip()]
    named = sum(bool(c.strip()) for c in cells)
    if len(filled) < 2 or named < 2 or any(_DIGIT.search(below[i]) for i in filled):
        return None
    spans: dict[int, list[int]] = {}
    start: int | None = None
    for position in range(max(len(cells), filled[-1] + 1)):
        if position < len(cells) and cells[position].strip():
            start = position
        if start is None:
            continue
        spans.setdefault(start, []).append(position)
    wide = {s: p for s, p in spans.items() if s in filled and len(p) > 1}
    under = {s: [p for p in wide[s] if p in filled] for s in wide}
    if not under or sum(map(len, under.values())) != len(filled):
        return None
    return under if any(len(p) > 1 for p in under.values()) else None


def _match(
    cells: Sequence[str],
    below: Sequence[str],
    spans: Mapping[int, list[int]],
    source: Source,
    form: Form,
) -> Heading:
    words = vocabulary(source.name, form.name)
    width = max(len(cells), len(below))
    names = [(cells[i] if i < len(cells) else "").strip() for i in range(width)]
    subs = {s: [(p, below[p].strip()) for p in under] for s, under in spans.items()}
    fields: list[HeadingField] = []
    unknown: list[str] = []
    left: list[int] = []
    for start, name in enumerate(list(names)):
        if not name:
            continue
        found = find(name, words)
        if start not in subs:
            if found is None:
                unknown.append(name)
            else:
                fields.append(HeadingField(start, *found))
            continue
        for position, sub in subs[start]:
            names[position] = f"{name}/{sub}"
        taken = _amounts(found, subs[start], words) if _is_money(found) else []
        fields += taken
        for position, sub in subs[start]:
            if position in {f.position for f in taken}:
                continue
            own = find(f"{name}{sub}", words) or find(sub, words)
            if own is not None and not (_is_money(found) and _is_money(own)):
                fields.append(HeadingField(position, *own))
            elif _is_money(found):
                left.append(position)
            else:
                unknown.append(names[position])
    return replace(complete(names, source, form, fields, unknown, left), rows=2)


def _is_money(found: tuple[Column, str | None] | None) -> bool:
    return found is not None and found[0].kind in WITH_UNIT


def _amounts(
    found: tuple[Column, str | None] | None,
    subs: Sequence[tuple[int, str]],
    words: Mapping[str, Column],
) -> list[HeadingField]:
    """The sub-columns that make up an amount; none if that is not clear."""
    if found is None:
        return []
    column, unit = found
    totals = [p for p, sub in subs if _TOTAL.match(normal(sub))]
    if len(totals) == 1:
        return [HeadingField(totals[0], column, unit)]
    if all(_PART.match(normal(sub)) for _, sub in subs):
        return [HeadingField(p, column, unit, adds=True) for p, _ in subs]
    own = [(p, match) for p, sub in subs if (match := find(sub, words)) and match[0] is column]
    return [HeadingField(p, column, match[1] or unit) for p, match in own] if len(own) == 1 else []
