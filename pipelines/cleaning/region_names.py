"""Names of places reduced to what two names of one place have in common, and codes as typed.

This module does not know the table of regions; `regions` does.
"""

from __future__ import annotations

import re
import unicodedata

_KIND = re.compile(
    r"(自治县|自治旗|自治州|自治区|特别行政区|特区|林区|矿区|地区|盟|省|市|县|区|旗)$"
)
#: Peoples in names of autonomous units: 玉屏侗族自治县 was 玉屏县.
_PEOPLES = re.compile(
    "(?:(?:各|回|蒙古|壮|苗|土家|侗|瑶|藏|羌|彝|黎|白|傣|布依|朝鲜|哈尼|傈僳|景颇|满|水|畲|仡佬|拉祜|佤|"
    "纳西|独龙|怒|普米|布朗|土|撒拉|保安|东乡|裕固|哈萨克|达斡尔|鄂温克|鄂伦春|仫佬|毛南|锡伯|塔吉克|"
    "柯尔克孜|维吾尔)族|联合|蒙古)+$"
)
#: A code alone, as a number (`130631.0`), or followed by digits of a town or village.
_CODE = re.compile(r"^(\d{6})(?:\d{3}|\d{6})?(?:\.0*)?$")
#: A prefecture's or province's code without its trailing zeros, with the first two digits of an
#: existing province.
_SHORT_CODE = re.compile(
    r"^((?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])(?:\d{2})?)(?:\.0*)?$"
)


def tidy_name(name: str) -> str:
    """A name without spaces, in compatibility form (full-width letters and brackets unified)."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", name))


def core_name(name: str) -> str:
    """The place's core name: without the kind of unit and the peoples in its name.

    A name that consists of nothing else (城区, 郊区) loses only its last character.
    """
    bare = _KIND.sub("", name)
    return _PEOPLES.sub("", bare) or bare or name


def parse_code(text: str | float | None) -> str | None:
    """Six digits from a code as text or number; None if they cannot be read with certainty.

    `130631`, `130631.0`, "`130631", '="130631"' and 9- or 12-digit statistical codes are read;
    `1.3E+05` and `13063` are not.
    """
    if text is None:
        return None
    plain = tidy_name(str(text)).lstrip("`'=").strip('"')
    found = _CODE.match(plain)
    return found.group(1) if found else None


def code_of(text: str) -> str | None:
    """Like `parse_code`, but also reads `5101` and `51`, a prefecture and a province.

    For columns with codes of all levels. None for words, two codes at once and everything else.
    """
    plain = tidy_name(text).lstrip("`'=").strip('"')
    short = _SHORT_CODE.match(plain)
    return short.group(1).ljust(6, "0") if short else parse_code(text)
