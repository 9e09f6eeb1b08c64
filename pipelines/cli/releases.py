"""`juandi status`, `releases`, `rollback`, `forward`: health and history.

Shows what the releases record about themselves; checks nothing again.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import By, Json, Reason, Warehouse, current_user
from pipelines.cli.release_file import NONE_YET, open_release, rows_of
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    import duckdb

    from pipelines.publishing.releases import Release
    from pipelines.publishing.switching import OlderShown
WithForgotten = Annotated[
    bool,
    typer.Option(
        "--with-forgotten",
        envvar="JUANDI_WITH_FORGOTTEN",
        help="仍要发布 / Publish it though it holds people who asked to be forgotten since.",
    ),
]

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
    from pipelines.publishing.switching import older_shown
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
    older = older_shown(settings, release)
    if as_json:
        print_json(
            {
                "release": asdict(release),
                "older_than_newest": _older_data(older),
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
    if older is not None:
        complain(_older(older))
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


def _older_data(older: OlderShown | None) -> dict[str, Any] | None:
    """For programs: which releases are newer than the one that readers see, and since when."""
    if older is None:
        return None
    return {"newer": [r.release_id for r in older.newer], **asdict(older.since)}


def _older(older: OlderShown) -> str:
    """That readers see an older release than the newest, since when, by whom and why."""
    since, newest, many = older.since, older.newer[0], len(older.newer)
    at = f"{since.at:%Y-%m-%d %H:%M}"
    told = [f"由 by {since.by}"] if since.by else []
    told += [f"理由 reason: {since.reason}"] if since.reason else []
    return (
        f"读者所见并非最新发布，自 {at} 起；较新的有 {many} 个，最新为 {newest.release_id}；"
        "`juandi forward` 前进 / readers see an older release than the newest, since "
        f"{at}; {many} newer, the newest is {newest.release_id}; `juandi forward` goes to it"
        + (f" ({'; '.join(told)})" if told else "")
    )


def releases(
    log: Annotated[
        bool,
        typer.Option(
            "--switches",
            envvar="JUANDI_SWITCHES",
            help="切换记录 / Which release readers saw when, by whom and why.",
        ),
    ] = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """历次发布 / List the kept releases, or every switch between them."""
    from pipelines.publishing.releases import list_releases, published_release
    from pipelines.publishing.switching import older_shown

    settings = load_settings(warehouse)
    if log:
        _switches(settings, as_json=as_json)
        return
    kept = list_releases(settings)
    current = published_release(settings)
    current_id = current.release_id if current else None
    if as_json:
        print_json(
            [
                {
                    **asdict(r),
                    "is_published": r.release_id == current_id,
                    "is_newer": current is not None and r.order > current.order,
                }
                for r in kept
            ]
        )
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
                _mark(r, current),
            )
            for r in kept
        ],
        right=(3,),
    )
    older = older_shown(settings, current) if current else None
    if older is not None:
        complain(_older(older))


def _mark(release: Release, shown: Release | None) -> str:
    if shown is None:
        return ""
    if release.release_id == shown.release_id:
        return "●"
    return "较新 newer" if release.order > shown.order else ""


def _switches(settings: Settings, *, as_json: bool) -> None:
    from pipelines.publishing.switches import switches

    found = switches(settings)
    if as_json:
        print_json([asdict(one) for one in found])
        return
    kinds = {
        "published": "发布 published",
        "rolled_back": "回退 rolled back",
        "rolled_forward": "前进 rolled forward",
        "found": "启动时发现 found",
    }
    print_rows(
        ("时间 at", "切换 switch", "发布 release", "之前 before", "由 by", "理由 reason"),
        [
            (s.at, kinds[s.kind], s.release_id, s.before, s.by or None, s.reason or None)
            for s in found
        ],
    )


def rollback(
    release_id: Annotated[
        str, typer.Argument(metavar="ID", help="发布编号 / See `juandi releases`.")
    ],
    reason: Reason = "",
    by: By = None,
    with_forgotten: WithForgotten = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """回退 / Publish a kept release again; `previous` is the one before the published."""
    settings = load_settings(warehouse)
    _switch(settings, _named(settings, release_id), reason, by, with_forgotten, as_json=as_json)


def forward(
    release_id: Annotated[
        str,
        typer.Argument(metavar="[ID]", help="发布编号 / A newer release [default: the newest]."),
    ] = "newest",
    reason: Reason = "",
    by: By = None,
    with_forgotten: WithForgotten = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """前进 / After a roll-back, publish a newer release again: the newest, or any."""
    from pipelines.publishing.releases import published_release

    settings = load_settings(warehouse)
    shown, wanted = published_release(settings), _named(settings, release_id)
    if shown is not None and wanted.order < shown.order:
        raise Trouble(
            f"{wanted.release_id} 早于当前发布；用 `juandi rollback` / it is older than the "
            "published release: that is a `juandi rollback`"
        )
    if shown is not None and wanted.release_id == shown.release_id:
        if as_json:
            print_json(asdict(shown))
        else:
            complain(f"已是该发布 / readers see it already: {shown.release_id}")
        return
    _switch(settings, wanted, reason, by, with_forgotten, as_json=as_json)


def _holds_nobody_forgotten(settings: Settings, release: Release, with_forgotten: bool) -> None:
    """Raises Trouble where the release may hold people forgotten since, unless that is wanted."""
    from pipelines.stages.store.catalog import Catalog
    from pipelines.stages.store.forgotten import entries

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
            f"{told}；未切换，确须如此请加 --with-forgotten / nothing was changed; add "
            "--with-forgotten to publish it all the same"
        )
    complain(told)


def _named(settings: Settings, word: str) -> Release:
    """A kept release by its id, `previous`, `published` or `newest`. Raises Trouble."""
    from pipelines.publishing.releases import UnknownRelease
    from pipelines.publishing.switching import named_release

    try:
        return named_release(settings, word)
    except UnknownRelease as unknown:
        raise Trouble(str(unknown.args[0])) from None


def _switch(
    settings: Settings,
    wanted: Release,
    reason: str,
    by: str | None,
    with_forgotten: bool,
    *,
    as_json: bool,
) -> None:
    from pipelines.publishing import releases as kept
    from pipelines.publishing.lock import RefreshRunning
    from pipelines.publishing.switching import older_shown
    from pipelines.publishing.switching import rollback as switch

    def check(release: Release) -> None:
        _holds_nobody_forgotten(settings, release, with_forgotten)

    try:
        release = switch(
            settings, wanted.release_id, by=by or current_user(), reason=reason.strip(), check=check
        )
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    if as_json:
        print_json(asdict(release))
        return
    complain(f"已重新发布 published again: {release.release_id} (截至 as of {release.as_of})")
    older = older_shown(settings, release)
    if older is not None:
        complain(_older(older))
    try:
        kept.check_schema(release)
    except kept.OtherSchema as other:  # analysts read it as before; pages and reports do not
        complain(str(other))
