"""Corrections of refused rows, as a person hands them in: read, judged, and kept in the archive.

    id, correction                     a row per line; of a workbook, all sheets that have both
    …:12, amount=5.00                  `column=text`, a line each; or a JSON object

All of a file's corrections are taken or none. The line is read again, with these cells in place of
the received ones, by the next refresh (`stages.load.corrections`).
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from pipelines.cleaning.identities import MASK, mask_text
from pipelines.reading.blocks import BAD_BYTES, TOTAL_ROW
from pipelines.settings import Settings
from pipelines.sources import SOURCES, Source
from pipelines.stages.load.reasons import SHIFTED
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.receipts import Correction

ID_HEADINGS = ("编号 id", "编号", "id", "quarantine_id")
CORRECTION_HEADINGS = ("更正 correction", "更正", "correction")
#: Rules of lines whose cells cannot be told apart: such a line is mended in its file.
_WHOLE_LINE = frozenset({*SHIFTED, BAD_BYTES, TOTAL_ROW})


class CannotCorrect(ValueError):  # noqa: N818 - reads as what it says
    """A file of corrections that is not taken; each line of the message is a fault and remedy."""


@dataclass(frozen=True)
class RefusedLine:
    """A quarantined row, as the published release has it."""

    quarantine_id: str
    source: str
    source_file_id: str
    rule_ids: tuple[str, ...]


def read_corrections(path: Path) -> list[tuple[str, str]]:
    """(quarantine id, text of its correction) of every row that has one. Raises CannotCorrect."""
    found: list[tuple[str, str]] = []
    has_headings = False
    for rows in _sheets(path):
        heads = [str(cell).strip() for cell in rows[0]] if rows else []
        key = next((heads.index(h) for h in ID_HEADINGS if h in heads), None)
        text = next((heads.index(h) for h in CORRECTION_HEADINGS if h in heads), None)
        if key is None or text is None:
            continue
        has_headings = True
        for row in rows[1:]:
            cells = [str(cell).strip() for cell in row] + [""] * len(heads)
            if cells[key] and cells[text]:
                found.append((cells[key], cells[text]))
    if not has_headings:
        raise CannotCorrect(
            f"{path.name}：没有“编号 id”与“更正 correction”两列，请填写 `juandi quarantine export "
            f"--out 文件.xlsx` 所写的工作簿 / {path.name}: no columns `id` and `correction`; "
            "fill in the workbook that `juandi quarantine export --out FILE.xlsx` writes"
        )
    return found


def _sheets(path: Path) -> Iterator[list[Sequence[object]]]:
    try:
        content = path.read_bytes()
        if path.suffix.lower() in (".xlsx", ".xlsm", ".xls", ".ods"):
            book = CalamineWorkbook.from_filelike(io.BytesIO(content))
            for name in book.sheet_names:
                yield list(book.get_sheet_by_name(name).to_python())
        else:
            yield list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    except (OSError, UnicodeDecodeError, CalamineError, csv.Error) as error:
        raise CannotCorrect(
            f"{path.name}：无法读取，请交 xlsx 或 UTF-8 的 csv / {path.name} cannot be read"
            f" ({type(error).__name__}): hand in xlsx, or csv in UTF-8"
        ) from error


def changes_of(source: Source, text: str) -> Mapping[str, str]:
    """Column → text of what a correction says. Raises CannotCorrect with the fault alone."""
    columns = {heading: c for c in source.columns for heading in c.accepted}
    changes: dict[str, str] = {}
    for name, value in _pairs(text):
        column = columns.get(name)
        if column is None:
            raise CannotCorrect(f"没有列 {mask_text(name)!r} / no column {mask_text(name)!r}")
        if column.personal:
            raise CannotCorrect(
                f"{column.zh}属个人信息，请在来源更正后重新提交整份文件 / {column.name} is "
                "personal: correct it at the source and hand in the whole file again"
            )
        if MASK in value or (not column.by_machine and mask_text(value) != value):
            raise CannotCorrect(
                f"{column.zh}的新值像个人信息或是遮盖文字，不予保存 / the new {column.name} looks "
                "like a person's number or a masked text, which is not kept"
            )
        if column.name in changes:
            raise CannotCorrect(f"{column.zh}写了两次 / {column.name} is given twice")
        changes[column.name] = value
    return changes


def _pairs(text: str) -> list[tuple[str, str]]:
    if text.startswith("{"):
        try:
            found = json.loads(text, parse_float=str, parse_int=str)
        except ValueError:
            raise CannotCorrect("更正不是合法的 JSON / the correction is no JSON object") from None
        return [(str(name).strip(), "" if v is None else str(v)) for name, v in found.items()]
    pairs = []
    for line in filter(None, map(str.strip, text.splitlines())):
        name, sign, value = line.replace("＝", "=", 1).partition("=")
        if not sign:
            raise CannotCorrect("更正须写成 列=值，每列一行 / write column=value, a line for each")
        pairs.append((name.strip(), value.strip()))
    return pairs


def hand_in(
    settings: Settings,
    path: Path,
    refused: Iterable[RefusedLine],
    reason: str,
    by: str,
    at: str,
) -> list[Correction]:
    """Keeps the corrections of a file, under the lock that the caller holds; returns the new ones.

    `refused` are the quarantined rows that are known. Their files are read again by the next
    refresh. Handing in the same again changes nothing. Raises CannotCorrect with every fault, and
    nothing kept.
    """
    catalog = Catalog(settings)
    known, before = {line.quarantine_id: line for line in refused}, catalog.corrections()
    said: dict[str, str] = {}
    faults: list[str] = []
    for quarantine_id, text in read_corrections(path):
        if said.setdefault(quarantine_id, text) != text:
            faults.append(f"{quarantine_id}：写了两种更正 / is corrected in two ways")
    handed_in = hashlib.sha256(path.read_bytes()).hexdigest()
    new: list[Correction] = []
    for quarantine_id, text in said.items():
        earlier = before.get(quarantine_id)
        try:
            source, file_id = _corrigible(known.get(quarantine_id), earlier)
            changes = changes_of(SOURCES[source], text)
        except CannotCorrect as fault:
            faults.append(f"{quarantine_id}：{fault}")
            continue
        if changes and (earlier is None or earlier.changes != changes):
            new.append(
                Correction(quarantine_id, source, file_id, changes, reason, by, at, handed_in)
            )
    if faults:
        raise CannotCorrect("\n".join(faults))
    # first the files are to be read again, then what they say changes: a crash between the two
    # costs a reading, and handing in again completes it
    read_again(settings, {correction.file_id for correction in new})
    if new:
        catalog.correct(new)
    return new


def _corrigible(line: RefusedLine | None, earlier: Correction | None) -> tuple[str, str]:
    """Source and file of a line that may be corrected. Raises CannotCorrect."""
    if line is None and earlier is not None:
        return earlier.source, earlier.file_id  # it loads as corrected, and may be again
    if line is None:
        raise CannotCorrect(
            "没有被隔离的这一行，见 `juandi quarantine list`；"
            "已入库的行请在来源更正后重新提交文件 / no such row is quarantined, "
            "see `juandi quarantine list`; a row that loaded is corrected "
            "at its source, in a new file"
        )
    if whole := _WHOLE_LINE.intersection(line.rule_ids):
        raise CannotCorrect(
            f"该行的各栏无法分辨（{', '.join(sorted(whole))}），请在来源更正后重新提交整份文件 / "
            "its cells cannot be told apart: correct the line at its source and hand in the "
            "whole file again"
        )
    return line.source, line.source_file_id


def read_again(settings: Settings, file_ids: set[str]) -> list[str]:
    """Lets the next refresh read these files again; returns the ids of those that had been read."""
    catalog = Catalog(settings)
    read = catalog.outcomes()
    found = [r for r in catalog.receipts() if r.file_id in file_ids and r.received_no in read]
    for receipt in found:
        catalog.forget(receipt.received_no)
    return [receipt.file_id for receipt in found]
