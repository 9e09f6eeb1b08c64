"""The last step of a refresh: an audited build becomes the release that analysts open.

Refuses a build whose gates were not all run and passed. Safe file moves are in `publishing`, the
checks themselves in `gate`.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.publishing.beside.parts import parts_in
from pipelines.publishing.beside.setting_aside import Written, set_aside
from pipelines.publishing.beside.views import write_parts_table
from pipelines.publishing.content import content_hash, row_count
from pipelines.publishing.files import sync_file
from pipelines.publishing.gate_history import write_history
from pipelines.publishing.gate_report import write_reports
from pipelines.publishing.releases import (
    Release,
    delete_needless_parts,
    delete_releases,
    kept_file,
    list_releases,
    newest_release,
    publish_file,
    published_release,
    releases_to_go,
    write_releases,
)
from pipelines.settings import BEIJING, Settings, SettingsError
from pipelines.stages.build.going_on.note import remember
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import entries

if TYPE_CHECKING:
    from pipelines.stages.build.build import Build
    from pipelines.stages.gate.gate import GateReport

#: Without these tables a file is not a release, whatever the gates found.
REQUIRED_TABLES = frozenset(
    {
        "star.dim_date",
        "star.dim_campaign",
        "star.dim_organization",
        "star.dim_project",
        "star.fact_donation",
        "ops.load_audit",
        "ops.gate_results",
        "ops.releases",
    }
)

_TABLES = """
SELECT schema_name || '.' || table_name FROM duckdb_tables()
WHERE database_name = current_database()
UNION ALL
SELECT schema_name || '.' || view_name FROM duckdb_views()
WHERE database_name = current_database() AND NOT internal
"""

_VERDICTS = """
SELECT count(*), count(*) FILTER (WHERE status = 'pass'),
       count(*) FILTER (WHERE status = 'fail' AND severity = 'warning'),
       count(*) FILTER (WHERE status = 'error' OR (status = 'fail' AND severity = 'critical'))
FROM ops.gate_results WHERE run_id = ?
"""


class NotPublished(RuntimeError):  # noqa: N818 - an outcome, not a mistake
    """A build that may not go out; the message says why. The last release stays."""


def _verdicts(connection: duckdb.DuckDBPyConnection, run_id: str) -> tuple[int, int]:
    """(passed, warnings) as the build itself records them. Raises NotPublished."""
    try:
        row = connection.execute(_VERDICTS, [run_id]).fetchone()
    except duckdb.CatalogException as error:
        raise NotPublished("构建未经检查 / the build was not gated") from error
    checked, passed, warnings, blocking = row or (0, 0, 0, 0)
    if not checked:
        raise NotPublished("构建未经检查 / the build was not gated")
    if blocking:
        raise NotPublished(f"{blocking} 项检查阻断发布 / {blocking} checks block the release")
    return passed, warnings


def _missing_tables(connection: duckdb.DuckDBPyConnection) -> set[str]:
    found = connection.execute(_TABLES).fetchall()
    return set(REQUIRED_TABLES) - {name for (name,) in found}


def _unused(release_id: str, kept: list[Release]) -> str:
    """`release_id`, numbered where equal data was published in the same second."""
    taken = {release.release_id for release in kept}
    numbered = (f"{release_id}-{number}" for number in range(2, len(taken) + 3))
    return next(i for i in (release_id, *numbered) if i not in taken)


def _finish(settings: Settings, build: Build, content: str | None) -> Release:
    """Writes the release's own rows into the file and checkpoints it, so that it is complete."""
    with duckdb.connect(str(settings.release_db)) as connection:
        connection.execute(f"SET memory_limit = '{settings.memory_limit}'")
        passed, warnings = _verdicts(connection, build.run_id)
        now = datetime.now(BEIJING).replace(tzinfo=None)
        catalog = settings.release_db.stem
        content = content or content_hash(connection, catalog)
        kept, last = list_releases(settings), newest_release(settings)
        release_id = _unused(f"{now:%Y%m%dT%H%M%S}-{content[:8]}", kept)
        release = Release(
            release_id=release_id,
            published_at=now,
            as_of=build.as_of,
            content_hash=content,
            rows=row_count(connection, catalog),
            gates_passed=passed,
            warnings=warnings,
            inputs_hash=build.inputs_hash,
            number=last.number + 1 if last else 1,
        )
        write_history(connection, release, _file_of(settings, last) if last else None)
        write_releases(connection, [*_listed(settings, kept, release), release])
        write_parts_table(connection, [], catalog)
        connection.execute("CHECKPOINT")
    return release


def _listed(settings: Settings, kept: list[Release], release: Release) -> list[Release]:
    """Of the `kept` releases those that will still be there once `release` is published."""
    try:
        going = releases_to_go(settings, [release, *kept], release)
    except SettingsError:  # nothing goes by a rule that cannot be read, and nothing fails by it
        return kept
    return [one for one in kept if one not in going]


def _file_of(settings: Settings, release: Release) -> Path:
    kept = kept_file(settings, release.release_id)
    return kept if kept.is_file() else settings.published


def _verify(settings: Settings, file: Path, release: Release) -> None:
    """Opens the file as a reader will. Raises NotPublished if tables are missing or unreadable, or
    what lies beside it does not hold what was gated."""
    if file.with_name(file.name + ".wal").exists():
        raise NotPublished("构建文件未完整写入 / the build file was not written completely")
    try:
        with duckdb.connect(str(file), read_only=True) as connection:
            connection.execute(f"SET memory_limit = '{settings.memory_limit}'")
            missing = _missing_tables(connection)
            parts = [] if missing else parts_in(connection, file.stem)
            is_same = not parts or content_hash(connection, file.stem) == release.content_hash
    except duckdb.IOException as error:
        raise NotPublished(f"构建文件无法打开 / the build cannot be opened: {error}") from error
    if missing:
        raise NotPublished(f"构建缺少 / the build lacks {', '.join(sorted(missing))}")
    if not is_same:
        tables = ", ".join(sorted({part.table_name for part in parts}))
        raise NotPublished(
            "存于文件之外的表与已检查的不同 / what lies beside the file is not what was gated: "
            f"{tables}"
        )
    sync_file(file)


def publish(
    settings: Settings, build: Build, gates: GateReport, written: Written | None = None
) -> Release:
    """Publishes the build under the lock that the caller holds, and applies retention.

    `written`: tables of star that lie as Parquet already; they come to lie beside the file.
    Raises NotPublished if a gate blocks or the file is no release, OSError, duckdb.Error or
    SettingsError if it cannot be written; the last release then stays as it was, and the build.
    """
    if gates.blocked:
        raise NotPublished("检查未通过 / the gates block this release")
    release = _finish(settings, build, gates.content_hash)
    try:
        parts = set_aside(
            settings, settings.release_db, settings.light_db, release.release_id, written
        )
        file = settings.light_db if parts else settings.release_db
        _verify(settings, file, release)
        publish_file(settings, file, release)
    except BaseException:
        with suppress(OSError):  # … and the next start deletes them
            delete_needless_parts(settings)
        raise
    with suppress(OSError):  # … and the next start deletes it
        settings.release_db.unlink(missing_ok=True)
    with suppress(OSError, duckdb.Error):  # already published; at worst the next build is in full
        remember(settings, release.release_id, build.readings, build.compared)
    with suppress(OSError, duckdb.Error):  # … and the next run lets go of what is left
        let_releases_go(settings)
    with suppress(OSError, duckdb.Error):  # … and the next publication writes the report
        write_reports(settings)
    return release


def let_releases_go(settings: Settings) -> list[str]:
    """Deletes kept releases that are to go with somebody forgotten, never the published one.

    Returns the ids deleted.
    """
    kept = entries(Catalog(settings)) if settings.archive.is_dir() else []
    last = max((e.release_no for e in kept if e.lets_releases_go), default=0)
    shown = published_release(settings) if last else None
    if shown is None or shown.number <= last:  # none is out yet from which they are gone
        return []
    return delete_releases(settings, [r for r in list_releases(settings) if r.number <= last])
