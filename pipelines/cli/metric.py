"""`juandi metric`: a declared figure of the published release, by whatever it can be grouped by.

What metrics are is declared in `dbt_project/metrics`; MetricFlow writes the SQL. Only the published
file is read, as `juandi sql` reads it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Timer
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Exit, Format, Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Seconds, Warehouse
from pipelines.cli.query import STOPPED
from pipelines.cli.query_process import write
from pipelines.cli.release_file import check_published, open_file, refusals
from pipelines.settings import Settings, load_settings

if TYPE_CHECKING:
    import duckdb

    from pipelines.metrics.conditions import Compared
    from pipelines.metrics.declared import Declared, Metric
    from pipelines.metrics.queries import Query

_RELEASE = "SELECT release_id, as_of FROM ops.releases ORDER BY rowid DESC LIMIT 1"


def metric(
    names: Annotated[
        str,
        typer.Argument(
            metavar="[NAME,…]",
            help="指标，可列多个；不写则列出全部 / Metrics; without one, all are listed.",
        ),
    ] = "",
    by: Annotated[
        str,
        typer.Option(
            "--by",
            envvar="JUANDI_BY",
            metavar="NAME,…",
            help="分组：day week month quarter year 与各维度 / Group by periods and dimensions.",
        ),
    ] = "",
    where: Annotated[
        list[str] | None,
        typer.Option(
            "--where",
            envvar="JUANDI_WHERE",
            metavar="NAME=VALUE",
            help="条件，可多次 / Conditions that all hold, as campaign=scsl-2024, month>=2024-01.",
        ),
    ] = None,
    warehouse: Warehouse = None,
    format_: Annotated[
        Format,
        typer.Option("--format", "-f", envvar="JUANDI_FORMAT", help="输出格式 / How to print."),
    ] = Format.table,
    as_json: Json = False,
    seconds: Seconds = 600,
) -> None:
    """指标 / A declared figure of the published release, or the list of them.

    juandi metric net_cny,donors --by campaign,month --where province=四川省
    """
    from pipelines.metrics.conditions import NoCondition, read_conditions
    from pipelines.metrics.declared import UnknownName, declared

    form = Format.json if as_json else format_
    known = declared()
    if not _split(names):
        _list(known, form)
        return
    try:
        metrics = [known.metric(name) for name in _split(names)]
        conditions = list(read_conditions(where or []))
        _answer(load_settings(warehouse), known, metrics, _split(by), conditions, form, seconds)
    except (UnknownName, NoCondition) as error:
        raise Trouble(str(error)) from None


def _split(names: str) -> list[str]:
    return list(dict.fromkeys(name.strip() for name in names.split(",") if name.strip()))


def _answer(
    settings: Settings,
    known: Declared,
    metrics: Sequence[Metric],
    by: Sequence[str],
    conditions: Sequence[Compared],
    form: Format,
    seconds: int,
) -> None:
    from pipelines.metrics.declared import check_names

    check_names(known, metrics, (*by, *(one.name for one in conditions)))
    check_published(settings)
    asked = _query(settings, known, metrics, by, conditions)
    limits = {"memory_limit": settings.memory_limit, "lock_configuration": "true"}
    with (
        open_file(settings.published, limits) as release,
        _at_most(release, seconds),
        refusals(settings.memory_limit),
    ):
        release_id, as_of = release.execute(_RELEASE).fetchall()[0]
        answered = release.execute(asked.sql, asked.parameters).fetchall()
    from pipelines.metrics.answers import columns, rows

    headings, found = columns(metrics, by), list(rows(known, metrics, by, answered))
    if form is Format.csv:
        write(iter(found), headings, form)
    elif form is Format.json:
        print_json(
            {
                "release_id": release_id,
                "as_of": as_of,
                "metrics": [_described(one) for one in metrics],
                "by": list(by),
                "rows": [dict(zip(headings, row, strict=True)) for row in found],
            }
        )
    else:
        print_rows(headings, found, right=range(len(by), len(headings)))
        for one in metrics:
            typer.echo(_note(one))
    if not found:
        complain("没有符合条件的数据 / nothing in the release meets the conditions")


def _query(
    settings: Settings,
    known: Declared,
    metrics: Sequence[Metric],
    by: Sequence[str],
    conditions: Sequence[Compared],
) -> Query:
    """Raises Trouble where MetricFlow or dbt refuses."""
    from pipelines.metrics.queries import NoAnswer, query
    from pipelines.stages.build.project import ProjectError, semantic_manifest

    try:
        with semantic_manifest(settings) as manifest:
            return query(manifest, known, metrics, by, conditions)
    except (NoAnswer, ProjectError) as error:
        raise Trouble(f"指标无法计算 / no answer: {error}") from None


@contextmanager
def _at_most(release: duckdb.DuckDBPyConnection, seconds: int) -> Iterator[None]:
    """Interrupts what the connection is doing after so many seconds. Raises Trouble."""
    import duckdb

    timer = Timer(seconds, release.interrupt)
    timer.start()
    try:
        yield
    except duckdb.InterruptException:
        raise Trouble(STOPPED.format(seconds), Exit.BLOCKED) from None
    finally:
        timer.cancel()


def _described(one: Metric) -> dict[str, object]:
    parts = {"numerator": one.numerator, "denominator": one.denominator}
    return {
        "name": one.name,
        "label": one.label.text,
        "meaning": one.meaning.text,
        "unit": f"{one.unit.zh} / {one.unit.en}",
        **(parts if one.denominator else {}),
    }


def _note(one: Metric) -> str:
    parts = f" = {one.numerator} ÷ {one.denominator}" if one.denominator else ""
    return f"{one.name}{parts}（{one.unit.zh} / {one.unit.en}）: {one.meaning.text}"


def _list(known: Declared, form: Format) -> None:
    listed = list(known.metrics.values())
    if form is Format.json:
        print_json([{**_described(one), "by": list(known.dimensions([one]))} for one in listed])
        return
    headings = ("metric", "是什么 what", "单位 unit", "÷ 分母 denominator")
    rows = [
        (one.name, one.label.text, f"{one.unit.zh} / {one.unit.en}", one.denominator or "")
        for one in listed
    ]
    if form is Format.csv:
        write(iter(rows), headings, form)
    else:
        print_rows(headings, rows)
