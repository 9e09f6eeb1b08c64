"""What a night has to tell: messages made of its outcome, each with a key by which it is told once.

No row, no sample and no name of a file's person is in a message: rules, counts, sources and what to
do. How messages are sent is `sending`'s.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb

from pipelines.cleaning.identities import mask_text
from pipelines.quality import load_suites
from pipelines.settings import Settings
from pipelines.sources import SOURCES
from pipelines.stages.fetch.faults import pull_faults

if TYPE_CHECKING:
    from pipelines.publishing.releases import Release
    from pipelines.quality import GateResult
    from pipelines.stages.build.accounts import LoadRecord

#: What may be told.
EVENTS = ("failure", "gate", "held", "pull", "stale", "digest")
_MOST_ERRORS = 5


@dataclass(frozen=True)
class News:
    """A message. `key` is the same for as long as it is the same news."""

    event: str
    key: str
    title: str
    body: str


@dataclass
class NightTold:
    """What came of a night, whoever started it."""

    status: str  # published, unchanged, blocked or failed
    release: Release | None
    errors: Sequence[str] = ()
    gates: Sequence[GateResult] = ()
    loads: Sequence[LoadRecord] = ()

    def knows(self, key: str) -> bool:
        """Whether news of this key would be among the night's if it still were any.

        A night that failed has weighed no rule and need not have come to the files.
        """
        return self.status != "failed" or key.partition(":")[0] in {"failure", "pull", "stale"}


def news_of(
    settings: Settings, night: NightTold, now: datetime, stale_hours: int
) -> Iterator[News]:
    """Every message of a night, told before or not. `now` is a Beijing instant."""
    if night.status == "failed":
        yield _failure(night)
    for found in night.gates:
        if found.status == "error" or (found.status == "fail" and found.severity == "critical"):
            yield _gate(found)
    yield from _held(night)
    faults = pull_faults(settings)
    for fault in faults:
        yield News(
            "pull",
            f"pull:{fault.pull}:{fault.file_name}:{fault.rule_id}",
            f"涓滴：拉取不到 / Juandi: not pulled: {fault.source}",
            fault.sentence,
        )
    if night.release is not None:
        yield from _stale(settings, night.release, now, stale_hours)
        if night.status in {"published", "unchanged"}:
            yield _digest(night, now.date(), len(faults))


def _failure(night: NightTold) -> News:
    errors = [mask_text(error) for error in night.errors[:_MOST_ERRORS]]
    digest = hashlib.sha256("\n".join(errors).encode()).hexdigest()[:16]
    last = night.release.release_id if night.release else "—"
    return News(
        "failure",
        f"failure:{digest}",
        "涓滴：更新失败 / Juandi: the refresh failed",
        "\n".join(
            [
                f"未发布，当前发布 {last} 不变 / nothing published; {last} stays.",
                *errors,
                "办法：按提示处理后运行 `juandi refresh`；`juandi doctor` 可查明机器与存储的状况。"
                " / What to do: mend it and run `juandi refresh`; `juandi doctor` looks at machine"
                " and store.",
            ]
        ),
    )


def _remedy(rule_id: str) -> str:
    """What to do, in both languages; of a rule that dbt asks, its model says it."""
    rules = (rule for suite in load_suites() for rule in suite.rules if rule.rule_id == rule_id)
    rule = next(rules, None)
    return f"{rule.remedy_zh} / {rule.remedy_en}" if rule else "检查该模型 / look at that model"


def _gate(found: GateResult) -> News:
    rows = "—" if found.failing_rows is None else f"{found.failing_rows:,}"
    what = "无法执行 could not run" if found.status == "error" else "不合格 failed"
    return News(
        "gate",
        f"gate:{found.rule_id}:{found.status}:{found.failing_rows}",
        f"涓滴：关口阻断发布 / Juandi: a gate blocks the release: {found.rule_id}",
        f"{found.rule_id} ({found.table_name}): {what}\n"
        f"{found.description_zh} / {found.description_en}\n"
        f"行数 rows: {rows}\n"
        f"办法 what to do: {_remedy(found.rule_id)}\n"
        "当前发布不变 / the last release stays.",
    )


def _held(night: NightTold) -> Iterator[News]:
    for record in night.loads:
        if record.status in {"held", "refused"}:
            yield News(
                "held",
                f"{record.status}:{record.source_file_id}",
                f"涓滴：文件{'待定' if record.status == 'held' else '被拒'} / Juandi: a file is"
                f" {record.status}: {record.source}",
                f"{record.file_name}: {record.reason}",
            )


def _stale(settings: Settings, release: Release, now: datetime, hours: int) -> Iterator[News]:
    with duckdb.connect(str(settings.published), read_only=True) as db:
        rows: list[tuple[str, date]] = db.execute(
            "select source, last_good_partition from ops.source_health where status = 'stale'"
        ).fetchall()
    for source, last in rows:
        yield News(
            "stale",
            f"stale:{source}:{last}",
            f"涓滴：来源滞后 / Juandi: a source is late: {source}",
            f"{SOURCES[source].title_zh} / {SOURCES[source].title_en}: 最新 newest {last}。"
            "办法：向提供方索取其后的导出 / What to do: ask for the exports since then.",
        )
    if now.date() - release.as_of > timedelta(hours=hours):
        yield News(
            "stale",
            f"stale::{release.as_of}",
            "涓滴：没有新数据 / Juandi: no new data",
            f"最新数据截至 {release.as_of} / the newest data is of {release.as_of}. "
            "办法：查看 `juandi status` 与收件目录 / What to do: see `juandi status` and landing.",
        )


def _digest(night: NightTold, day: date, not_pulled: int) -> News:
    release, warnings = night.release, [g for g in night.gates if g.status == "fail"]
    assert release is not None  # noqa: S101 - the caller looked
    read = sum(r.rows_read for r in night.loads)
    kept = sum(r.rows_loaded for r in night.loads)
    refused = sum(r.rows_quarantined for r in night.loads)
    return News(
        "digest",
        f"digest:{day}",
        f"涓滴日报 {day} / Juandi, the day's digest",
        f"发布 release {release.release_id}，截至 as of {release.as_of}: {night.status}\n"
        f"文件 files {len(night.loads):,}；读取 rows read {read:,}；入库 loaded {kept:,}；"
        f"隔离 quarantined {refused:,}\n"
        f"不合格的提醒 warnings {release.warnings:,}；拉取不到 not pulled {not_pulled:,}"
        + "".join(
            f"\n· {g.rule_id}: {g.description_zh} / {g.description_en}" for g in warnings[:10]
        ),
    )
