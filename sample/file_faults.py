"""Files that a load must refuse, recognise as repeated, or treat as replaced.

Whole files only: their rows are copies of orders in clean files, or there are none.
`donation_faults` plants faults inside files.
"""

from __future__ import annotations

import gzip
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

import polars as pl

from sample.donation_faults import of_file
from sample.donation_files import SOURCE, Edit, ExportForm, record, write_page
from sample.gift_plan import Page
from sample.landing import Line, SampleFolder, Text, zipped
from sample.manifest import Faults, Planted, SampleTally, yuan
from sample.workbook import Sheet, workbook

#: Pages that come twice under one name, and the copy mark of the second; `some`: the first only.
COPY_MARKS = {
    ("back_office_gb", 2): " (1)",
    ("back_office_gb", 0): "_v2",
    ("back_office", 2): " 副本",
}
_BOMB_LINE = b"#" + b"0" * 1022 + b"\n"
_BOMB_BYTES = 80 * 1024 * 1024  # beyond the room that small archives get
_HEAD_ROWS = 40


@dataclass
class FileFaults:
    """Writes the faulty files around the clean pages."""

    landing: SampleFolder
    level: Faults
    when: Callable[[date], datetime]
    last_day: date  # of the campaign: nothing faulty arrives later than its export
    _head: tuple[ExportForm, pl.DataFrame] | None = field(default=None, init=False)

    def copy_mark(self, page: Page) -> str:
        """The copy mark of a page that replaces an earlier file; else empty."""
        marks = dict(list(COPY_MARKS.items())[: {"none": 0, "some": 1}.get(self.level)])
        return marks.get((page.form, page.day_no), "") if page.number == 1 else ""

    def before(self, page: Page, form: ExportForm, frame: pl.DataFrame, name: str) -> None:
        """Writes the earlier version of a page: two other amounts and three more orders."""
        edits: list[Edit] = []
        for i in range(5):
            row = min(frame.height - 1, 5 + i * 4)
            cells: dict[str, object] = form.render(frame.slice(row, 1)).row(0, named=True)
            fen = int(frame["fen"][row])
            key = str(frame["order_no"][row])
            if i < 2:
                fen += 900
                cells[form.heading_of("amount")] = yuan(fen)
            else:
                key = f"SYNGONE{page.day:%m%d}{len(form.columns):03d}{i:03d}"
                cells[form.heading_of("order_no")] = key
            kind = "restated" if i < 2 else "withdrawn"
            gone = Planted(kind, "row", SOURCE, outcome="superseded", key=key)
            line = Line(record(form, form.dialect, cells), "loaded", fen, (gone,))
            edits.append(Edit(row, (), line) if i < 2 else Edit(row, [line]))
        text = write_page(form, frame, edits)
        planted = [of_file("replaced_file", outcome="superseded"), *text.planted]
        self._write(
            name,
            text.to_bytes(),
            page.day,
            text.rows.moved_to("superseded"),
            "superseded",
            text=text,
            planted=planted,
        )

    def after(self, page: Page, form: ExportForm, frame: pl.DataFrame, written: Text) -> None:
        """Writes the same bytes again, or the same rows in another order."""
        if page.number != 1 or self.level == "none":
            return
        if (page.form, page.day_no) == ("back_office", 0):
            self._head = form, frame.head(_HEAD_ROWS)
        stem = f"{page.day:%Y%m%d}/synthetic_{page.day:%Y%m%d}"
        if (page.form, page.day_no) == ("open_platform", 1):
            self._write(
                f"{stem}_sent_again.jsonl",
                written.to_bytes(),
                page.day,
                written.rows.moved_to("duplicate"),
                "duplicate",
                text=written,
                planted=[of_file("same_bytes", outcome="duplicate")],
            )
        if (page.form, page.day_no) == ("open_platform", 2):
            text = write_page(form, frame.reverse())
            self._write(
                f"{stem}_exported_again.jsonl",
                text.to_bytes(),
                page.day,
                text.rows.moved_to("superseded"),
                "reissue",
                text=text,
                planted=[of_file("same_rows", outcome="reissue")],
            )

    def refused(self) -> None:
        """Writes files that must be refused, each for one reason."""
        day = self.last_day
        if self.level == "none" or self._head is None:
            return
        form, frame = self._head
        whole = write_page(form, frame).to_bytes()
        without = write_page(form, frame, drop=lambda column: column == "amount").to_bytes()
        stem = f"{day:%Y%m%d}/合成数据_"
        self._refuse(f"{stem}缺金额列_{day:%Y%m%d}.csv", without, "file.no_heading", day)
        self._refuse("合成数据_补充订单.csv", whole, "file.undated", None)
        self._refuse(f"{stem}空文件_{day:%Y%m%d}.csv", b"", "file.empty", day)
        self._refuse(f"{stem}截图_{day:%Y%m%d}.xlsx", tiny_png(), "file.not_a_table", day)
        if self.level != "many":
            return
        page = "<html><body>合成数据：请登录后下载</body></html>".encode()
        self._refuse(f"{stem}登录页_{day:%Y%m%d}.xls", page, "file.not_a_table", day)
        self._refuse(f"{stem}加密_{day:%Y%m%d}.xlsx", encrypted_package(), "file.password", day)
        book = workbook([Sheet("Sheet1", [["合成数据", form.headings[0]]], far_cell=True)])
        self._refuse(f"{stem}虚报尺寸_{day:%Y%m%d}.xlsx", book, "file.too_slow", day)
        self._refuse(
            f"{stem}残缺_{day:%Y%m%d}.zip", zipped("a.csv", whole)[:-60], "file.damaged", day
        )
        inner = zipped("b.csv", whole)
        self._refuse(
            f"{stem}套娃_{day:%Y%m%d}.zip", zipped("b.zip", inner), "file.nested_archive", day
        )
        self._refuse(
            f"{stem}越界_{day:%Y%m%d}.zip", zipped("../../c.csv", whole), "file.unsafe_path", day
        )
        filling = _BOMB_LINE * (_BOMB_BYTES // len(_BOMB_LINE))
        bomb = gzip.compress(whole + filling, 9, mtime=0)
        self._refuse(f"{stem}压缩炸弹_{day:%Y%m%d}.csv.gz", bomb, "file.too_large", day)
        other = "訂單號,項目編號,捐款金額\nSYN00000001,97,合成資料\n".encode("big5")
        self._refuse(f"{stem}乱码_{day:%Y%m%d}.csv", other, "file.encoding", day)
        one_line = b" ".join(whole.split())
        self._refuse(f"{stem}换行丢失_{day:%Y%m%d}.csv", one_line, "file.line_ends", day)
        total = ["合计"] + [""] * (len(form.headings) - 1)
        total[form.headings.index(form.heading_of("amount"))] = "100.00"
        empty = write_page(form, frame.head(0)).to_bytes() + f"{','.join(total)}\n".encode()
        self._refuse(f"{stem}只有合计_{day:%Y%m%d}.csv", empty, "file.no_rows", day)
        half = b'{"synthetic":true,"data":[{"transcode":"SYN00000001","pid":"97",'
        self._refuse(f"{day:%Y%m%d}/synthetic_half_{day:%Y%m%d}.json", half, "file.malformed", day)
        far = whole.decode().replace("合成数据", "合成数据 far ahead", 1).encode()
        self._refuse("合成数据_未来_20991231.csv", far, "file.future_date", date(2099, 12, 31))
        self._write(
            "合成数据_说明.md",
            "合成数据\n".encode(),
            day,
            SampleTally(),
            "ignored",
            planted=[of_file("extension_never_read", outcome="ignored")],
        )

    def _refuse(self, name: str, data: bytes, rule: str, day: date | None) -> None:
        kind = rule.removeprefix("file.")
        planted = of_file(kind, outcome="refused")
        planted.rule = rule
        self._write(name, data, day, SampleTally(), "refused", rule=rule, planted=[planted])

    def _write(
        self, name: str, data: bytes, day: date | None, rows: SampleTally, status: str, *,
        rule: str | None = None, text: Text | None = None, planted: list[Planted],
    ) -> None:  # fmt: skip # a table
        dialect = text.dialect if text else None
        described = "jsonl" if ".jsonl" in name else dialect.described if dialect else ""
        at = self.when(min(day or self.last_day, self.last_day))
        self.landing.write(
            SOURCE, name, data, at, rows=rows, partition=day,
            encoding=dialect.encoding if dialect else "", status=status, rule=rule,
            dialect=described if text else "", planted=planted,
        )  # fmt: skip # a table


def tiny_png() -> bytes:
    """A picture of one pixel, which is not a table, whatever its name says."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    pixel = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixel) + chunk(b"IEND", b"")


def encrypted_package() -> bytes:
    """The container that a password puts around a workbook, as far as its directory.

    Compound file of MS-CFB: header, one FAT sector, one directory sector that names the streams
    EncryptionInfo and EncryptedPackage (MS-OFFCRYPTO), and eight sectors of each.
    """
    free, end, fat_mark, sectors = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 8
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE,
        9, 6, 0, 1, 1, 0, 4096, end, 0, end, 0, 0,
    )  # fmt: skip # a table
    header += struct.pack("<108I", *[free] * 108)
    fat = [fat_mark, end]
    for first in (2, 2 + sectors):
        fat += [*range(first + 1, first + sectors), end]
    fat += [free] * (128 - len(fat))

    def entry(name: str, kind: int, start: int, size: int, child: int, right: int) -> bytes:
        raw = name.encode("utf-16-le")
        return struct.pack(
            "<64sHBBIII16sIQQIQ", raw, len(raw) + 2, kind, 1, free, right, child, b"", 0, 0, 0,
            start, size,
        )  # fmt: skip # a table

    size = sectors * 512
    directory = (
        entry("Root Entry", 5, end, 0, 1, free)
        + entry("EncryptionInfo", 2, 2, size, free, 2)
        + entry("EncryptedPackage", 2, 2 + sectors, size, free, free)
        + entry("", 0, 0, 0, free, free)
    )
    body = bytes(i * 7 % 251 for i in range(2 * size))
    return header + struct.pack("<128I", *fat) + directory + body
