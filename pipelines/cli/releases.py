"""`juandi status`, `juandi releases`, `juandi rollback`: health and history.

Shows what the releases record about themselves; checks nothing again.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.cli.release_file import NONE_YET, open_release, rows_of
from pipelines.settings import load_settings

_HEALTH = """
SELECT source, status, last_good_partition, last_loaded_at, hours_stale, expected_every,
       open_quarantine
FROM ops.source_health ORDER BY source
"""
_HEADINGS = (
    "来源 source",
    "状态 status",
    "最新分区 last good",
    "装载于 loaded at",
    "滞后小时 hours stale",
    "应到 expected",
    "待处理 quarantine",
)


def status(warehouse: Warehouse = None, as_json: Json = False) -> None:
    """健康状况 / Show the published release and source health."""
    from pipelines.publishing.releases import published_release, report_files
    from pipelines.stages.fetch.faults import pull_faults

    settings = load_settings(warehouse)
    release = published_release(settings)
    if release is None:
        raise Trouble(NONE_YET.format(settings.warehouse))
    with open_release(settings) as connection:
        health = rows_of(connection, _HEALTH)
        verdicts = dict(
            connection.execute(
                "SELECT status, count(*) FROM ops.gate_results GROUP BY ALL ORDER BY 1"
            ).fetchall()
        )
    page, _ = report_files(settings, release.release_id)
    report = str(page) if page.is_file() else None
    faults = pull_faults(settings)
    if as_json:
        print_json(
            {
                "release": asdict(release),
                "gates": verdicts,
                "gate_report": report,
                "sources": health,
                "pull_faults": [asdict(fault) for fault in faults],
            }
        )
        return
    print_rows(
        ("发布 release", "截至 as of", "发布于 published at", "检查 gates"),
        [
            (
                release.release_id,
                release.as_of,
                release.published_at,
                ", ".join(f"{count} {name}" for name, count in verdicts.items()),
            )
        ],
    )
    print_rows(_HEADINGS, [tuple(row.values()) for row in health], right=(4, 6))
    complain(f"关口报告 gate report: {report or '—'}  (juandi gates)")
    for fault in faults:
        complain(f"未拉取 not pulled: {fault.sentence}")


def releases(warehouse: Warehouse = None, as_json: Json = False) -> None:
    """历次发布 / List the kept releases."""
    from pipelines.publishing.releases import list_releases, published_release

    settings = load_settings(warehouse)
    kept = list_releases(settings)
    current = published_release(settings)
    current_id = current.release_id if current else None
    if as_json:
        print_json([{**asdict(r), "is_published": r.release_id == current_id} for r in kept])
        return
    if not kept:
        raise Trouble(NONE_YET.format(settings.warehouse))
    print_rows(
        ("发布 release", "截至 as of", "发布于 published at", "行数 rows", "当前 published"),
        [
            (
                r.release_id,
                r.as_of,
                r.published_at,
                r.rows,
                "●" if r.release_id == current_id else "",
            )
            for r in kept
        ],
        right=(3,),
    )


def rollback(
    release_id: Annotated[
        str, typer.Argument(metavar="ID", help="发布编号 / See `juandi releases`.")
    ],
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """回退 / Publish an earlier release again."""
    from pipelines.publishing import releases as kept
    from pipelines.publishing.lock import RefreshRunning

    try:
        release = kept.rollback(load_settings(warehouse), release_id)
    except kept.UnknownRelease as unknown:
        raise Trouble(str(unknown.args[0])) from None
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    if as_json:
        print_json(asdict(release))
    else:
        complain(f"已重新发布 published again: {release.release_id} (截至 as of {release.as_of})")
    try:
        kept.check_schema(release)
    except kept.OtherSchema as older:  # analysts read it as before; pages and reports do not
        complain(str(older))
