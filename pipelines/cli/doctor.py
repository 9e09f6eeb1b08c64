"""`juandi doctor`: can this machine run a refresh, and if not, why?

Checks everything down to every byte of the archive and the lake. Changes nothing without
`--repair` or `--give-up`.
"""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import Exit, print_json, print_rows
from pipelines.cli.doctor_engine import engine_finding
from pipelines.cli.doctor_login import login_findings
from pipelines.cli.doctor_parts import part_findings
from pipelines.cli.doctor_store import (
    Finding,
    given_up,
    key_trouble,
    repaired,
    store_findings,
)
from pipelines.cli.options import Json, Landing, Warehouse
from pipelines.libraries import installed
from pipelines.settings import MIB, Settings, load_settings

#: A build needs room for the lake's rows, the release beside the last one, and scratch tables.
LEAST_FREE_BYTES = 2 * 1024 * MIB
_NOT_RUNNING = "没有更新在运行 / none is running"
_LIBRARIES = ("duckdb", "polars", "dagster", "dbt-core", "dbt-duckdb", "great-expectations")


def doctor(
    warehouse: Warehouse = None,
    landing: Landing = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            envvar="JUANDI_REPAIR",
            help="修复 / Restore a damaged catalogue of the archive from its journal.",
        ),
    ] = False,
    give_up: Annotated[
        str | None,
        typer.Option(
            "--give-up",
            envvar="JUANDI_GIVE_UP",
            metavar="ID",
            help="放弃 / Give up the rows of a file that is lost from both lake and archive.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """体检 / Check machine, settings, store and release.

    Exit status: 0 if a refresh can run, 2 if something prevents it.
    """
    settings = load_settings(warehouse, landing)
    if repair:
        repaired(settings)
    if give_up:
        given_up(settings, give_up)
    findings = list(examine(settings))
    if as_json:
        print_json([vars(finding) for finding in findings])
    else:
        marks = {"ok": "✓", "warning": "!", "problem": "✗"}
        print_rows(
            ("", "检查 check", "所见 seen", "建议 advice"),
            [(marks[f.state], f.name, f.seen, f.advice) for f in findings],
        )
    if any(f.state == "problem" for f in findings):
        raise typer.Exit(Exit.USAGE)


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, in the order in which a person would check."""
    yield _python()
    yield from _libraries()
    yield engine_finding(settings)
    yield _encoding()
    yield _writable("仓库 warehouse", settings.warehouse)
    yield _space(settings.warehouse)
    yield _landing(settings)
    yield _key(settings)
    yield _lock(settings)
    yield _release(settings)
    yield from login_findings(settings, os.environ)
    yield from part_findings(settings)
    yield from store_findings(settings)


def _python() -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()}, {os.cpu_count()} CPU")


def _libraries() -> Iterator[Finding]:
    seen, missing = installed(_LIBRARIES)
    if missing:
        yield Finding(
            "依赖 libraries", "problem", f"缺少 missing: {', '.join(missing)}", "make setup"
        )
    else:
        yield Finding("依赖 libraries", "ok", ", ".join(seen))


def _encoding() -> Finding:
    names = {sys.getfilesystemencoding().lower(), locale.getpreferredencoding(False).lower()}
    seen = ", ".join(sorted(names))
    if names == {"utf-8"}:
        return Finding("编码 encoding", "ok", seen)
    return Finding(
        "编码 encoding",
        "warning",
        seen,
        "中文文件名可能显示为乱码 / Chinese file names may be garbled: export LANG=C.UTF-8",
    )


def _existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that exists."""
    return next(p for p in (path, *path.parents) if p.exists())


def _writable(name: str, folder: Path) -> Finding:
    nearest = _existing(folder)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            name,
            "problem",
            f"{nearest} 不可写 cannot be written",
            "用 --warehouse 另选目录，或 chown / choose another --warehouse DIR, or chown it",
        )
    return Finding(name, "ok", str(folder))


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free
    seen = f"{free / (1024 * MIB):.1f} GiB 可用 free"
    if free < LEAST_FREE_BYTES:
        return Finding(
            "磁盘 disk",
            "warning",
            seen,
            "可能放不下一次构建，请腾出 2 GiB / a build may not fit: free 2 GiB",
        )
    return Finding("磁盘 disk", "ok", seen)


def _landing(settings: Settings) -> Finding:
    from pipelines.sources import SOURCES

    folder = settings.landing
    if not folder.is_dir():
        return Finding(
            "收件 landing",
            "warning",
            f"{folder} 不存在 does not exist",
            "创建它并放入文件，或运行 juandi demo / create it and add files, or run juandi demo",
        )
    folders = sorted(p.name for p in folder.iterdir() if p.is_dir())
    unknown = [name for name in folders if name not in SOURCES]
    if unknown:
        return Finding(
            "收件 landing",
            "warning",
            f"没有这样的来源 no such source: {', '.join(unknown)}",
            f"文件夹须以来源命名 / name folders after sources: {', '.join(SOURCES)}",
        )
    return Finding(
        "收件 landing", "ok", f"{folder}: {len(folders)} / {len(SOURCES)} 个来源 sources"
    )


def _key(settings: Settings) -> Finding:
    name = "密钥 pseudonym key"
    if trouble := key_trouble(settings):
        return Finding(name, "problem", trouble, "从备份恢复 / restore it from a backup")
    if settings.pseudonym_key:
        return Finding(name, "ok", "JUANDI_PSEUDONYM_KEY")
    if not settings.secrets.exists():
        return Finding(
            name,
            "ok",
            "尚无，首次更新时生成于 .secrets / none yet: the first refresh makes one in .secrets",
        )
    opened = [
        p for p in (settings.secrets, *settings.secrets.rglob("*")) if p.stat().st_mode & 0o077
    ]
    if opened:
        return Finding(
            name,
            "warning",
            f"他人可读 readable by others: {opened[0]}",
            f"chmod -R go= {settings.secrets}",
        )
    return Finding(name, "ok", str(settings.secrets))


def _lock(settings: Settings) -> Finding:
    from pipelines.publishing.lock import RefreshRunning, refresh_lock

    name = "运行 refresh"
    if not settings.lock_file.exists():
        return Finding(name, "ok", _NOT_RUNNING)
    try:
        with refresh_lock(settings):
            return Finding(name, "ok", _NOT_RUNNING)
    except RefreshRunning as running:
        return Finding(name, "warning", str(running), "等待其结束 / wait for it to end")


def _release(settings: Settings) -> Finding:
    from pipelines.publishing.releases import OtherSchema, check_schema, published_release

    release = published_release(settings)
    if release is None:
        return Finding("发布 release", "warning", "尚无 none yet", "juandi demo, juandi refresh")
    try:
        check_schema(release)
    except OtherSchema as other:
        return Finding("发布 release", "warning", str(other), "juandi migrate --dry-run")
    return Finding("发布 release", "ok", f"{release.release_id}, 截至 as of {release.as_of}")
