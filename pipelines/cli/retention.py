"""`juandi retention`: what `[retention]` of `juandi.toml` lets go, why, and how many bytes.

Shows unless `--apply` is given; a night applies it after publishing.
"""

from __future__ import annotations

import os
from contextlib import nullcontext
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    from pipelines.publishing.retention import Retention
    from pipelines.stages.retain.retain import Retained

#: Files listed for people; `--json` has all.
_MOST = 20


def retention(
    apply: Annotated[
        bool,
        typer.Option(
            "--apply",
            envvar="JUANDI_APPLY",
            help="执行 / Let it go now; without this it is only shown.",
        ),
    ] = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """保留规则 / Show what may be let go by [retention] of juandi.toml, and why; or let it go."""
    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.publishing.retention import retention as rules_of
    from pipelines.stages.retain import retain

    settings = load_settings(warehouse)
    if not settings.warehouse.is_dir():
        raise Trouble(f"没有仓库 / no warehouse in {settings.warehouse}; check --warehouse")
    rules = rules_of(settings)
    try:
        with refresh_lock(settings) if apply else nullcontext():
            found = (retain.apply if apply else retain.plan)(settings)
            runs = _runs(rules, apply=apply)
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    if as_json:
        print_json(_data(rules, found, runs, applied=apply))
    else:
        _show(settings, rules, found, runs, applied=apply)


def _runs(rules: Retention, *, apply: bool) -> int | None:
    """How many of Dagster's runs go; None where none are kept or no rule is set."""
    if rules.runs is None or not os.environ.get("DAGSTER_HOME"):
        return None
    os.environ["DAGSTER_TELEMETRY_ENABLED"] = "false"
    import dagster as dg

    from pipelines.definitions.retaining import forget_runs, old_runs

    with dg.DagsterInstance.get() as instance:
        return forget_runs(instance, rules.runs) if apply else len(old_runs(instance, rules.runs))


def _data(rules: Retention, found: Retained, runs: int | None, *, applied: bool) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "applied": applied,
        "rules": asdict(rules),
        "bytes": found.bytes,
        "completed": found.completed,
        "releases": [{"release_id": r.release_id, "bytes": size} for r, size in found.releases],
        "files": [
            {
                "source": one.standing.receipt.source,
                "file": one.standing.receipt.shown_path,
                "file_id": one.standing.receipt.file_id,
                "status": one.standing.status,
                "instead": one.standing.other.file_id if one.standing.other else None,
                "rules": dict(one.rules),
                "bytes": dict(one.sizes),
            }
            for one in found.files.due
        ],
        "spared": [
            {
                "source": one.standing.receipt.source,
                "file": one.standing.receipt.shown_path,
                "file_id": one.standing.receipt.file_id,
                "why": one.why,
            }
            for one in found.files.spared
        ],
        "runs": runs,
    }


def _show(
    settings: Settings, rules: Retention, found: Retained, runs: int | None, *, applied: bool
) -> None:
    from dataclasses import fields

    told = [(f.name, rule.words) for f in fields(rules) if (rule := getattr(rules, f.name))]
    if not told:
        complain(
            f"{settings.config} 没有 [retention]：除旧发布外全部保留 / has no [retention]: all is "
            f"kept but for releases beyond {settings.keep_releases}"
        )
    else:
        print_rows(("类别 kind", "规则 rule"), told)
    if found.releases:
        print_rows(
            ("发布 release", "截至 as of", "字节 bytes"),
            [(r.release_id, r.as_of, size) for r, size in found.releases],
            right=(2,),
        )
    if found.files.due:
        print_rows(
            (
                "来源 source",
                "文件 file",
                "状态 status",
                "取代者 instead",
                "规则 rule",
                "字节 bytes",
            ),
            [
                (
                    one.standing.receipt.source,
                    one.standing.receipt.shown_path,
                    one.standing.status,
                    one.standing.other.shown_path if one.standing.other else None,
                    "; ".join(dict.fromkeys(one.rules.values())),
                    ", ".join(f"{zone} {size:,}" for zone, size in one.sizes.items()),
                )
                for one in found.files.due[:_MOST]
            ],
        )
    if found.files.spared:
        print_rows(
            ("来源 source", "留下的文件 file that stays", "原因 why"),
            [
                (one.standing.receipt.source, one.standing.receipt.shown_path, one.why)
                for one in found.files.spared[:_MOST]
            ],
        )
    if max(len(found.files.due), len(found.files.spared)) > _MOST:
        complain("… --json 列出全部 / lists all of them")
    counts = (
        f"releases {len(found.releases)}, files {len(found.files.due)}, "
        f"runs {runs if runs is not None else '—'}, bytes {found.bytes:,}"
    )
    complain(
        f"已放手 let go: {counts}"
        if applied
        else f"将放手 would be let go: {counts}; `juandi retention --apply`"
    )
