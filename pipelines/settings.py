"""Where the warehouse lies and how it is run: paths, the as-of date, limits, the pseudonym key.

Read once from flags and `JUANDI_…` variables; tables that take more words, such as the places to
pull from, stand in `juandi.toml` of the warehouse folder. No behaviour belongs here.

Thirteen variables are read by hand. pydantic-settings would take 0.1 s of CPU more for
every `juandi status` and 0.35 s for every process that loads pydantic for this alone (`--help`, the
process that answers `juandi sql`), reads the process's own environment only, and its words for a
wrong value would have to be replaced by ours, which say what would do.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta, timezone
from enum import StrEnum
from pathlib import Path
from typing import Any

#: The repository; of an installed wheel the folder it was unpacked into, where what dbt and the
#: gates read lies beside the code just the same. Nothing is ever written there.
PROJECT_ROOT = Path(__file__).resolve().parent.parent
IS_CHECKOUT = (PROJECT_ROOT / "pyproject.toml").is_file()
DBT_PROJECT = PROJECT_ROOT / "dbt_project"
EXPECTATIONS = PROJECT_ROOT / "expectations"

#: The platforms and registers keep Beijing time; China has had no summer time since 1991.
BEIJING = timezone(timedelta(hours=8), "Asia/Shanghai")

MIB = 1024 * 1024


class SettingsError(ValueError):
    """A setting that cannot be used; the message says which, and what would do."""


class Engine(StrEnum):
    """What computes the models: DuckDB on this machine, or Apache Spark (docs/scale-out.md)."""

    duckdb = "duckdb"
    spark = "spark"


#: Spark in this process, on all of its machine's cores.
SPARK_MASTER = "local[*]"

#: DuckDB's own limit. With Python beside it a Giving Day of 56 million gifts takes 4.6 GB in all, a
#: night after it 3.9; with less, the gates read a release of that size from the disk again.
MEMORY_LIMIT = "3200MB"


@dataclass(frozen=True)
class Settings:
    """One warehouse and how to run it. Every path but `landing` lies inside `warehouse`."""

    warehouse: Path
    landing: Path
    as_of: date | None = None
    keep_releases: int = 7
    memory_limit: str = MEMORY_LIMIT
    threads: int = 0  # 0: as many as the machine has
    load_workers: int = 0  # processes that read files; 0: as many as are worth it
    block_bytes: int = 8 * MIB  # text is read and decoded in blocks of this size
    max_unpacked_bytes: int = 64 * 1024 * MIB  # a zip or gz may not unfold beyond this
    max_expansion: int = 200  # … nor by more than this factor
    max_workbook_bytes: int = 512 * MIB  # a workbook unpacked
    workbook_memory: int = 2048 * MIB  # address space of the process that reads a workbook
    workbook_seconds: int = 120
    pseudonym_key: str | None = None  # else read from, or made in, `secrets`
    config_file: Path | None = None
    largest_table: str | None = None  # in the published file: `publishing.beside.limits` reads it
    night_at: time = time(2, 30)  # Beijing wall clock: after the platforms have written the day
    engine: Engine = Engine.duckdb
    spark_master: str = (
        SPARK_MASTER  # as Spark spells it: local[2], spark://host:7077, yarn, k8s://…
    )

    @property
    def config(self) -> Path:
        """`juandi.toml`, which need not be there: what to pull, who is told, how to log in."""
        return self.config_file or self.warehouse / "juandi.toml"

    @property
    def archive(self) -> Path:
        """The received bytes, and the catalogue of receipts and decisions."""
        return self.warehouse / "archive"

    @property
    def lake(self) -> Path:
        """Clean, typed rows; can be rebuilt from the archive."""
        return self.warehouse / "lake"

    @property
    def quarantine(self) -> Path:
        """Refused rows; can be rebuilt from the archive."""
        return self.warehouse / "quarantine"

    @property
    def build(self) -> Path:
        """The private build of a release: never read by analysts."""
        return self.warehouse / "build"

    @property
    def work_db(self) -> Path:
        """The build's scratch database: views on the lake, staging, intermediate."""
        return self.build / "work.duckdb"

    @property
    def release_db(self) -> Path:
        """The release being built: schemas star, marts, ops."""
        return self.build / "juandi.duckdb"

    @property
    def last_db(self) -> Path:
        """The release that the build goes on from, only read; an empty database if from none."""
        return self.build / "last.duckdb"

    @property
    def spark(self) -> Path:
        """What Spark reads and writes of a build: copies of small tables, results, its log."""
        return self.build / "spark"

    @property
    def releases(self) -> Path:
        """Kept releases, one file each, for roll-back."""
        return self.warehouse / "releases"

    @property
    def published(self) -> Path:
        """The file analysts open."""
        return self.warehouse / "juandi.duckdb"

    @property
    def light_db(self) -> Path:
        """The file of a release whose largest tables lie beside it, until it is published."""
        return self.build / "light.duckdb"

    @property
    def secrets(self) -> Path:
        """Holds the pseudonym key when none is configured; never copied into any other zone."""
        return self.warehouse / ".secrets"

    @property
    def pull_state(self) -> Path:
        """What was pulled before; may be lost without harm."""
        return self.warehouse / "pull" / "state.sqlite"

    @property
    def told(self) -> Path:
        """What people were told; if it is lost, what is still news is told once more."""
        return self.warehouse / "alerts" / "told.sqlite"

    @property
    def lock_file(self) -> Path:
        """Held while a refresh runs."""
        return self.warehouse / ".refresh.lock"


def default_warehouse() -> Path:
    """Where nothing else is said: in the repository; of an installed wheel where one stands."""
    return PROJECT_ROOT / "warehouse" if IS_CHECKOUT else Path("warehouse")


def _day(text: str, name: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingsError(f"{name}: {text!r} is not a date; write it as 2024-08-05") from None


def _hour(text: str, name: str) -> time:
    try:
        hour = time.fromisoformat(text)
    except ValueError:
        hour = None
    if hour is None or hour.replace(second=0, microsecond=0, tzinfo=None) != hour:
        raise SettingsError(f"{name}: {text!r} is not a time of the day; write it as 02:30")
    return hour


def _whole(text: str, name: str, least: int) -> int:
    if not text.isdigit() or int(text) < least:
        raise SettingsError(f"{name}: {text!r} is not a whole number of at least {least}")
    return int(text)


def _engine(name: str) -> Engine:
    try:
        return Engine(name)
    except ValueError:
        known = " or ".join(Engine)
        raise SettingsError(f"JUANDI_ENGINE: {name!r} is no engine; write {known}") from None


def load_settings(
    warehouse: Path | str | None = None,
    landing: Path | str | None = None,
    as_of: str | date | None = None,
    load_workers: int | None = None,
    env: Mapping[str, str] = os.environ,
    engine: Engine | None = None,
) -> Settings:
    """Settings from arguments, then `JUANDI_…` variables, then defaults.

    Raises SettingsError for a value that cannot be used.
    """
    home = Path(warehouse or env.get("JUANDI_WAREHOUSE") or default_warehouse()).resolve()
    inbox = Path(landing or env.get("JUANDI_LANDING") or home / "landing").resolve()
    day = as_of or env.get("JUANDI_AS_OF") or None
    return Settings(
        warehouse=home,
        landing=inbox,
        as_of=_day(day, "as-of") if isinstance(day, str) else day,
        keep_releases=_whole(env.get("JUANDI_KEEP_RELEASES", "7"), "JUANDI_KEEP_RELEASES", 1),
        memory_limit=env.get("JUANDI_MEMORY_LIMIT", MEMORY_LIMIT),
        threads=_whole(env.get("JUANDI_THREADS", "0"), "JUANDI_THREADS", 0),
        load_workers=_whole(
            (env.get("JUANDI_LOAD_WORKERS") or "0") if load_workers is None else str(load_workers),
            "JUANDI_LOAD_WORKERS",
            0,
        ),
        pseudonym_key=env.get("JUANDI_PSEUDONYM_KEY") or None,
        largest_table=env.get("JUANDI_LARGEST_TABLE") or None,
        night_at=_hour(env.get("JUANDI_NIGHT_AT") or "02:30", "JUANDI_NIGHT_AT"),
        engine=engine or _engine(env.get("JUANDI_ENGINE") or Engine.duckdb),
        spark_master=env.get("JUANDI_SPARK_MASTER") or SPARK_MASTER,
        config_file=Path(env["JUANDI_CONFIG"]).resolve() if env.get("JUANDI_CONFIG") else None,
    )


#: The tables of `juandi.toml`.
SECTIONS = frozenset({"pull", "alerts", "pages", "publishing", "retention", "spark", "load"})


def config_of(settings: Settings, section: str) -> dict[str, Any]:
    """A table of `juandi.toml`; empty where there is none.

    Raises SettingsError, without any of the file's text: a misplaced secret may be in it.
    """
    import tomllib  # only where there is a file

    path = settings.config
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):  # the latter is told of by who makes folders
        return {}
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line \d+(?=, column)", str(error))
        where = place[0] if place else "its end"
        raise SettingsError(f"{path}: no TOML at {where}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read: {type(error).__name__}") from None
    if unknown := sorted(found.keys() - SECTIONS):
        raise SettingsError(f"{path}: [{unknown[0]}] is not known; it knows {sorted(SECTIONS)}")
    table = found.get(section, {})
    if not isinstance(table, dict):
        raise SettingsError(f"{path}: {section} is to be a table, [{section}]")
    return table
