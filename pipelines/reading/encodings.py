"""Text in any supported encoding, as blocks of UTF-8.

UTF-8 (with or without BOM), UTF-16 with BOM, GB18030 (which includes GBK and GB2312). If the
beginning of a text does not show which, `judging` decides. A byte that fits no character, or a NUL,
becomes a mark that identifies its row; it is never repaired.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO

import polars as pl

from pipelines.reading.blocks import BAD_BYTES, MISFIT, SHORT, Block

#: Bytes per call: Python's decoders hold the interpreter lock until they are done, and the thread
#: that processes the previous block must not wait for a whole block to be decoded.
_DECODED_AT_ONCE = 128 * 1024

UTF8, UTF8_MARK, UTF16, GB18030 = "utf-8", "utf-8-sig", "utf-16", "gb18030"

#: Replaces bytes that are no character; a Unicode noncharacter, so no text contains it.
BAD = "\ufdd0"
_BAD_ERRORS = "juandi-bad"
codecs.register_error(_BAD_ERRORS, lambda error: (BAD, getattr(error, "end", 0)))


class ReadAgain(Exception):  # noqa: N818 - a finding, not a mistake
    """A file is not what its beginning promised: it must be surveyed whole and read again."""


class NotUtf8(ReadAgain):
    """Text that began as UTF-8 contains bytes that are not UTF-8."""


def utf8_tail(block: bytes) -> int:
    """How many bytes at the end of `block` belong to a character that is continued after it."""
    for back in range(1, min(4, len(block)) + 1):
        byte = block[-back]
        if byte & 0b1100_0000 == 0b1000_0000:
            continue
        need = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
        return back if need > back else 0
    return 0


def is_utf8(block: bytes) -> bool:
    """True when `block` is UTF-8, up to a character cut off at its end."""
    whole = block[: len(block) - utf8_tail(block)]
    try:  # polars validates several times faster than bytes.decode
        pl.Series([whole], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def lenient(data: bytes, encoding: str) -> str:
    """`data` decoded, with `BAD` for bytes that are no character."""
    return data.decode(encoding, errors=_BAD_ERRORS)


def detect(head: bytes) -> str | None:
    """The encoding of text that begins with `head`: by its BOM, else UTF-8 if `head` is valid.

    None if it is neither. Beyond `head` UTF-8 is a guess; reading raises `NotUtf8` where it was
    wrong.
    """
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return UTF16
    if not is_utf8(head):
        return None
    return UTF8_MARK if head.startswith(codecs.BOM_UTF8) else UTF8


class Utf8Blocks:
    """`stream` as UTF-8 bytes, block by block; a character cut off at the end stays cut off.

    `is_damaged` becomes True before the first block with `BAD` is yielded. `is_as_it_is`: UTF-8 is
    passed on without decoding, unless it is known to be damaged. Only where it `is_beginning` does
    a text have a BOM.
    """

    def __init__(
        self,
        stream: IO[bytes],
        encoding: str,
        block_bytes: int,
        *,
        damaged: bool = False,
        is_beginning: bool = True,
    ) -> None:
        self.is_damaged = False
        self._is_beginning = is_beginning
        self._stream, self._size = stream, block_bytes
        self._encoding = UTF8 if encoding == UTF8_MARK else encoding
        self.is_as_it_is = self._encoding == UTF8 and not damaged

    def __iter__(self) -> Iterator[bytes]:
        for block in self._decoded():
            if b"\x00" in block:
                self.is_damaged = True
                block = block.replace(b"\x00", BAD.encode())
            yield block

    def _decoded(self) -> Iterator[bytes]:
        blocks = self._read()
        if self.is_as_it_is:
            yield from blocks
            return
        decoder = codecs.getincrementaldecoder(self._encoding)(_BAD_ERRORS)
        for block in blocks:
            slices = []
            for at in range(0, len(block), _DECODED_AT_ONCE):
                text = decoder.decode(block[at : at + _DECODED_AT_ONCE])
                self.is_damaged |= BAD in text
                slices.append(text.encode())
            yield b"".join(slices)
        if decoder.decode(b"", final=True):
            yield BAD.encode()[:1]

    def _read(self) -> Iterator[bytes]:
        block = self._stream.read(self._size)
        if self._is_beginning and block.startswith(codecs.BOM_UTF8):
            block = block.removeprefix(codecs.BOM_UTF8) or self._stream.read(self._size)
        while block:
            yield block
            block = self._stream.read(self._size)


def bad_rows(blocks: Iterator[Block], text: Utf8Blocks) -> Iterator[Block]:
    """`blocks` of rows of `text`, with rows that contain `BAD` marked as misfits."""
    texts = pl.selectors.string().exclude(MISFIT)
    bad = pl.any_horizontal(texts.str.contains(BAD, literal=True).fill_null(value=False))
    is_fit = pl.col(MISFIT).is_null() | (pl.col(MISFIT) == SHORT)
    misfit = pl.when(bad & is_fit).then(pl.lit(BAD_BYTES)).otherwise(pl.col(MISFIT))
    for block in blocks:
        if text.is_damaged:
            block = Block(block.frame.with_columns(misfit.alias(MISFIT)))
        yield block
