"""Writes files into the landing folder: bytes, fixed times, and their entry in the manifest.

Also the text builder, which knows its current line number. Callers provide the lines.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import os
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from pipelines.settings import BEIJING
from sample.manifest import Manifest, Outcome, Planted, SampleFile, SampleTally

NOTICE = "合成数据 Synthetic sample：全部记录由程序生成"
OnFile = Callable[[SampleFile], None]


@dataclass(frozen=True)
class Dialect:
    """How a text file is written."""

    separator: str = ","
    encoding: str = "utf-8"
    newline: str = "\n"
    mark: bytes = b""  # byte order mark

    def line(self, cells: Iterable[str]) -> str:
        """Cells as one record, quoted where needed, without the line break."""
        out = io.StringIO()
        csv.writer(out, delimiter=self.separator, lineterminator="").writerow(cells)
        return out.getvalue()

    @property
    def described(self) -> str:
        """For the manifest."""
        return f"csv {self.separator!r}"


UTF16 = Dialect(encoding="utf-16-le", mark=b"\xff\xfe", separator="\t")
GB18030 = Dialect(encoding="gb18030", newline="\r\n")


@dataclass(frozen=True)
class Line:
    """One record (it may span lines inside quotes) and its expected outcome."""

    text: str
    outcome: Outcome = "loaded"
    fen: int = 0
    planted: tuple[Planted, ...] = ()


@dataclass
class Text:
    """A text file being written; it fills in the line numbers of what is `planted`."""

    dialect: Dialect
    rows: SampleTally = field(default_factory=SampleTally)
    planted: list[Planted] = field(default_factory=list)
    lines: int = 0
    _parts: list[bytes] = field(default_factory=list)

    def block(self, data: bytes, rows: int, fen: int) -> None:
        """Adds UTF-8 records to be loaded, one per line, with their line breaks."""
        self._parts.append(data)
        self.lines += rows
        self.rows.add("loaded", rows, fen)

    def add(self, line: Line, *, cut: bool = False) -> None:
        """Adds one record; `cut` omits its line break (a last line cut off)."""
        for planted in line.planted:
            planted.lines.append(self.lines + 1)
            if not any(known is planted for known in self.planted):
                self.planted.append(planted)  # once, however many lines it spans
        # a line break inside quotes stays a bare LF, as spreadsheets write it
        self._parts.append((line.text + ("" if cut else self.dialect.newline)).encode())
        self.lines += 1 + line.text.count("\n")
        self.rows.add(line.outcome, 1, line.fen)

    def cells(self, cells: Iterable[str], outcome: Outcome = "aside", fen: int = 0) -> None:
        """Adds one record of cells."""
        self.add(Line(self.dialect.line(cells), outcome, fen))

    def to_bytes(self) -> bytes:
        """The file's bytes in its own encoding."""
        data = b"".join(self._parts)
        if self.dialect.encoding != "utf-8":
            data = data.decode().encode(self.dialect.encoding)
        return self.dialect.mark + data


def zipped(name: str, data: bytes) -> bytes:
    """A zip of one member, the same bytes every time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(name, (2024, 8, 5, 1, 0, 0)), data)
    return out.getvalue()


def zipped_as_gbk(members: Mapping[str, bytes]) -> bytes:
    """A zip whose names are GBK without a flag for the encoding, as Alipay writes it."""
    out = io.BytesIO()
    names = {name: name.encode("gb18030") for name in members}
    # Python cannot write such names: placeholders of the same length are replaced afterwards
    places = {name: f"{i}".rjust(len(raw), "~") for i, (name, raw) in enumerate(names.items())}
    with zipfile.ZipFile(out, "w") as packed:
        for name, data in members.items():
            info = zipfile.ZipInfo(places[name], (2024, 8, 5, 1, 0, 0))
            packed.writestr(info, data, zipfile.ZIP_DEFLATED)
    packed_bytes = out.getvalue()
    for name, raw in names.items():
        packed_bytes = packed_bytes.replace(places[name].encode(), raw)
    return packed_bytes


def gzipped(data: bytes) -> bytes:
    """A gzip without name or time, the same bytes every time."""
    return gzip.compress(data, mtime=0)


class SampleFolder:
    """The folder that a sample is written to. Raises FileExistsError if it is not empty."""

    def __init__(
        self, out: Path, manifest: Manifest, on_file: OnFile | None, folder: str = ""
    ) -> None:
        if out.exists() and any(out.iterdir()):
            raise FileExistsError(f"{out} is not empty: a sample needs an empty folder")
        out.mkdir(parents=True, exist_ok=True)
        self.out, self.manifest, self._on_file = out, manifest, on_file
        self._folder = folder  # inside of every source's own

    def write(
        self, source: str, name: str, data: bytes, at: datetime, *, rows: SampleTally,
        encoding: str = "utf-8", dialect: str = "", partition: date | None = None,
        status: str = "loaded", rule: str | None = None, planted: Iterable[Planted] = (),
    ) -> SampleFile:  # fmt: skip # a file's facts
        """Writes one file under `source`, dated `at` (Beijing time), with its manifest entry."""
        path = self.out / source / self._folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        moment = at.replace(tzinfo=BEIJING)
        nanos = int(moment.timestamp()) * 1_000_000_000
        os.utime(path, ns=(nanos, nanos))
        facts = SampleFile(
            source=source,
            path=path.relative_to(self.out).as_posix(),
            partition=partition.isoformat() if partition else None,
            sha256=hashlib.sha256(data).hexdigest(),
            bytes=len(data),
            modified_at=moment.isoformat(),
            encoding=encoding,
            dialect=dialect,
            status=status,
            rule=rule,
            rows=rows,
        )
        for one in planted:
            one.path = facts.path
            self.manifest.planted.append(one)
        self.manifest.files.append(facts)
        if self._on_file:
            self._on_file(facts)
        return facts

    def write_text(
        self, source: str, name: str, text: Text, at: datetime, partition: date | None
    ) -> SampleFile:
        """Writes a finished text that will be loaded; packed if the name ends in .gz or .zip."""
        data = text.to_bytes()
        dialect = "jsonl" if ".jsonl" in name else text.dialect.described
        if name.endswith(".gz"):
            data = gzipped(data)
        elif name.endswith(".zip"):
            data = zipped(Path(name).stem, data)
        return self.write(
            source,
            name,
            data,
            at,
            rows=text.rows,
            encoding=text.dialect.encoding,
            dialect=dialect,
            partition=partition,
            planted=text.planted,
        )
