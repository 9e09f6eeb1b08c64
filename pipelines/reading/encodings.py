"""Text in whatever encoding it came, as blocks of UTF-8 that end at the end of a line.

UTF-8 (with or without mark), UTF-16 with mark, GB18030 (which includes GBK and GB2312). Strict:
text that fits none of them is refused, never patched.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from typing import IO

import polars as pl

from pipelines.reading.refusals import FileRefused

#: A decoder of Python's holds the interpreter until it is done: whoever works on the block before
#: must not wait for a whole one to be decoded.
_DECODED_AT_ONCE = 128 * 1024

UTF8, UTF8_MARK, UTF16, GB18030 = "utf-8", "utf-8-sig", "utf-16", "gb18030"


def utf8_tail(block: bytes) -> int:
    """How many bytes at the end of `block` begin a character that goes on after it."""
    for back in range(1, min(4, len(block)) + 1):
        byte = block[-back]
        if byte & 0b1100_0000 == 0b1000_0000:
            continue
        need = 1 if byte < 0x80 else 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
        return back if need > back else 0
    return 0


class NotUtf8(Exception):  # noqa: N818 - what was found out, not a mistake
    """Text that began as UTF-8 goes on as something else: read it again as GB18030."""


def is_utf8(block: bytes) -> bool:
    """True when `block` is UTF-8, up to a character cut off at its end."""
    whole = block[: len(block) - utf8_tail(block)]
    try:  # polars validates several times faster than bytes.decode
        pl.Series([whole], dtype=pl.Binary).cast(pl.String)
    except pl.exceptions.PolarsError:
        return False
    return True


def detect(head: bytes) -> str:
    """The encoding of text that begins with `head`: by its mark, else UTF-8 if it can be.

    Beyond `head` this is a guess: who reads on as UTF-8 meets `NotUtf8` where it was wrong.
    """
    if head.startswith(codecs.BOM_UTF8):
        return UTF8_MARK
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return UTF16
    return UTF8 if is_utf8(head) else GB18030


def utf8_blocks(stream: IO[bytes], encoding: str, block_bytes: int) -> Iterator[bytes]:
    """`stream` as UTF-8 bytes, block by block; a character cut off at the end is left out.

    Raises FileRefused (file.encoding) with the offset of the first byte that does not fit.
    """
    if encoding in (UTF8, UTF8_MARK):
        if encoding == UTF8_MARK:
            stream.read(len(codecs.BOM_UTF8))
        while block := stream.read(block_bytes):
            yield block
        return
    decoder = codecs.getincrementaldecoder(encoding)()
    offset = 0
    while block := stream.read(block_bytes):
        slices = []
        for at in range(0, len(block), _DECODED_AT_ONCE):
            begun = len(decoder.getstate()[0])  # bytes of a character that the last slice cut
            try:
                slices.append(decoder.decode(block[at : at + _DECODED_AT_ONCE]).encode())
            except UnicodeError as error:
                byte = offset + at - begun + getattr(error, "start", 0)
                raise FileRefused("file.encoding", f"byte {byte:,} fits no {encoding}") from error
        yield b"".join(slices)
        offset += len(block)
