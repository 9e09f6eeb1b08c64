"""dbt's project, parsed once for every night that it stays the same.

Parsing takes seconds, and only changes with the project: set-up has dbt do it and keeps that under
`dbt_project/target/prepared`. Where the project is another by now, a refresh does so itself, in its
own build zone. Running what the project says is `models`' business.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from pipelines.settings import DBT_PROJECT, Engine, Settings

if TYPE_CHECKING:
    from dbt.cli.main import dbtRunnerResult

#: Where set-up leaves what it prepared for nights of DuckDB; a refresh only reads it.
PREPARED = DBT_PROJECT / "target" / "prepared"

#: Targets of the profile, by engine: what dbt compiles differs, what nodes there are does not.
PROFILES = {Engine.duckdb: "night", Engine.spark: "spark"}

#: dbt's description of the project, what it keeps for itself to parse again only what changed, and
#: the fingerprint of what both were made from.
MANIFEST, _PARSED, _STAMP = "manifest.json", "partial_parse.msgpack", "made-from"
#: … and of its metrics alone, as MetricFlow reads it.
SEMANTIC_MANIFEST = "semantic_manifest.json"

_PARTS = ("*.sql", "*.yml", "*.csv", "*.md")
_NOT_PROJECT = {"target", "logs"}


class ProjectError(RuntimeError):
    """dbt could not parse its project; the message is dbt's."""


#: Folders of dbt's output, by engine.
_FOLDERS = {Engine.duckdb: "dbt", Engine.spark: "dbt-spark"}


def prepared_by_setup(engine: Engine) -> Path:
    """The same for any engine."""
    return PREPARED if engine is Engine.duckdb else PREPARED.with_name(f"prepared-{engine}")


def dbt_target(settings: Settings, engine: Engine = Engine.duckdb) -> Path:
    """Where a warehouse keeps what dbt writes in a night of `engine`."""
    return settings.build / _FOLDERS[engine]


def fingerprint(project: Path = DBT_PROJECT, engine: Engine = Engine.duckdb) -> str:
    """Changes when any file of the project does, or dbt itself with its adapter."""
    names = ("dbt-core", "dbt-adapters", f"dbt-{engine}")
    tools = " ".join(version(name) for name in names)
    digest = hashlib.sha256(tools.encode())
    for path in sorted(p for part in _PARTS for p in project.rglob(part)):
        inner = path.relative_to(project)
        if inner.parts[0] not in _NOT_PROJECT:
            digest.update(f"\n{inner.as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def prepared(
    settings: Settings, project: Path = DBT_PROJECT, engine: Engine = Engine.duckdb
) -> Path:
    """The folder with the manifest of the project as it is, made if need be.

    Raises ProjectError with dbt's message.
    """
    now, own = fingerprint(project, engine), dbt_target(settings, engine)
    if folder := _at_hand(settings, now, engine):
        return folder
    prepare(own, now, project, engine)
    return own


@contextmanager
def semantic_manifest(settings: Settings, project: Path = DBT_PROJECT) -> Iterator[Path]:
    """What dbt made of the project's metrics, for a reader: a night's own folder is only read.

    Parsed into a folder that goes away again where nobody has prepared the project as it is. Raises
    ProjectError.
    """
    now = fingerprint(project)
    if folder := _at_hand(settings, now):
        yield folder / SEMANTIC_MANIFEST
        return
    settings.build.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix="metrics-", dir=settings.build) as parsed_for_now:
        prepare(Path(parsed_for_now), now, project)
        yield Path(parsed_for_now) / SEMANTIC_MANIFEST


def _at_hand(settings: Settings, stamp: str, engine: Engine = Engine.duckdb) -> Path | None:
    folders = (prepared_by_setup(engine), dbt_target(settings, engine))
    return next((folder for folder in folders if _stamp(folder) == stamp), None)


def _stamp(folder: Path) -> str | None:
    try:
        return (folder / _STAMP).read_text(encoding="utf-8")
    except OSError:
        return None


def prepare(
    folder: Path, stamp: str, project: Path = DBT_PROJECT, engine: Engine = Engine.duckdb
) -> None:
    """Has dbt parse `project` into `folder`. Raises ProjectError."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _STAMP).unlink(missing_ok=True)
    # all of it: told only what changed, dbt takes a description that moved for a second one
    _parse(folder, project, engine, "--no-partial-parse")
    (folder / _STAMP).write_text(stamp, encoding="utf-8")


def parsed(
    settings: Settings, project: Path = DBT_PROJECT, engine: Engine = Engine.duckdb
) -> tuple[Any, Path]:
    """The manifest as dbt itself takes it, and the folder that `prepared` gives.

    Raises ProjectError.
    """
    folder = prepared(settings, project, engine)
    options = ("--partial-parse-file-path", str(folder / _PARSED), "--no-write-json")
    return _parse(dbt_target(settings, engine), project, engine, *options), folder


def _parse(target: Path, project: Path, engine: Engine, *options: str) -> Any:
    # without variables, ever: under others dbt would parse everything again
    errors: list[str] = []

    def hear(event: Any) -> None:  # of metrics the exception says only that something is wrong
        if event.info.level == "error":
            errors.append(event.info.msg)

    done = invoke("parse", *options, target=target, project=project, heard=hear, engine=engine)
    if done.exception is not None or done.result is None:
        error = str(done.exception or "dbt could not parse the project")
        raise ProjectError("\n".join([e for e in errors if error not in e] + [error]))
    return done.result


def invoke(
    task: str,
    *options: str,
    target: Path,
    variables: Mapping[str, Any] | None = None,
    manifest: Any = None,
    project: Path = DBT_PROJECT,
    heard: Callable[[Any], None] | None = None,
    engine: Engine = Engine.duckdb,
) -> dbtRunnerResult:
    """A task of dbt in this process, under the target that the profile has for `engine`.

    Nothing is printed or logged; `heard` is called with each of dbt's events. `target` is where dbt
    writes.
    """
    from dbt.cli.main import dbtRunner

    places = {"--project-dir": project, "--profiles-dir": project, "--target-path": target,
              "--log-path": target / "logs"}  # fmt: skip # a table
    told = ("--vars", json.dumps(variables)) if variables else ()
    runner = dbtRunner(manifest, callbacks=[heard] if heard else None)
    return runner.invoke([
        "--quiet", "--log-level", "none", "--log-level-file", "none",
        task, "--target", PROFILES[engine], *told,
        *(str(word) for place in places.items() for word in place), *options,
    ])  # fmt: skip # a command line


if __name__ == "__main__":
    installed = [e for e in Engine if find_spec(f"dbt.adapters.{e}")]
    for each in installed:
        prepare(prepared_by_setup(each), fingerprint(engine=each), engine=each)
