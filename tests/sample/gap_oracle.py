"""A second opinion on review gaps: the rules of the review chains, in plain Python over the files.

Reads a sample's files as they lie in the landing folder (never the generator's objects), skips
the lines that the manifest says are refused, and lists every gap. Shares no code with dbt or
with the planting.
"""

from __future__ import annotations

import csv
import json
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

import openpyxl

from sample import Manifest

Gap = tuple[str, str | None, int, str]  # chain, subject, level, gap type
Cells = dict[str, str]


def _dropped(manifest: Manifest) -> dict[str, set[int]]:
    lines: dict[str, set[int]] = defaultdict(set)
    for planted in manifest.planted:
        if planted.path and planted.outcome in ("quarantined", "duplicate", "superseded"):
            lines[planted.path].update(planted.lines)
    return lines


def _table(path: Path) -> Iterator[tuple[int, list[str]]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            yield number, ["" if c is None else str(c) for c in row]
        return
    with path.open(encoding="utf-8", newline="") as raw:
        reader = csv.reader(raw)
        for row in reader:
            yield reader.line_num, row


def read(out: Path, manifest: Manifest, source: str, heading: str) -> list[tuple[date, Cells]]:
    """(partition, row) of every loaded file of a register, in order of receipt."""
    dropped = _dropped(manifest)
    rows: list[tuple[date, Cells]] = []
    files = [f for f in manifest.files if f.source == source and f.status == "loaded"]
    for facts in sorted(files, key=lambda f: f.modified_at):
        names: list[str] | None = None
        for number, cells in _table(out / facts.path):
            if names is None:
                names = cells if heading in cells else None
            elif number not in dropped[facts.path]:
                day = date.fromisoformat(str(facts.partition))
                rows.append((day, dict(zip(names, cells, strict=False))))
    return rows


def newest(rows: list[tuple[date, Cells]], scope: str) -> list[Cells]:
    """Of each value of the scope the rows of its newest partition."""
    last: dict[str, date] = {}
    for day, row in rows:
        last[row[scope]] = max(day, last.get(row[scope], day))
    return [row for day, row in rows if day == last[row[scope]]]


def _moment(text: str) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _projects(
    out: Path, manifest: Manifest
) -> tuple[dict[str, tuple[str, str]], dict[str, list[date]]]:
    """Parties by project, and the days on which exports first show a raised target."""
    parties: dict[str, tuple[str, str]] = {}
    targets: dict[str, dict[date, float]] = defaultdict(dict)
    dropped = _dropped(manifest)
    for facts in manifest.files:
        if facts.source != "tencent_projects" or facts.status != "loaded":
            continue
        day, path = date.fromisoformat(str(facts.partition)), out / facts.path
        if path.suffix == ".jsonl":
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                if number not in dropped[facts.path]:
                    told = json.loads(line)
                    parties[told["project_no"]] = (told["org_uscc"], told["funder_uscc"])
                    targets[told["project_no"]][day] = told["target"] / 100
            continue
        names: list[str] | None = None
        for number, cells in _table(path):
            if names is None:
                names = cells if "项目编号" in cells else None
            elif number not in dropped[facts.path]:
                row = dict(zip(names, cells, strict=False))
                targets[row["项目编号"]][day] = float(row["筹款目标"])
    raises: dict[str, list[date]] = defaultdict(list)
    for number_, by_day in targets.items():
        days = sorted(by_day)
        for before, after in pairwise(days):
            if by_day[before] > 0 and (by_day[after] > by_day[before] or by_day[after] == 0):
                raises[number_].append(after)
    return parties, raises


def find_gaps(out: Path, manifest: Manifest, as_of: date) -> list[Gap]:
    """Every gap of every chain, sorted."""
    parties, raises = _projects(out, manifest)
    campaigns = newest(read(out, manifest, "campaigns", "活动编号"), "活动编号")
    chains: dict[str, list[Cells]] = defaultdict(list)
    for row in newest(read(out, manifest, "review_chains", "审查链编号"), "审查链编号"):
        chains[row["审查链编号"]].append(row)
    entries = newest(read(out, manifest, "campaign_entries", "项目编号"), "活动编号")
    records: dict[str, dict[str, list[Cells]]] = defaultdict(lambda: defaultdict(list))
    for row in newest(read(out, manifest, "review_records", "记录编号"), "审查链编号"):
        records[row["审查链编号"]][row["对象编号"]].append(row)
    gaps: list[Gap] = []
    for chain_id, levels in chains.items():
        using = {c["活动编号"] for c in campaigns if c["审查链编号"] == chain_id}
        entered = {e["项目编号"]: e for e in entries if e["活动编号"] in using}
        levels.sort(key=lambda v: int(v["层级"]))
        chain = _Chain(chain_id, levels, bool(using), as_of)
        for subject in sorted(set(entered) | set(records[chain_id])):
            party = parties.get(subject, ("", ""))
            own = records[chain_id][subject]
            chain.subject(subject, own, entered.get(subject), party, raises.get(subject, []))
        gaps += chain.gaps + chain.shortfalls()
    return sorted(gaps, key=lambda g: (g[0], g[1] or "", g[2], g[3]))


class _Chain:
    def __init__(self, chain_id: str, levels: list[Cells], used: bool, as_of: date) -> None:
        self.chain_id, self.levels, self.used, self.as_of = chain_id, levels, used, as_of
        self.gaps: list[Gap] = []
        self.eligible = 0
        self.sampled: dict[int, int] = defaultdict(int)
        self.last_all = max(int(v["层级"]) for v in levels if v["覆盖方式"] == "全部")

    def _gap(self, subject: str | None, level: int, kind: str) -> None:
        self.gaps.append((self.chain_id, subject, level, kind))

    def subject(
        self, subject: str, records: list[Cells], entry: Cells | None,
        party: tuple[str, str], raises: list[date],
    ) -> None:  # fmt: skip
        effective: dict[int, Cells] = {}
        for r in sorted(records, key=lambda r: (int(r["轮次"]), r["决定时间"] or "9")):
            effective[int(r["层级"])] = r
        admitted = entry is not None and entry["入场结果"] == "入场"
        through = self.last_all in effective and effective[self.last_all]["决定"] == "通过"
        self.eligible += through
        for rule in self.levels:
            level = int(rule["层级"])
            everybody = rule["覆盖方式"] == "全部"
            record = effective.get(level)
            if record is None:
                if everybody and (admitted or any(k > level for k in effective)):
                    self._gap(subject, level, "missing_level")
                continue
            if not everybody and through and record["决定"]:
                self.sampled[level] += 1
            self._judge(subject, level, rule, record, effective, party, admitted=admitted)
            at_level = [r for r in records if int(r["层级"]) == level]
            self._conflicting(subject, level, at_level)
            if everybody and entry:
                self._go_live(subject, level, record, at_level, entry)
        decided = [_moment(r["决定时间"]) for r in records if r["决定时间"]]
        last = max((d for d in decided if d), default=None)
        if through and last and any(day > last.date() for day in raises):
            self._gap(subject, self.last_all, "stale_after_goal_raise")
        if entry is None and self.used:
            for level in sorted({int(r["层级"]) for r in records}):
                self._gap(subject, level, "unknown_subject")

    def _judge(
        self, subject: str, level: int, rule: Cells, record: Cells,
        effective: dict[int, Cells], party: tuple[str, str], *, admitted: bool,
    ) -> None:  # fmt: skip
        decision, decided = record["决定"], _moment(record["决定时间"])
        if admitted and (
            decision in ("退回", "不通过") or (not decision and "全" in rule["覆盖方式"])
        ):
            self._gap(subject, level, "admitted_without_pass")
        earlier = [
            _moment(effective[k]["决定时间"])
            for k in effective
            if k < level and self.levels[k - 1]["覆盖方式"] == "全部"
        ]
        if decided and any(e and decided < e for e in earlier):
            self._gap(subject, level, "out_of_order")
        before = effective.get(level - 1)
        forbidden = {
            "initiator": party[0],
            "supporter": party[1],
            "previous_reviewer": before["审查单位统一社会信用代码"] if before else "",
        }
        reviewer = record["审查单位统一社会信用代码"]
        if any(forbidden[w] == reviewer for w in rule["须回避"].split(";") if w):
            self._gap(subject, level, "conflict_of_interest")
        if rule["需要佐证"] == "是" and decision == "通过" and int(record["佐证数量"]) == 0:
            self._gap(subject, level, "no_evidence")
        submitted = datetime.fromisoformat(record["提交时间"]).date()
        until = decided.date() if decided else self.as_of
        if (until - submitted).days > int(rule["时限天数"]):
            self._gap(subject, level, "late")

    def _conflicting(self, subject: str, level: int, records: list[Cells]) -> None:
        rounds: dict[str, set[str]] = defaultdict(set)
        for r in records:
            if r["决定"]:
                rounds[r["轮次"]].add(r["决定"])
        if any(len(said) > 1 for said in rounds.values()):
            self._gap(subject, level, "conflicting_decisions")

    def _go_live(
        self, subject: str, level: int, record: Cells, records: list[Cells], entry: Cells
    ) -> None:
        live, decided = _moment(entry["上线时间"]), _moment(record["决定时间"])
        if live is None or decided is None or decided <= live:
            return
        passed = [_moment(r["决定时间"]) for r in records if r["决定"] == "通过"]
        if not any(p and p <= live for p in passed):
            self._gap(subject, level, "decided_after_go_live")

    def shortfalls(self) -> list[Gap]:
        found: list[Gap] = []
        for rule in self.levels:
            if rule["覆盖方式"] == "抽查":
                level, share = int(rule["层级"]), float(rule["抽查比例"].rstrip("%")) / 100
                if self.sampled[level] < share * self.eligible:
                    found.append((self.chain_id, None, level, "sample_shortfall"))
        return found
