"""Back and forward between kept releases, and whether readers see the newest.

What a switch is and what is kept is `releases`'; when there was one, by whom and why, `switches`'.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipelines.publishing.beside.parts import checked_parts
from pipelines.publishing.beside.views import placed_copy
from pipelines.publishing.files import sync_file
from pipelines.publishing.lock import refresh_lock
from pipelines.publishing.releases import (
    Release,
    UnknownRelease,
    check_schema,
    kept_file,
    list_releases,
    published_release,
    read_release,
    switch_to,
)
from pipelines.publishing.switches import Switch, SwitchKind, note_switch, shown_since
from pipelines.settings import Settings


def named_release(settings: Settings, word: str) -> Release:
    """A kept release: `published`, `newest`, `previous` (made before the published), or its id.

    Raises UnknownRelease.
    """
    kept, shown = list_releases(settings), published_release(settings)
    known: dict[str, Release | None] = {
        r.release_id: r for r in (*kept, *([shown] if shown else []))
    }
    known |= {
        "published": shown,
        "newest": next(iter(kept), shown),
        "previous": next((r for r in kept if shown is not None and r.order < shown.order), None),
    }
    found = known.get(word)
    if found is None:
        names = ", ".join(r.release_id for r in kept) or "-"
        raise UnknownRelease(
            f"没有保留发布 {word}；可用 published、previous、newest，或现有：{names} / there is no "
            f"kept release {word}; say published, previous, newest, or one of those kept: {names}"
        )
    return found


@dataclass(frozen=True)
class OlderShown:
    """Readers see an older release than the newest: the newer ones, newest first, and since when.

    `since` says by whom and why, where that was given.
    """

    newer: tuple[Release, ...]
    since: Switch


def older_shown(settings: Settings, shown: Release) -> OlderShown | None:
    """What readers of `shown`, which is published, do not see; None where it is the newest."""
    newer = tuple(r for r in list_releases(settings) if r.order > shown.order)
    return OlderShown(newer, shown_since(settings, shown.release_id)) if newer else None


def rollback(
    settings: Settings,
    release_id: str,
    *,
    by: str = "",
    reason: str = "",
    check: Callable[[Release], None] = lambda _: None,
) -> Release:
    """Publishes a kept release again, older or newer, in one step, and notes who did, and why.

    `check` is asked first, under the lock; where it raises, nothing is changed.
    Every byte of its parts is looked at before. Raises UnknownRelease, OtherSchema for one that
    newer code made, PartsLost, RefreshRunning while a refresh is running, or OSError with the
    published release as it was.
    """
    with refresh_lock(settings):
        release = read_release(kept_file(settings, release_id))
        if release is None or release.release_id != release_id:
            kept = ", ".join(r.release_id for r in list_releases(settings)) or "-"
            raise UnknownRelease(
                f"没有保留发布 {release_id}；现有：{kept} / "
                f"there is no kept release {release_id}; kept are: {kept}"
            )
        check_schema(release, may_be_older=True)
        check(release)
        checked_parts(kept_file(settings, release_id), hashed=True)
        shown = published_release(settings)
        switch_to(
            settings, placed_copy(settings, kept_file(settings, release_id), settings.published)
        )
        is_newer = shown is not None and release.order > shown.order
        note_switch(
            settings,
            SwitchKind.FORWARD if is_newer else SwitchKind.BACK,
            release_id,
            shown.release_id if shown else None,
            by=by,
            reason=reason,
        )
        sync_file(settings.warehouse)
    return release
