"""What `juandi trace` writes for people; the words of fates are those of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pipelines.cli.console import complain, print_rows
from pipelines.cli.trace_cell import TracedCell, line_of
from pipelines.cli.trace_worked import WorkedCell, print_worked, say
from pipelines.tracing.archive import KeptBytes
from pipelines.tracing.decided import Restated
from pipelines.tracing.lines import Place, TracedLine
from pipelines.tracing.references import reference_of
from pipelines.tracing.told import reference

if TYPE_CHECKING:
    from pages.data import Row
    from pipelines.tracing.numbers import KnownNumber

_LEFT_OUT = ("source_file_id", "source_sheet", "source_row", "export_date")
_MOST_COLUMNS = 6


def fate(line: TracedLine) -> str:
    """What became of a line, in short."""
    return say(f"codes.fate.{line.fate.value}")


def _where(place: Place | None) -> str:
    if place is None:
        return "—"
    sheet = f" [{place.sheet}]" if place.sheet else ""
    return f"{place.file_name}{sheet}" + (f":{place.line}" if place.line is not None else "")


def lines(found: Sequence[TracedLine]) -> None:
    """Lines one by one, with their text."""
    for line in found:
        account = line.account
        told: list[tuple[str, object]] = [
            ("编号 reference", reference(line.place)),
            ("文件 file", _where(line.place)),
            ("来源 source", account["source"]),
            ("分区 partition", account["partition"]),
            ("文件状态 file's status", account["status"]),
            ("sha256", account["sha256"]),
            ("后来 fate", f"{fate(line)}: {say(f'codes.fate_told.{line.fate.value}')}"),
        ]
        if account["reason"] is not None:
            told.append(("文件原因 file's reason", account["reason"]))
        if line.other is not None:
            told.append(("取而代之 instead", f"{_where(line.other)} ({reference(line.other)})"))
        if line.changed:
            told.append(("不同的列 differs in", ", ".join(line.changed)))
        if line.refused is not None:
            told.append(("规则 rules", line.refused["rule_ids"]))
            told.append(("原因 why", line.refused["reasons_zh"]))
            told.append(("", line.refused["reasons_en"]))
            told.append(("处理 state", _decided(line.refused)))
        if line.correction is not None:
            told.append(("经人更正 corrected", line.correction["corrected_columns"]))
            told.append(("", _decided(line.correction)))
        told += [("改动 restated", _restated(change)) for change in line.restated]
        for made in line.made:
            key = ", ".join(f"{name}={value}" for name, value in made.key.items())
            told.append(("发布行 row", f"{made.table} ({key})"))
        print_rows(("", ""), told)
        _text(line)


def _decided(row: Row) -> str:
    """What a person decided, why, who and when."""
    state = f"codes.state.{row.get('state') or 'open'}"
    parts = [say(state), row.get("state_reason"), row.get("decided_by"), row.get("decided_at")]
    return " · ".join(str(part) for part in parts if part is not None)


def _restated(change: Restated) -> str:
    """What a later file changed of the record, and the line that has it otherwise."""
    parts = [say(f"codes.change.{change.change}"), ", ".join(change.changed)]
    if change.old_cny is not None or change.new_cny is not None:
        parts.append(say("lines.amounts", old=change.old_cny, new=change.new_cny))
    if change.other_line is not None:
        other = reference_of(change.other_file, change.other_sheet, change.other_line)
        parts.append(f"{say('lines.before') if change.is_now else say('lines.after')} {other}")
    return " · ".join(part for part in parts if part)


def _text(line: TracedLine) -> None:
    if line.let_go is not None:
        at = f"{line.let_go.let_go_at:%Y-%m-%d %H:%M}"
        complain(say("lines.let_go", at=at, rule=line.let_go.rule))
    elif line.archive is not KeptBytes.WHOLE:
        complain(say(f"lines.{line.archive.value}"))
    elif line.archived is None:
        complain(say("lines.no_text"))
    else:
        headings = ("列名 heading", "契约列 column", "归档原文 archived text")
        print_rows(headings, [(v.heading, v.column or "", v.text) for v in line.archived.values])
        if line.archived.is_forgotten:
            complain(say("lines.forgotten"))


def cell(found: TracedCell | WorkedCell) -> None:
    """A figure, how it is counted, its files and its first rows."""
    if isinstance(found, WorkedCell):
        print_worked(found)
        return
    words, unit = found.column.words, found.column.unit
    key = ", ".join(f"{name}={found.row[name]}" for name in found.table.keys)
    compared: list[tuple[str, object]] = []
    if found.column.name in found.row:  # a part is no figure of the mart: nothing to compare
        is_equal = found.agrees
        compared = [("", f"＝ {say('rows.agrees')}" if is_equal else f"≠ {say('rows.differs')}")]
    told: list[tuple[str, object]] = [
        ("数 figure", f"{found.table.id}.{found.column.name} ({key})"),
        ("值 value", found.value),
        ("单位 unit", f"{unit.zh} / {unit.en}" if unit else "—"),
        ("口径 definition", words.text),
        ("取自 counted from", f"{found.behind.table}: {found.behind.told}"),
        (f"合计 {found.behind.aggregate}", found.counted),
        *compared,
        ("行 rows", found.count),
        ("发布 release", found.release_id),
    ]
    print_rows(("", ""), told)
    if found.files:
        headings = ("来源 source", "文件 file", "文件编号 file id", "行 rows")
        names = ("source", "file_name", "source_file_id", "rows")
        print_rows(headings, [tuple(f[n] for n in names) for f in found.files], right=(3,))
    if found.rows:
        shown = _columns(found)
        rows = [(*(row[n] for n in shown), line_of(row)) for row in found.rows]
        print_rows((*shown, "行的编号 line: juandi trace …"), rows)
    complain(f"显示 {len(found.rows)} / {found.count} 行 rows shown")


def _columns(found: TracedCell) -> list[str]:
    """The key's columns, then those that the figure is made of, then others."""
    names = [n for n in found.rows[0] if n not in _LEFT_OUT and not n.endswith("_key")]
    text = f"{found.behind.aggregate} {found.behind.where}"
    used = [n for n in names if n in text]
    return list(dict.fromkeys([*used, *names]))[:_MOST_COLUMNS]


def number(known: KnownNumber) -> None:
    """All that is known of a number: tables of the release, then lines of files."""
    if known.tables:
        print_rows(
            ("发布中的表 table", "列 columns", "行 rows"),
            [(t.table, ", ".join(t.columns), t.count) for t in known.tables],
            right=(2,),
        )
    headings = ("来源 source", "文件与行 file and line", "后来 fate", "取而代之 instead",
                "规则 rules", "编号 reference")  # fmt: skip # a list
    print_rows(headings, [
        (
            line.account["source"],
            _where(line.place),
            fate(line) + (f" ({', '.join(line.changed)})" if line.changed else ""),
            _where(line.other),
            line.refused["rule_ids"] if line.refused else None,
            reference(line.place),
        )
        for line in known.lines
    ])  # fmt: skip # a table
    shown = f"{len(known.lines)} / {max(known.lines_found, len(known.lines))}"
    complain(f"显示 {shown} 行 lines shown")
    if known.unsearched:
        complain(
            f"{known.unsearched} 份整份拒收的文件未查找 / {known.unsearched} files refused as a "
            "whole were not searched"
        )
