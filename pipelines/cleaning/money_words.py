"""Words for money: each unit in fen, and the words and signs of other currencies.

No imports of the project, because a workbook's worker uses them too. `numbers` reads amounts;
`pipelines.reading.units` finds where a table states its unit.
"""

from __future__ import annotations

import re
import unicodedata

_TIMES = {"": 1, "十": 10, "百": 100, "佰": 100, "千": 1_000, "仟": 1_000, "万": 10_000,
          "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}  # fmt: skip # a table
_LARGE = {
    **_TIMES,
    **{a + b: _TIMES[a] * _TIMES[b] for a in "十百千" for b in "万亿"},
    "万亿": 10**12,
}
#: Fen in one of each unit: 分, 角, 元 and their multiples.
FEN: dict[str, int] = {
    "分": 1,
    "角": 10,
    **{times + yuan: n * 100 for times, n in _LARGE.items() for yuan in ("元", "圆")},
    "块": 100,
    "块钱": 100,
    **{times: n * 100 for times, n in _LARGE.items() if times not in ("", "十", "百", "佰")},
}
#: Every unit as a pattern, the longest first.
UNIT = "|".join(sorted(FEN, key=lambda u: (-len(u), u)))

#: Signs and words for yuan that are not a unit.
YUAN_SIGN = r"cn¥|¥|rmb¥?|cny¥?|人民币|renminbi|yuan"
_IS_YUAN = re.compile(
    r"(?:人民币|中国|中华人民共和国|本位币|renminbi|chinese|china|yuan|rmb|cny|cn|prc|156|¥|元|圆"
    r"|[()/\-_:,.])+|1",
    re.IGNORECASE,
)

_CODES = (
    "USD|USDT|USDC|HKD|EUR|GBP|JPY|TWD|NTD|AUD|MOP|CAD|SGD|CHF|KRW|THB|RUB|INR|NZD|MYR|SEK|NOK|DKK|"
    "VND|PHP|IDR|ZAR|AED|SAR|BRL|MXN|TRY|PLN|ILS|BTC|ETH|CNH"
)
_NAMES = (
    "美元|美金|美刀|港元|港币|港幣|港纸|欧元|歐元|英镑|英鎊|日元|日圆|日币|円|台币|台幣|新臺幣|澳元|"
    "澳币|澳大利亚元|澳门元|澳门币|葡币|加元|加币|加拿大元|新加坡元|新加坡币|新元|新币|坡币|瑞士法郎|瑞郎|"
    "法郎|韩元|韩币|韩圆|泰铢|泰株|卢布|卢比|纽元|纽币|新西兰元|林吉特|令吉|马币|克朗|越南盾|印尼盾|比索|"
    "兰特|迪拉姆|第纳尔|外币|外汇|比特币|泰达币|dollar|euro|pound|yen"
)
#: A word or sign of another currency anywhere in a text.
FOREIGN = rf"(?i)[$€£₩฿₽₹₫₱₿]|(?:^|[^a-z])(?:{_CODES}|jp¥)(?:[^a-z]|$)|(?:^|[^a-z])rm\s*\d|{_NAMES}"
_FOREIGN = re.compile(FOREIGN)


#: A word that ends like the name of a currency or unit, known or not.
LIKE_MONEY = re.compile(
    r"^.{0,5}(?:元|圆|币|镑|磅|铢|盾|郎|布|块|万|萬|亿|億|千)$"
    r"|(?i:yuan|rmb|cny|dollar|hundred|thousand|million|billion)"
)


#: A sign, code or name of another currency by itself, whatever stands beside it.
_OTHER = re.compile(
    rf"(?i)jp¥|(?<![a-z])(?:[a-z]{{1,3}})?\$|[€£₩฿₽₹₫₱₿]|(?<![a-z])(?:{_CODES})(?![a-z])|{_NAMES}"
)
_SAYS_YUAN = re.compile(rf"(?i){YUAN_SIGN}|[元圆]")


def apart(text: str) -> tuple[str | None, str]:
    """The other currency that an amount names (`US$`, `港币`), and the text without it."""
    plain = unicodedata.normalize("NFKC", text)
    found = _OTHER.search(plain)
    return (found[0], plain.replace(found[0], "", 1)) if found else (None, plain)


def says_yuan(text: str) -> bool:
    """True if `text` holds a word or sign of yuan."""
    return _SAYS_YUAN.search(unicodedata.normalize("NFKC", text)) is not None


def fold(text: str) -> str:
    """`text` in the form in which money words are compared: half-width, without white space."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def is_foreign(text: str) -> bool:
    """True if `text` names another currency than yuan."""
    return _FOREIGN.search(unicodedata.normalize("NFKC", text)) is not None


def unit_of(words: str) -> str | None:
    """The unit that a phrase consists of (`万元`, `人民币元`, `RMB`): one of `FEN`, or None."""
    text = fold(words).casefold()
    if text == "fen":
        return "分"
    bare = re.sub(rf"^(?:{YUAN_SIGN})+|(?:{YUAN_SIGN})+$", "", text)
    if not bare:
        return "元" if text else None
    return bare if bare in FEN else None


def is_yuan(folded: str) -> bool:
    """True if a currency, in the form of `fold`, is the yuan or blank."""
    return folded in ("-", "—", "/", "无", "暂无") or _IS_YUAN.fullmatch(folded) is not None
