"""What `juandi doctor` finds of tables that lie beside a release's file. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pipelines.cli.doctor_store import Finding
from pipelines.settings import Settings

_NAME = "分片 parts of releases"


def part_findings(settings: Settings) -> Iterator[Finding]:
    """Of every kept release and the published one, byte for byte; none where there are none."""
    import duckdb

    from pipelines.publishing.releases import kept_file, list_releases

    kept = [kept_file(settings, release.release_id) for release in list_releases(settings)]
    seen: dict[str, int] = {}
    for file in (*kept, settings.published):
        with suppress(duckdb.Error):  # held by a program, or no release: told of elsewhere
            yield from _of_file(settings, file, seen)
    if seen:
        yield Finding(_NAME, "ok", f"{len(seen)} 个 files, {sum(seen.values()):,} 字节 bytes")


def _of_file(settings: Settings, file: Path, seen: dict[str, int]) -> Iterator[Finding]:
    """Of its parts those not `seen` yet, which are then: path → bytes."""
    from pipelines.publishing.beside.limits import beside_rules
    from pipelines.publishing.beside.parts import PartsLost, home_of, part_troubles, parts_of

    parts = parts_of(file) if file.is_file() else []
    new = [part for part in parts if part.part_path not in seen]
    seen |= {part.part_path: part.bytes for part in new}
    try:
        found = list(part_troubles(home_of(file, parts), new, hashed=True)) if new else []
    except PartsLost as lost:
        found = [str(lost)]
    for trouble in found:
        yield Finding(_NAME, "problem", trouble, "从备份恢复 / restore it from a backup")
    wanted = beside_rules(settings).readers_see
    if file == settings.published and parts and parts[0].warehouse != wanted:
        yield Finding(
            _NAME,
            "warning",
            f"{file.name} 的视图到此找分片 looks for its parts in {parts[0].warehouse}",
            f"juandi refresh 使其改到 has it look in {wanted}",
        )
