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


def _is_utf8(stream: IO[bytes], block_bytes: int) -> bool:
    carry = b""
    while block := stream.read(block_bytes):
        block = carry + block
        tail = utf8_tail(block)
        carry = block[len(block) - tail :]
        try:  # polars validates several times faster than bytes.decode
            pl.Series([block[: len(block) - tail]], dtype=pl.Binary).cast(pl.String)
        except pl.exceptions.PolarsError:
            return False
    return True  # a character cut off at the very end is a truncated file, not another encoding


def detect(stream: IO[bytes], block_bytes: int) -> str:
    """The encoding of the text in `stream`, read to its end: strict UTF-8 is tried first."""
    head = stream.read(4)
    if head.startswith(codecs.BOM_UTF8):
        return UTF8_MARK
    if head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return UTF16
    rest = _Prefixed(head, stream)
    return UTF8 if _is_utf8(rest, block_bytes) else GB18030  # type: ignore[arg-type]  # reads only


class _Prefixed:
    """A stream whose first bytes were already read."""

    def __init__(self, head: bytes, stream: IO[bytes]) -> None:
        self._head, self._stream = head, stream

    def read(self, size: int) -> bytes:
        head, self._head = self._head, b""
        return head + self._stream.read(size)


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
        try:
            yield decoder.decode(block).encode()
        except UnicodeError as error:
            at = offset + getattr(error, "start", 0)
            raise FileRefused("file.encoding", f"byte {at:,} fits no {encoding}") from error
        offset += len(block)
