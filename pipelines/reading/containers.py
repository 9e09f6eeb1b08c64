"""What a file really is, whatever its name says; zip and gz are opened, within limits.

Only containers: the text or sheet inside is read by other modules.
"""

from __future__ import annotations

import codecs
import gzip
import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path, PurePosixPath
from typing import IO

from pipelines.reading.answers import kind_of
from pipelines.reading.judging import wide_encoding
from pipelines.reading.refusals import FileRefused
from pipelines.settings import Settings


class Content(StrEnum):
    """Kinds of content, as the first bytes show."""

    TEXT = "text"
    XLSX = "xlsx"
    XLSB = "xlsb"
    ODS = "ods"
    XLS = "xls"
    ZIP = "zip"
    GZIP = "gz"


WORKBOOKS = frozenset({Content.XLSX, Content.XLSB, Content.ODS, Content.XLS})
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TEXT_FOR_A_NUL = 50  # bytes of text per NUL: one or two are damage, many mean binary content
_OTHER_MAGIC = {
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"Rar!": "RAR",
    b"7z\xbc\xaf": "7z",
    b"\x7fELF": "ELF",
    b"SQLite format": "SQLite",
    b"PAR1": "Parquet",
}
_CHUNK = 1024 * 1024
#: Errors of a zip that is inconsistent or uses an unknown compression.
_DAMAGE = (zipfile.BadZipFile, EOFError, zlib.error, OSError, NotImplementedError)


@dataclass(frozen=True)
class Member:
    """A piece of a file that may hold tables: the file itself, or a member of an archive."""

    name: str
    content: Content
    path: Path
    inner: str | None = None  # member name inside a zip
    gzipped: bool = False


class _Counted(io.RawIOBase):
    """A stream that refuses to yield more than `limit` bytes."""

    def __init__(self, raw: IO[bytes], limit: int) -> None:
        self._raw, self._left, self._limit = raw, limit, limit

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]  # io's own stub type
        try:
            got = self._raw.read(len(buffer))
        except _DAMAGE as error:
            raise FileRefused("file.damaged", str(error)) from error
        self._left -= len(got)
        if self._left < 0:
            raise FileRefused("file.too_large", f"more than {self._limit:,} bytes")
        buffer[: len(got)] = got
        return len(got)


def _sniff(head: bytes, path: Path | None) -> Content:
    if head[:4] == b"PK\x03\x04" or head[:4] == b"PK\x05\x06":
        return _sniff_zip(path) if path else Content.ZIP
    if head[:2] == b"\x1f\x8b":
        return Content.GZIP
    if head[:8] == _OLE:
        return Content.XLS
    for magic, name in _OTHER_MAGIC.items():
        if head.startswith(magic):
            raise FileRefused("file.not_a_table", f"content is {name}")
    if wide := wide_encoding(head):
        raise FileRefused("file.encoding", f"it looks like {wide}")
    is_utf16 = head[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if not is_utf16 and head.count(b"\x00") * _TEXT_FOR_A_NUL > len(head):
        raise FileRefused("file.not_a_table", "content is binary")
    if what := kind_of(head):
        raise FileRefused("file.not_a_table", f"content is {what}")
    return Content.TEXT


def _open_zip(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefused("file.damaged", f"zip: {error}") from error


def _opened(packed: zipfile.ZipFile, member: zipfile.ZipInfo | str) -> IO[bytes]:
    try:
        return packed.open(member)
    except _DAMAGE as error:
        raise FileRefused("file.damaged", f"zip: {error}") from error


def _sniff_zip(path: Path) -> Content:
    with _open_zip(path) as packed:
        names = set(packed.namelist())
        if "xl/workbook.xml" in names:
            return Content.XLSX
        if "xl/workbook.bin" in names:
            return Content.XLSB
        if "mimetype" in names and "content.xml" in names:
            return Content.ODS
    return Content.ZIP


def _zip_name(info: zipfile.ZipInfo) -> str:
    # without the UTF-8 flag Python reads the name as CP437; Chinese tools mean GB18030
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def _zip_members(path: Path, limits: Settings) -> Iterator[Member]:
    with _open_zip(path) as packed:
        infos = [i for i in packed.infolist() if not i.is_dir()]
        total = sum(i.file_size for i in infos)
        if total > limits.max_unpacked_bytes:
            raise FileRefused("file.too_large", f"declares {total:,} bytes")
        for info in infos:
            name = _zip_name(info)
            parts = PurePosixPath(name.replace("\\", "/"))
            if parts.is_absolute() or ".." in parts.parts or ":" in parts.parts[0]:
                raise FileRefused("file.unsafe_path", name)
            if info.flag_bits & 0x1:
                raise FileRefused("file.password", name)
            if "__MACOSX" in parts.parts or parts.name.startswith("."):
                continue
            with _opened(packed, info) as inside:
                try:
                    head = inside.read(4096)
                except _DAMAGE as error:
                    raise FileRefused("file.damaged", f"{name}: {error}") from error
            if not head:
                continue
            content = _sniff(head, None)
            if content in (Content.ZIP, Content.GZIP):
                # a workbook is a zip itself: only its members show which
                with _opened(packed, info) as inside:
                    content = _nested(inside, info.file_size, name, limits)
            yield Member(name, content, path, inner=info.filename)


def _nested(inside: IO[bytes], size: int, name: str, limits: Settings) -> Content:
    if size > limits.max_workbook_bytes:
        raise FileRefused("file.too_large", name)
    try:
        data = io.BytesIO(inside.read())
    except _DAMAGE as error:
        raise FileRefused("file.damaged", f"{name}: {error}") from error
    if zipfile.is_zipfile(data):
        with zipfile.ZipFile(data) as packed:
            names = set(packed.namelist())
            for mark, content in (
                ("xl/workbook.xml", Content.XLSX),
                ("xl/workbook.bin", Content.XLSB),
                ("content.xml", Content.ODS),
            ):
                if mark in names:
                    return content
    raise FileRefused("file.nested_archive", name)


def members(path: Path, name: str, limits: Settings) -> list[Member]:
    """The pieces of a file that may hold tables. Raises FileRefused.

    `name`, under which the file came, is only for messages; the content decides.
    """
    with path.open("rb") as raw:
        head = raw.read(4096)
    if not head.strip():
        raise FileRefused("file.empty")
    content = _sniff(head, path)
    if content is Content.ZIP:
        found = list(_zip_members(path, limits))
        if not found:
            raise FileRefused("file.empty", "an archive without members")
        return found
    if content is Content.GZIP:
        with open_member(Member(name, Content.TEXT, path, gzipped=True), limits) as stream:
            inner = _sniff(stream.read(4096) or b"", None)
        if inner is Content.ZIP or inner is Content.GZIP:
            raise FileRefused("file.nested_archive", name)
        return [Member(name, inner, path, gzipped=True)]
    return [Member(name, content, path)]


@contextmanager
def open_member(member: Member, limits: Settings) -> Iterator[IO[bytes]]:
    """The member's bytes as a stream that stops at the size limit. Raises FileRefused."""
    packed_size = max(member.path.stat().st_size, 1)
    limit = limits.max_unpacked_bytes
    if member.inner is not None or member.gzipped:
        # text compresses 5–20 times; far beyond that is a bomb, but small files get some room
        limit = min(limit, max(packed_size * limits.max_expansion, 64 * _CHUNK))
    if member.gzipped:
        with gzip.open(member.path) as raw:
            yield io.BufferedReader(_Counted(raw, limit), _CHUNK)  # type: ignore[arg-type]
    elif member.inner is not None:
        with _open_zip(member.path) as packed, _opened(packed, member.inner) as raw:
            yield io.BufferedReader(_Counted(raw, limit), _CHUNK)
    else:
        with member.path.open("rb") as plain:
            yield plain
