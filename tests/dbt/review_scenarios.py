"""Random review chains as lake rows: seeded, small pools of values, so that edges collide often.

Days, hours and reviewers are drawn from few values on purpose: equal instants, the day of a
raise, the limit of days, a reviewer who is also the initiator all have to occur.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

Lake = dict[str, list[dict[str, Any]]]

AS_OF = date(2024, 8, 20)
FIRST_DAY = date(2024, 8, 1)
HOURS = (time(0), time(9), time(23, 59, 59))
BODIES = [f"5251000000000{n:04d}X" for n in range(7)]
WORDS = ("initiator", "supporter", "previous_reviewer")
SUBJECT_TYPES = ("project", "project", "project", "organization", "beneficiary")
OPINION = "意见原文不得公开"


def _meta(row: dict[str, Any], no: int, export: date = AS_OF, received: int = 1) -> dict[str, Any]:
    return row | {
        "export_date": export,
        "received_no": received,
        "source_file_id": f"file-{received}",
        "source_row": no,
    }


class Scenarios:
    """Builds one lake of many independent chains."""

    def __init__(self, seed: int, chains: int, subjects: int) -> None:
        self.random = Random(seed)  # noqa: S311 — a seeded test, no secret
        self.lake: Lake = defaultdict(list)
        self.no = 0
        self.numbers: Counter[str] = Counter()  # each register numbers from 1
        for n, uscc in enumerate(BODIES[:-1]):  # nobody names the last one
            self._organization(uscc, f"慈善会{n}")
        for n in range(chains):
            self._chain(f"chain-{n:03d}", subjects)

    def _add(self, table: str, row: dict[str, Any], **meta: Any) -> None:
        self.no += 1
        self.lake[table].append(_meta(row, self.no, **meta))

    def _instant(self, first: int = 0, last: int = 22) -> datetime:
        day = FIRST_DAY + timedelta(days=self.random.randint(first, last))
        return datetime.combine(day, self.random.choice(HOURS))

    def _organization(self, uscc: str, name: str) -> None:
        row = {"uscc": uscc, "is_uscc_valid": False, "name": name, "kind": "社会团体"}
        self._add("organizations", row)
        self._add("organizations", row | {"name": f"原{name}"}, export=FIRST_DAY)

    def _chain(self, chain_id: str, subjects: int) -> None:
        r = self.random
        kind = r.choice(SUBJECT_TYPES)
        count = r.randint(1, 6)
        self.tidy = r.choice((0.0, 0.1, 0.5, 0.9, 1.0))  # share of subjects with nothing wrong
        samples_only = r.random() < 0.1
        levels = []
        for no in range(1, count + 1):
            sample = samples_only or r.random() < 0.3
            words = r.sample(WORDS, r.choice((0, 0, 1, 2, 3)))
            level = {
                "chain_id": chain_id,
                "chain_name": f"链{chain_id}",
                "subject_type": kind,
                "level_no": no,
                "level_code": f"L{no}",
                "level_name": f"第{no}道审查",
                "coverage": "sample" if sample else "all",
                "required_share": r.choice((None, Decimal(0), Decimal("0.2"), Decimal("0.5"), 1))
                if sample
                else None,
                "must_differ_from": r.choice((";", " ； ")).join(words) or None,
                "sla_days": r.choice((None, 0, 3, 30)),
                "evidence_required": r.random() < 0.5,
            }
            levels.append(level)
            self._add("review_chains", level)
            if r.random() < 0.1:  # an older export said otherwise, and had a level more
                old = level | {"coverage": "all", "sla_days": 0, "level_no": no + 20}
                self._add("review_chains", old, export=FIRST_DAY)
        campaigns = [self._campaign(chain_id, n) for n in range(r.choice((0, 1, 1, 1, 2, 3)))]
        for n in range(r.choice((0, subjects, subjects, 2 * subjects))):
            self._subject(chain_id, kind, levels, campaigns, f"{chain_id}-s{n}")

    def _campaign(self, chain_id: str, n: int) -> str:
        campaign_id = f"{chain_id}-m{n}"
        starts = FIRST_DAY + timedelta(days=self.random.randint(0, 3))
        row = {
            "campaign_id": campaign_id,
            "name": f"活动{campaign_id}",
            "program_id": "p",
            "starts_on": starts,
            "ends_on": starts + timedelta(days=2),
            "host_uscc": self.random.choice((None, *BODIES[:2])),
            "host_name": "主办",
            "chain_id": chain_id,
        }
        self._add("campaigns", row)
        if self.random.random() < 0.2:  # it used another chain in an older export
            self._add("campaigns", row | {"chain_id": "chain-000"}, export=FIRST_DAY)
        return campaign_id

    def _subject(
        self, chain_id: str, kind: str, levels: list[Any], campaigns: list[str], subject: str
    ) -> None:
        r = self.random
        tidy = r.random() < self.tidy
        if kind == "project" and r.random() < 0.85:
            self._project(subject, tidy)
        if kind == "organization" and r.random() < 0.5:
            self._organization(subject, f"机构{subject}")
        for campaign in campaigns:
            if tidy or r.random() < 0.7:
                self._entry(campaign, kind, subject, tidy)
        if tidy:
            self._tidy_records(chain_id, levels, subject)
            return
        for level in levels[: r.choice((0, 1, 2, 9, 9))]:
            for _ in range(r.choice((0, 1, 1, 1, 2, 3))):
                self._record(chain_id, subject, level["level_no"])
        if r.random() < 0.1:
            self._record(chain_id, subject, 9)  # a level that the chain does not have
        if r.random() < 0.1:
            self._record(chain_id, subject, 1, export=FIRST_DAY)  # only an older export holds it

    def _project(self, project_no: str, tidy: bool) -> None:
        r = self.random
        target = r.choice((0, 100_00, 200_00))
        raised = not tidy or r.random() < 0.4  # the last pass of tidy ones lies on days 13 to 18
        for day in sorted(r.sample(range(12 if tidy else 0, 25), r.choice((1, 2, 3)))):
            row = {
                "project_no": project_no,
                "name": r.choice((f"项目{project_no}", "“山区”;童行'")),
                "org_name": "发起方",
                "org_uscc": r.choice((None, *BODIES[2:5])),
                "funder_org_name": "公募方",
                "funder_uscc": r.choice((None, *BODIES[3:6])),
                "state": "筹款中",
                "target_fen": target,
            }
            self._add("tencent_projects", row, export=FIRST_DAY + timedelta(days=day))
            target = r.choice((target, 0, 100_00, 200_00, 300_00)) if raised else target

    def _entry(self, campaign: str, kind: str, subject: str, tidy: bool) -> None:
        r = self.random
        result = "入场" if tidy else r.choice(("入场", "入场", "未入场", "待定"))
        applied = FIRST_DAY + timedelta(days=r.randint(0, 5))
        admitted = applied + timedelta(days=r.randint(0, 9)) if r.random() < 0.7 else None
        live = self._instant(21, 22) if tidy else self._instant()
        row = {
            "campaign_id": campaign,
            "project_no": f"{subject}-of-{campaign}" if kind == "organization" else subject,
            "applicant_uscc": subject if kind == "organization" else r.choice(BODIES[2:5]),
            "applied_on": applied,
            "domain": "其他类",
            "region_code": "510000",
            "result": result,
            "admitted_on": admitted if result == "入场" else None,
            "go_live_at": live if r.random() < 0.7 else None,
        }
        self._add("campaign_entries", row)
        if r.random() < 0.15:  # a second file of the partition, received earlier, says otherwise
            self._add("campaign_entries", row | {"result": "待定", "admitted_on": None}, received=0)

    def _tidy_records(self, chain_id: str, levels: list[Any], subject: str) -> None:
        """One pass per level in order, by bodies that nobody forbids."""
        for level in levels:
            if level["coverage"] == "sample" and self.random.random() < 0.2:
                continue
            at = datetime.combine(FIRST_DAY + timedelta(days=level["level_no"] + 12), time(9))
            body = f"{level['level_no']:018d}"
            self._write(chain_id, subject, level["level_no"], 1, body, at, at, "通过", 2)

    def _record(self, chain_id: str, subject: str, level_no: int, **meta: Any) -> None:
        r = self.random
        submitted = self._instant()
        decision = r.choice((None, "通过", "通过", "通过", "退回", "不通过"))
        decided = max(submitted, self._instant()) if decision else None
        self._write(
            chain_id, subject, level_no, r.randint(1, 2), r.choice(BODIES),
            submitted, decided, decision, r.choice((0, 1, 3)), **meta,
        )  # fmt: skip

    def _write(
        self, chain_id: str, subject: str, level_no: int, round_no: int, body: str,
        submitted: datetime, decided: datetime | None, decision: str | None, evidence: int,
        **meta: Any,
    ) -> None:  # fmt: skip
        self.numbers[chain_id] += 1
        row = {
            "record_no": f"R{self.numbers[chain_id]:04d}",
            "chain_id": chain_id,
            "subject_id": subject,
            "round_no": round_no,
            "level_no": level_no,
            "reviewer_uscc": body,
            "submitted_at": submitted,
            "decided_at": decided,
            "decision": decision,
            "opinion": OPINION if self.random.random() < 0.5 else None,
            "evidence_count": evidence,
        }
        self._add("review_records", row, **meta)
