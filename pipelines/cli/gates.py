"""`juandi gates`: the gate report of a release: what each rule found, and since when.

Shows what the release records; checks nothing again. `pipelines.publishing.gate_report` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.cli.release_file import NONE_YET, open_file
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipelines.publishing.gate_history import Spell
    from pipelines.publishing.gate_report import ReleaseReport, ReportedRule

_HEADINGS = (
    "结论 status",
    "级别 severity",
    "规则 rule",
    "适用 applicable",
    "违规 failing",
    "自 since",
    "连续 in a row",
    "最近通过 last passed",
)


def gates(
    release: Annotated[
        str | None,
        typer.Option(
            "--release",
            envvar="JUANDI_RELEASE",
            metavar="ID",
            help="发布编号 / A kept release [default: the published one].",
        ),
    ] = None,
    rule: Annotated[
        str | None,
        typer.Option(
            "--rule", envvar="JUANDI_RULE", metavar="RULE", help="规则 / Everything about one rule."
        ),
    ] = None,
    every: Annotated[
        bool,
        typer.Option(
            "--all",
            envvar="JUANDI_ALL",
            help="全部 / The rules that passed too.",
        ),
    ] = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """关口报告 / Show what each rule found, and since when."""
    from pipelines.publishing.gate_report import as_data, rule_data
    from pipelines.publishing.releases import report_files

    settings = load_settings(warehouse)
    report = _report(settings, release)
    if rule is not None:
        found = report.rule(rule)
        known = found.history if found else _gone(report, rule)
        if as_json:
            spells = [asdict(spell) for spell in known]
            print_json(rule_data(found) if found else {"rule_id": rule, "history": spells})
        else:
            _show(found, known)
        return
    if as_json:
        print_json(as_data(report))
        return
    rows = [_row(one) for one in report.rules if every or one.status != "pass"]
    print_rows(_HEADINGS, rows, right=(3, 4, 6))
    counts = ", ".join(
        f"{sum(1 for one in report.rules if one.status == status)} {status}"
        for status in dict.fromkeys(one.status for one in report.rules)
    )
    complain(f"{report.release.release_id}: {counts}")
    page, _ = report_files(settings, report.release.release_id)
    if page.is_file():
        complain(f"报告 report: {page}")


def _report(settings: Settings, release_id: str | None) -> ReleaseReport:
    from pipelines.publishing.gate_history import asking
    from pipelines.publishing.gate_report import read_report
    from pipelines.publishing.releases import (
        check_schema,
        kept_file,
        list_releases,
        published_release,
    )

    chosen = published_release(settings)
    if release_id is not None:
        kept = list_releases(settings)
        chosen = next((one for one in kept if one.release_id == release_id), None)
        if chosen is None:
            names = ", ".join(one.release_id for one in kept) or "-"
            raise Trouble(
                f"没有保留发布 {release_id}；现有：{names} / "
                f"there is no kept release {release_id}; kept are: {names}"
            )
    if chosen is None:
        raise Trouble(NONE_YET.format(settings.warehouse))
    check_schema(chosen, may_be_older=True)  # the report reads verdicts of every version
    file = kept_file(settings, chosen.release_id)
    with open_file(file if file.is_file() else settings.published) as connection:
        return read_report(asking(connection), chosen)


def _gone(report: ReleaseReport, rule_id: str) -> list[Spell]:
    known = next((list(k) for k in report.gone if k[-1].rule_id == rule_id), None)
    if known is None:
        raise Trouble(
            f"发布中没有规则 {rule_id!r}，见 `juandi gates --all` / "
            f"the release has no rule {rule_id!r}; see `juandi gates --all`"
        )
    return known


def _row(rule: ReportedRule) -> tuple[object, ...]:
    last = rule.last_passed
    return (
        rule.status,
        rule.severity,
        rule.rule_id,
        rule.checked_rows,
        rule.failing_rows,
        rule.since.first_release_id,
        rule.since.releases,
        last.last_release_id if last else None,
    )


def _show(rule: ReportedRule | None, history: Sequence[Spell]) -> None:
    newest = history[-1]
    told: list[tuple[str, object]] = [
        ("规则 rule", newest.rule_id),
        ("含义 sentence", f"{newest.description_zh} / {newest.description_en}"),
    ]
    if rule is None:
        told.append(("最后一次检查 last asked", newest.last_release_id))
    else:
        told += [
            ("表 table", rule.table_name),
            ("级别 severity", rule.severity),
            ("结论 status", rule.status),
            ("适用 applicable", rule.checked_rows),
            ("通过 passed", rule.passed_rows),
            ("违规 failing", rule.failing_rows),
            ("违规比例 share", rule.failing_share),
            ("观测 observed", rule.observed),
            ("处理 remedy", f"{rule.remedy_zh} / {rule.remedy_en}" if rule.remedy_zh else None),
        ]
    print_rows(("项 item", "值 value"), told)
    if rule is not None and rule.examples:
        names = list(rule.examples[0])
        print_rows(names, [[row.get(name) for name in names] for row in rule.examples])
    print_rows(
        ("结论 status", "自 from", "至 to", "发布数 releases", "违规 failing", "最多 most"),
        [
            (s.status, s.first_release_id, s.last_release_id, s.releases, s.failing_rows,
             s.most_failing_rows)
            for s in reversed(history)
        ],
        right=(3, 4, 5),
    )  # fmt: skip # a row
