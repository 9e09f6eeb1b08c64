"""The result of a refresh, as JSON for scripts and as one table for people.

Only adds up what the stages reported; money stays exact.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.cleaning.identities import mask_text
from pipelines.cli.console import Exit, complain, print_json, print_rows, shown, unquoted
from pipelines.cli.progress import STEPS
from pipelines.logs import is_json, log
from pipelines.publishing.machine import condition_of_text

if TYPE_CHECKING:
    from pipelines.publishing.releases import Release
    from pipelines.quality import GateResult
    from pipelines.stages.build.accounts import LoadRecord
    from pipelines.stages.fetch.faults import PullOutcome
    from pipelines.stages.fetch.night import FetchReport
    from pipelines.stages.receive.landing import Ignored

#: Most entries of a list that are printed one by one.
MOST_LEFT = 20
PARTS = ("read", "loaded", "quarantined", "duplicate", "superseded")
_ZH = {
    "read": "读取",
    "loaded": "入库",
    "quarantined": "隔离",
    "duplicate": "重复",
    "superseded": "取代",
}


@dataclass
class RefreshOutcome:
    """How a refresh ended: `status` is published, unchanged, blocked or failed.

    `seconds`: wall time of the whole; `phases`: of each step that was begun.
    """

    status: str
    seconds: float
    files_seen: int
    files_new: int
    release: Release | None = None
    loads: list[LoadRecord] = field(default_factory=list)
    gates: list[GateResult] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    phases: dict[str, float] = field(default_factory=dict)
    goes_on_from: str | None = None  # the release whose unchanged gifts were kept
    healed: list[str] = field(default_factory=list)  # what the store repaired, or could not
    left: list[Ignored] = field(default_factory=list)  # files in landing that were not received
    fetched: FetchReport | None = None  # what was pulled from elsewhere, and what could not be

    @property
    def exit(self) -> Exit:
        """0 published or nothing new, 1 nothing published."""
        return Exit.DONE if self.status in {"published", "unchanged"} else Exit.BLOCKED

    @property
    def held(self) -> list[LoadRecord]:
        """Files that wait for a decision; until then a gate blocks the release."""
        return [record for record in self.loads if record.status == "held"]

    @property
    def refused(self) -> list[LoadRecord]:
        """Files that could not be read; they are warnings and do not change the exit status."""
        return [record for record in self.loads if record.status == "refused"]


def totals(records: Iterable[LoadRecord]) -> dict[str, int | Decimal | None]:
    """Rows and yuan of law 1, added up."""
    taken = list(records)
    rows = {f"rows_{p}": sum(getattr(r, f"rows_{p}") for r in taken) for p in PARTS}
    money = {
        f"amount_{p}_cny": sum((getattr(r, f"amount_{p}_cny") for r in taken), Decimal("0.00"))
        for p in PARTS
    }
    return {"files": len(taken), **rows, **money}


def by_source(outcome: RefreshOutcome) -> dict[str, list[LoadRecord]]:
    """The files of the run by source, in loading order."""
    groups: dict[str, list[LoadRecord]] = {}
    for record in outcome.loads:
        groups.setdefault(record.source, []).append(record)
    return groups


def as_data(outcome: RefreshOutcome) -> dict[str, Any]:
    """The document that `--json` prints."""
    gates: Counter[str] = Counter(found.status for found in outcome.gates)
    return {
        "status": outcome.status,
        "exit_code": int(outcome.exit),
        "seconds": round(outcome.seconds, 3),
        "phases": {step: round(seconds, 3) for step, seconds in outcome.phases.items()},
        "release": vars(outcome.release) if outcome.release else None,
        "goes_on_from": outcome.goes_on_from,
        "files": {"seen": outcome.files_seen, "new": outcome.files_new},
        "sources": {name: totals(records) for name, records in by_source(outcome).items()},
        "refused": [
            {"source": r.source, "file_name": r.file_name, "reason": r.reason}
            for r in outcome.refused
        ],
        "store": outcome.healed,
        "held": [
            {
                "file_id": r.source_file_id,
                "source": r.source,
                "file_name": r.file_name,
                "reason": r.reason,
            }
            for r in outcome.held
        ],
        "left": [{"path": mask_text(i.path), "reason": i.reason} for i in outcome.left],
        "pulls": [_pull_data(pull) for pull in outcome.fetched.pulls] if outcome.fetched else [],
        "pull_faults": [vars(f) for f in outcome.fetched.faults] if outcome.fetched else [],
        "gates": {name: gates[name] for name in ("pass", "fail", "error", "skipped")},
        "findings": [
            {
                name: getattr(found, name)
                for name in (
                    *("rule_id", "table_name", "severity", "status", "observed"),
                    *("failing_rows", "description_zh", "description_en"),
                )
            }
            for found in outcome.gates
            if found.status in {"fail", "error"}
        ],
        "errors": outcome.errors,
    }


def _pull_data(pull: PullOutcome) -> dict[str, Any]:
    counts = ("pull", "source", "place", "offered", "unchanged", "empty", "bytes", "tries")
    return {
        **{name: getattr(pull, name) for name in counts},
        "new": len(pull.new),
        "failed": len(pull.failed),
    }


def show(outcome: RefreshOutcome, as_json: bool) -> None:
    """Writes the summary: JSON to stdout, or a table to stdout and sentences to stderr."""
    if is_json():
        _log(outcome)
    if as_json:
        print_json(as_data(outcome))
        return
    if outcome.loads:
        _table(outcome)
    if is_json():
        return
    for record in outcome.refused:
        complain(f"拒收 refused: {record.source}/{record.file_name}: {record.reason}")
    for record in outcome.held:
        complain(f"{record.source}: {record.reason}")
    for sentence in outcome.healed[:MOST_LEFT]:
        complain(sentence)
    if len(outcome.healed) > MOST_LEFT:
        complain(f"… 共 {len(outcome.healed)} 项，见 juandi doctor / in all; see juandi doctor")
    for ignored in outcome.left[:MOST_LEFT]:
        complain(f"未收 left in landing: {mask_text(ignored.path)}: {ignored.reason}")
    if len(outcome.left) > MOST_LEFT:
        complain(
            f"未收 left in landing: … 共 {len(outcome.left)} 份，见 ops.left_out / in all; see "
            "ops.left_out"
        )
    for fault in (outcome.fetched.faults if outcome.fetched else [])[:MOST_LEFT]:
        complain(f"未拉取 not pulled: {fault.sentence}")
    for found in outcome.gates:
        if found.status in {"fail", "error"}:
            observed = f"; {found.observed}" if found.observed else ""
            complain(
                f"关口 gate {found.status} [{found.severity}] {found.rule_id}: "
                f"{found.description_zh} / {found.description_en}{observed}"
            )
    for error in outcome.errors:
        complain(error)
    if len(outcome.phases) > 1:
        steps = ", ".join(f"{STEPS.get(s, s)} {sec:.1f}" for s, sec in outcome.phases.items())
        complain(f"各步秒数 seconds by step: {steps}")
    if outcome.goes_on_from:
        complain(f"沿用未变的捐赠，来自发布 unchanged gifts kept from {outcome.goes_on_from}")
    complain(_verdict(outcome))


def _log(outcome: RefreshOutcome) -> None:
    """What the lines of the night itself have not told: names and sentences about rows are left to
    the release."""
    for record in outcome.held:
        log("file_held", "error", source=record.source, file_id=record.source_file_id)
    if outcome.healed:
        log("store_healed", "warning", total=len(outcome.healed))
    if outcome.left:
        log("files_left", "warning", total=len(outcome.left))
    for fault in outcome.fetched.faults if outcome.fetched else []:
        log("pull_failed", "warning", source=fault.source, rule_id=fault.rule_id)
    for error in outcome.errors:
        found = condition_of_text(error)
        step, _, words = error.partition(": ")
        log(
            "step_failed", "error", step=step, condition=found.name if found else None,
            text=unquoted(words),
        )  # fmt: skip # one call


def _table(outcome: RefreshOutcome) -> None:
    rows = [(name, totals(records)) for name, records in by_source(outcome).items()]
    # amounts of different sources (gifts, projects' targets) cannot be added up
    rows.append(("合计 total", {**totals(outcome.loads), "amount_loaded_cny": None}))
    headings = [
        "来源 source",
        "文件 files",
        *(f"{_ZH[p]} {p}" for p in PARTS),
        "入库金额 CNY loaded",
    ]
    print_rows(
        headings,
        [
            (name, t["files"], *(t[f"rows_{p}"] for p in PARTS), t["amount_loaded_cny"])
            for name, t in rows
        ],
        right=range(1, len(headings)),
    )


def _verdict(outcome: RefreshOutcome) -> str:
    release, duration = outcome.release, f"{outcome.seconds:.1f} s"
    name = f"{release.release_id} (截至 as of {release.as_of})" if release else "—"
    counts = Counter(found.status for found in outcome.gates)
    gates = ", ".join(f"{shown(n)} {status}" for status, n in sorted(counts.items()))
    words = {
        "published": f"已发布 published: {name}; 关口 gates: {gates}",
        "unchanged": f"没有新内容 nothing is new; 当前发布 published: {name}",
        "blocked": f"关口阻断，未发布 a gate blocks this release; 当前发布 still published: {name}",
        "failed": f"未发布 not published; 当前发布 still published: {name}",
    }
    return f"{words[outcome.status]} · {duration}"
