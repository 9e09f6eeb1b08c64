"""`juandi status`, `juandi releases`, `juandi rollback`: health and history.

Shows what the releases record about themselves; checks nothing again.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.cli.release_file import NONE_YET, open_release, rows_of
from pipelines.settings import load_settings

if TYPE_CHECKING:
    import duckdb

_HEALTH = """
SELECT source, status, last_good_partition, last_loaded_at, hours_stale, expected_every,
       open_quarantine
FROM ops.source_health ORDER BY source
"""
_FORGOTTEN = "SELECT people_forgotten, lines_forgotten FROM ops.forgotten WHERE source = 'any'"
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
        forgotten = _forgotten(connection)
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
                "forgotten": {"people": forgotten[0], "lines": forgotten[1]},
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
    if forgotten[0]:
        complain(
            f"应本人要求遗忘 forgotten on request: {forgotten[0]} 人 people, "
            f"{forgotten[1]} 行 lines (ops.forgotten)"
        )
    for fault in faults:
        complain(f"未拉取 not pulled: {fault.sentence}")


def _forgotten(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    """People who asked to be forgotten, and their lines; a release of earlier code has none."""
    import duckdb

    try:
        found = connection.execute(_FORGOTTEN).fetchone()
    except duckdb.CatalogException:
        return 0, 0
    return (int(found[0]), int(found[1])) if found else (0, 0)


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
    with_forgotten: Annotated[
        bool,
        typer.Option(
            "--with-forgotten",
            envvar="JUANDI_WITH_FORGOTTEN",
            help="仍要回退 / Publish it though it holds people who asked to be forgotten since.",
        ),
    ] = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """回退 / Publish an earlier release again."""
    from pipelines.publishing import releases as kept
    from pipelines.publishing.lock import RefreshRunning
    from pipelines.stages.store.catalog import Catalog
    from pipelines.stages.store.forgotten import entries

    settings = load_settings(warehouse)

    def check(release: kept.Release) -> None:
        since = entries(Catalog(settings)) if settings.archive.is_dir() else []
        held = {entry.case_no for entry in since if entry.release_no >= release.number}
        if not held:
            return
        told = (
            f"该发布可能仍载有此后要求遗忘的 {len(held)} 人 / that release may still hold "
            f"{len(held)} people who asked to be forgotten since"
        )
        if not with_forgotten:
            raise Trouble(
                f"{told}；未回退，确须回退请加 --with-forgotten / nothing was changed; add "
                "--with-forgotten to publish it all the same"
            )
        complain(told)

    try:
        release = kept.rollback(settings, release_id, check)
    except kept.UnknownRelease as unknown:
        raise Trouble(str(unknown.args[0])) from None
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    if as_json:
        print_json(asdict(release))
    else:
        complain(f"已重新发布 published again: {release.release_id} (截至 as of {release.as_of})")
