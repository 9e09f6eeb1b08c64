"""The checks of `juandi doctor` on the store, and its repairs.

`stages.store` compares bytes and restores; `doctor` checks the machine, settings and release.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from pipelines.cli.console import Exit, Trouble, complain
from pipelines.settings import BEIJING, Settings, SettingsError

if TYPE_CHECKING:
    from pipelines.stages.store.receipts import Receipt

_NAMED = 5  # files of a finding that are listed one by one


@dataclass(frozen=True)
class Finding:
    """The result of one check. `state` is ok, warning or problem; `advice` is empty if ok."""

    name: str
    state: str
    seen: str
    advice: str = ""


def _has_store(settings: Settings) -> bool:
    from pipelines.stages.store.catalog import Catalog

    catalog = Catalog(settings)
    return catalog.archive_file.exists() or catalog.journal.exists() or settings.archive.is_dir()


def key_trouble(settings: Settings) -> str | None:
    """What is wrong with the pseudonym key; None if it is the one used so far."""
    from pipelines.stages.load.keys import check_key
    from pipelines.stages.store.migration import OtherStore

    if not _has_store(settings):
        return None
    try:
        check_key(settings)
    except OtherStore:
        return None  # told of beside the catalogue
    except SettingsError as trouble:
        return str(trouble)
    return None


def store_findings(settings: Settings) -> Iterator[Finding]:
    """The catalogue and its journal, then every archived byte, then every part of the lake."""
    from pipelines.stages.store import restoring
    from pipelines.stages.store.migration import OtherStore

    if not _has_store(settings):
        yield Finding("归档 archive", "ok", "尚未收到文件 / nothing received yet")
        return
    try:
        trouble = restoring.catalogue_trouble(settings)
    except OtherStore as other:
        yield Finding("归档目录 catalogue", "problem", str(other), "juandi migrate --dry-run")
        return
    if trouble:
        yield Finding("归档目录 catalogue", "problem", trouble, "juandi doctor --repair")
        return
    journal = restoring.journal_trouble(settings)
    yield Finding(
        "归档目录 catalogue",
        "warning" if journal else "ok",
        journal or "完好 / intact",
        "juandi doctor --repair" if journal else "",
    )
    yield _files(
        "归档 archive",
        restoring.archive_troubles,
        settings,
        "放回收件目录 / put them back into landing",
    )
    lake = _files(
        "湖 lake",
        restoring.lake_troubles,
        settings,
        "juandi doctor --repair，或下一次更新，会重读它们 / "
        "juandi doctor --repair, or the next refresh, reads them again",
    )
    yield lake if lake.state != "ok" else _unread(settings) or lake


def _unread(settings: Settings) -> Finding | None:
    """Archived files of which the lake has nothing, or has it from other code; None if none."""
    from pipelines.stages.load.due import pending
    from pipelines.stages.store.catalog import Catalog
    from pipelines.stages.store.let_go import verdicts

    catalog = Catalog(settings)
    if catalog.lake_file.exists():
        count = len(pending(settings))
    else:  # opening its catalogue would make one, and nothing is changed here
        count = len(catalog.receipts()) - len(verdicts(catalog))
    if not count:
        return None
    seen = f"归档中 {count} 份文件尚未读入 / {count} archived files are not read yet"
    return Finding("湖 lake", "warning", seen, "juandi refresh")


def _files(
    name: str,
    look: Callable[[Settings], Sequence[tuple[Receipt, str]]],
    settings: Settings,
    advice: str,
) -> Finding:
    try:
        found = look(settings)
    except SettingsError as trouble:  # a catalogue that the next refresh rebuilds
        return Finding(name, "warning", str(trouble), "juandi refresh")
    if not found:
        return Finding(name, "ok", "每个字节都与写入时相同 / every byte is as it was written")
    listed = [f"{r.source}/{r.shown_name} {fault} ({r.file_id})" for r, fault in found[:_NAMED]]
    more = f" … 共 {len(found)} 份 files in all" if len(found) > _NAMED else ""
    return Finding(name, "warning", "; ".join(listed) + more, advice)


def repaired(settings: Settings) -> None:
    """Restores the archive's catalogue if it is damaged. Raises Trouble."""
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.stages.store.restoring import repair

    if not _has_store(settings):
        raise Trouble(f"没有可修复的归档 / nothing to repair: no archive in {settings.warehouse}")
    try:
        with refresh_lock(settings):
            done = repair(settings)
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    except FileNotFoundError as missing:
        raise Trouble(
            f"没有 {missing.filename}，无法恢复；请从备份恢复归档，或移走它并重新收取文件 / "
            f"without {missing.filename} the catalogue cannot be restored: restore the archive "
            "from a backup, or move it away and receive the files again"
        ) from None
    if done.rows or done.aside:
        complain(f"已恢复归档目录 catalogue restored: {done.rows} 条 rows")
    if done.aside:
        complain(f"损坏的目录已移至 the damaged catalogue was moved to {done.aside}")
    if done.damaged_lines:
        complain(f"日志有 {done.damaged_lines} 行无法读取 lines of the journal are unreadable")


def given_up(settings: Settings, file_id: str) -> None:
    """Records a person's decision to give up the rows of a lost file. Raises Trouble."""
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.stages.store.catalog import Catalog
    from pipelines.stages.store.healing import GIVEN_UP

    catalog = Catalog(settings)
    outcomes = catalog.outcomes() if _has_store(settings) else {}
    lost = [
        receipt
        for receipt in (catalog.receipts() if outcomes else ())
        if receipt.file_id == file_id
        and (outcomes.get(receipt.received_no) or ("", None))[1] is not None
        and (outcomes[receipt.received_no][1].refusal or "").startswith("file.lost")
    ]
    if not lost:
        raise Trouble(
            f"没有丢失的文件 {file_id}，见 juandi doctor / "
            f"no file {file_id} is lost; see juandi doctor"
        )
    try:
        with refresh_lock(settings):
            now = datetime.now(BEIJING)
            catalog.decide(file_id, GIVEN_UP, "given up with juandi doctor", now)
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    complain(
        f"已放弃 {lost[0].shown_name}，运行 `juandi refresh` 发布 / "
        f"given up {lost[0].shown_name}; run `juandi refresh` to publish without it"
    )
