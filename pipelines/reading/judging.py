"""Decides the encoding of a text whose beginning is not clean UTF-8, by its characters.

Nearly any bytes decode as GB18030, so decoding proves nothing. UTF-8 with a few bad bytes is still
recognisable. Text in GB18030 keeps to the characters of GB 2312, while a few characters of another
encoding already leave that set. A text that is neither is refused, with the encoding it looks like.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import cache
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pipelines.reading.encodings import BAD, GB18030, UTF8, is_utf8, lenient, utf8_tail
from pipelines.reading.refusals import FileRefused

_SAMPLE = 256 * 1024
_READ = 8 * 1024 * 1024
#: Good UTF-8 characters per bad place that make a text damaged UTF-8. In GB18030 text some pairs of
#: bytes look like UTF-8 as well, but never most of them.
_GOOD_FOR_A_BAD = 4
_AT_HOME = 0.9  # the least share of characters within GB 2312 in Chinese text
_ASCII_AT_LEAST = 20  # at least one character in so many of a table is ASCII
_FEW = 10  # with fewer characters, a single rare one is no evidence
#: Hangul of EUC-KR are where GB 2312 has the hanzi from 啊 to 全; Chinese text has later ones, too.
_HANGUL_ENDS = "全"
_KANA, _HANGUL = (0x3041, 0x30FF), (0xAC00, 0xD7AF)
_OTHERS = (
    ("Big5", "big5hkscs"),
    ("Shift-JIS", "cp932"),
    ("EUC-JP", "euc_jp"),
    ("EUC-KR", "euc_kr"),
)


def _sample(stream: IO[bytes]) -> tuple[bytes, int]:
    """Up to 256 KiB of `stream`, from the line of the first non-ASCII byte on, and the number of
    lines before it."""
    line, carry = 0, b""
    while block := stream.read(_READ):
        block = carry + block
        if block.isascii():
            end = block.rfind(b"\n") + 1
            line += block.count(b"\n", 0, end)
            carry = block[end:]
            if len(carry) > _READ:
                carry = b""
            continue
        first = int(np.argmax(np.frombuffer(block, dtype=np.uint8) > 0x7F))
        begins = block.rfind(b"\n", 0, first) + 1
        sample = block[begins : begins + _SAMPLE]
        if len(sample) < _SAMPLE:
            sample += stream.read(_SAMPLE - len(sample))
        return sample, line + block.count(b"\n", 0, begins)
    return b"", line


def judge(stream: IO[bytes]) -> str:
    """UTF-8 or GB18030, even if the text is slightly damaged. Raises FileRefused if neither."""
    sample, line = _sample(stream)
    sample = sample.removeprefix(codecs.BOM_UTF8)
    if _is_damaged_utf8(sample):
        return UTF8
    as_gb = _traits(lenient(sample, GB18030))
    mixed = next(_lines_of_utf8(sample, line), None) if as_gb.is_text else None
    if as_gb.is_text and mixed is None and not _is_hangul(sample):
        return GB18030
    raise FileRefused("file.encoding", _description(sample, line, mixed))


def wide_encoding(head: bytes) -> str | None:
    """The encoding of `head` if it has two or four bytes per character, except UTF-16 with a BOM,
    which is supported; else None."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "UTF-32"
    if b"\x00" not in head or head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    for name, codec, size in (("UTF-32", "utf-32", 4), ("UTF-16 without its mark", "utf-16", 2)):
        whole = head[: len(head) - len(head) % size]
        for order in ("le", "be"):
            text = whole.decode(f"{codec}-{order}", errors="replace")
            # a few NULs are damage; in such an encoding every digit and delimiter has one
            ascii_too = sum(c < "\x80" for c in text) >= max(len(text) / _ASCII_AT_LEAST, 3)
            is_clean = text.count("\ufffd") <= 1 and "\x00" not in text
            if ascii_too and is_clean and re.search(r"[,;|\t:]", text):
                return name
    return None


def _is_damaged_utf8(sample: bytes) -> bool:
    if is_utf8(sample):
        return True
    text = lenient(sample[: len(sample) - utf8_tail(sample)], "utf-8")
    codes = _codes(text)
    bad = text.count(BAD)
    # two-byte characters (Latin, Greek, Arabic …) do not count: GB18030 may look so by chance
    long = int(np.count_nonzero(codes >= 0x800)) - bad
    short = int(np.count_nonzero((codes >= 0x80) & (codes < 0x800)))
    return long >= _GOOD_FOR_A_BAD * bad and long > short


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


@cache
def _gb2312(first: int, last: int) -> NDArray[np.bool_]:
    """Which code points are in these rows of GB 2312."""
    both = b"".join(bytes((row, c)) for row in range(first, last + 1) for c in range(0xA1, 0xFF))
    known = np.zeros(0x10000, dtype=np.bool_)
    known[_codes(both.decode("gb2312", errors="ignore"))] = True
    return known


class _Traits(NamedTuple):
    signs: int  # punctuation and full-width letters
    usual: int  # common hanzi, the first level of GB 2312
    rarer: int  # its second level
    strange: int  # other characters, except emoji, and bytes that are no character

    @property
    def is_text(self) -> bool:
        total = sum(self)
        if total < _FEW:
            return self.strange <= 1 and self.usual > self.strange
        return total - self.strange >= _AT_HOME * total and self.usual > self.rarer


def _traits(text: str) -> _Traits:
    codes = _codes(text)
    codes = codes[codes > 0x7F]
    low = codes[codes < 0x10000]
    signs, usual, rarer = (
        int(np.count_nonzero(_gb2312(*rows)[low]))
        for rows in ((0xA1, 0xA3), (0xB0, 0xD7), (0xD8, 0xF7))
    )
    pictures = (codes >= 0x1F000) & (codes < 0x20000)
    pictures |= (codes >= 0x2000) & (codes < 0x2C00) & ~_gb2312(0xA1, 0xA3)[codes & 0xFFFF]
    pictures |= (codes == 0xFE0F) | (codes == 0xFEFF)
    strange = len(codes) - signs - usual - rarer - int(np.count_nonzero(pictures))
    return _Traits(signs, usual, rarer, strange)


def _lines_of_utf8(sample: bytes, line: int) -> Iterator[int]:
    """Numbers of lines that are UTF-8 with Chinese text."""
    for number, text in enumerate(sample.split(b"\n"), line + 1):
        if text.isascii() or not is_utf8(text):
            continue
        codes = _codes(text.decode("utf-8", errors="ignore"))
        beyond = codes[codes > 0x7F]
        if len(beyond) > 1 and (beyond >= 0x800).all():
            yield number


def _is_hangul(sample: bytes) -> bool:
    """True if no character comes after the last hangul's place: 1 in 100,000 by chance."""
    pairs = lenient(sample, GB18030)
    hanzi = [c for c in dict.fromkeys(pairs) if "\u4e00" <= c <= "\u9fff"]
    ends = _HANGUL_ENDS.encode(GB18030)
    return len(hanzi) >= _FEW and all(c.encode(GB18030) <= ends for c in hanzi)


def _description(sample: bytes, line: int, mixed: int | None) -> str:
    """What is wrong with the text, for the refusal: line, byte, and the likely encoding."""
    if mixed is not None:
        return f"line {mixed} is UTF-8 and others are GB18030"
    utf8 = lenient(sample, "utf-8")
    at = utf8.find(BAD)
    here = line + utf8.count("\n", 0, at) + 1
    start = utf8.rfind("\n", 0, at) + 1
    byte = len(utf8[start:at].encode()) + 1
    place = f"line {here}, byte {byte} of it, is not UTF-8, and the text does not read as GB18030"
    name = _name(sample)
    return f"{place}; it looks like {name}" if name else place


def _name(sample: bytes) -> str | None:
    """The other encoding that fits best, if one fits."""
    best: tuple[float, str] | None = None
    for name, codec in _OTHERS:
        text = lenient(sample, codec)
        codes = _codes(text)
        codes = codes[codes > 0x7F]
        bad = text.count(BAD) + int(np.count_nonzero((codes >= 0xE000) & (codes < 0xF900)))
        if not len(codes) or bad > len(codes) / 10:
            continue
        share = _own(codec, text, codes) - bad / len(codes)
        if share > 0.3 and (best is None or share > best[0]):
            best = (share, name)
    return best[1] if best else None


def _own(codec: str, text: str, codes: NDArray[np.uint32]) -> float:
    """Share of characters that are typical of the encoding: kana, hangul, frequent hanzi."""
    if codec == "big5hkscs":  # the first of its two planes, sorted by use
        plane = [c.encode(codec) for c in text if "\u4e00" <= c <= "\u9fff"]
        return sum(b[0] <= 0xC6 for b in plane) / len(codes)
    if codec == "cp932":  # kana and the first level of JIS
        both = text.encode(codec, errors="ignore")
        leads = sum(both.count(bytes((lead,))) for lead in (0x82, 0x83, *range(0x88, 0x99)))
        return min(leads / len(codes), 1)
    first, last = _HANGUL if codec == "euc_kr" else _KANA
    own = (codes >= first) & (codes <= last)
    return float(np.count_nonzero(own)) / len(codes)
