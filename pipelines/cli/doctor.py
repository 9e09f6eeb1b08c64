"""`juandi doctor`: can this machine run a refresh, and what would stand in its way?

Looks and says, down to every byte of the archive and the lake; changes nothing unless it is asked
to, with `--repair` or `--give-up`.
"""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import Exit, print_json, print_rows
from pipelines.cli.doctor_store import (
    Finding,
    given_up,
    key_trouble,
    repaired,
    store_findings,
)
from pipelines.cli.options import Json, Landing, Warehouse
from pipelines.settings import MIB, Settings, load_settings

#: A build holds the lake's rows, the release beside the last one, and dbt's scratch.
LEAST_FREE_BYTES = 2 * 1024 * MIB
_LIBRARIES = ("duckdb", "polars", "dagster", "dbt-core", "dbt-duckdb", "great-expectations")


def doctor(
    warehouse: Warehouse = None,
    landing: Landing = None,
    repair: Annotated[
        bool,
        typer.Option(
            "--repair",
            envvar="JUANDI_REPAIR",
            help="修复 / Make a damaged catalogue of the archive again from its journal.",
        ),
    ] = False,
    give_up: Annotated[
        str | None,
        typer.Option(
            "--give-up",
            envvar="JUANDI_GIVE_UP",
            metavar="ID",
            help="放弃 / A file lost from lake and archive both: its rows are given up.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """体检 / Check the machine, settings, the store and the last release.

    Exit status 0 when a refresh could run, 2 when something stands in its way.
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
    """Every finding, in the order a person would look."""
    yield _python()
    yield from _libraries()
    yield _encoding()
    yield _writable("仓库 warehouse", settings.warehouse)
    yield _space(settings.warehouse)
    yield _landing(settings)
    yield _key(settings)
    yield _lock(settings)
    yield _release(settings)
    yield from store_findings(settings)


def _python() -> Finding:
    return Finding("Python", "ok", f"{platform.python_version()}, {os.cpu_count()} CPU")


def _libraries() -> Iterator[Finding]:
    missing, seen = [], []
    for name in _LIBRARIES:
        try:
            seen.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding("依赖 libraries", "problem", f"missing: {', '.join(missing)}", "make setup")
    else:
        yield Finding("依赖 libraries", "ok", ", ".join(seen))


def _encoding() -> Finding:
    names = {sys.getfilesystemencoding().lower(), locale.getpreferredencoding(False).lower()}
    seen = ", ".join(sorted(names))
    if names == {"utf-8"}:
        return Finding("编码 encoding", "ok", seen)
    return Finding(
        "编码 encoding", "warning", seen, "Chinese file names may be garbled: export LANG=C.UTF-8"
    )


def _existing(path: Path) -> Path:
    """The path itself, or the nearest folder above it that is there."""
    return next(p for p in (path, *path.parents) if p.exists())


def _writable(name: str, folder: Path) -> Finding:
    nearest = _existing(folder)
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Finding(
            name, "problem", f"{nearest} cannot be written", "choose --warehouse DIR, or chown it"
        )
    return Finding(name, "ok", str(folder))


def _space(folder: Path) -> Finding:
    free = shutil.disk_usage(_existing(folder)).free
    seen = f"{free / (1024 * MIB):.1f} GiB free"
    if free < LEAST_FREE_BYTES:
        return Finding("磁盘 disk", "warning", seen, "a build may not fit: free 2 GiB")
    return Finding("磁盘 disk", "ok", seen)


def _landing(settings: Settings) -> Finding:
    from pipelines.sources import SOURCES

    folder = settings.landing
    if not folder.is_dir():
        return Finding("收件 landing", "warning", f"{folder} is not there", "juandi demo fills it")
    held = sorted(p.name for p in folder.iterdir() if p.is_dir())
    unknown = [name for name in held if name not in SOURCES]
    if unknown:
        return Finding(
            "收件 landing",
            "warning",
            f"no such source: {', '.join(unknown)}",
            f"folders are named for sources: {', '.join(SOURCES)}",
        )
    return Finding("收件 landing", "ok", f"{folder}: {len(held)} of {len(SOURCES)} sources")


def _key(settings: Settings) -> Finding:
    name = "密钥 pseudonym key"
    if trouble := key_trouble(settings):
        return Finding(name, "problem", trouble, "put it back from a backup")
    if settings.pseudonym_key:
        return Finding(name, "ok", "JUANDI_PSEUDONYM_KEY")
    if not settings.secrets.exists():
        return Finding(name, "ok", "none yet: the first refresh makes one in .secrets")
    opened = [
        p for p in (settings.secrets, *settings.secrets.rglob("*")) if p.stat().st_mode & 0o077
    ]
    if opened:
        return Finding(
            name, "warning", f"others may read {opened[0]}", f"chmod -R go= {settings.secrets}"
        )
    return Finding(name, "ok", str(settings.secrets))


def _lock(settings: Settings) -> Finding:
    from pipelines.publishing.lock import RefreshRunning, refresh_lock

    name = "运行 refresh"
    if not settings.lock_file.exists():
        return Finding(name, "ok", "none is running")
    try:
        with refresh_lock(settings):
            return Finding(name, "ok", "none is running")
    except RefreshRunning as running:
        return Finding(name, "warning", str(running), "wait for it to end")


def _release(settings: Settings) -> Finding:
    from pipelines.publishing.releases import published_release

    release = published_release(settings)
    if release is None:
        return Finding("发布 release", "warning", "none yet", "juandi demo, or juandi refresh")
    return Finding("发布 release", "ok", f"{release.release_id}, as of {release.as_of}")
