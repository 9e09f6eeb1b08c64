"""The gate that looks for persons keeps no organisation back: a false alarm stops every release."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.cleaning.organizations import organization_name
from pipelines.quality.persons import public_names
from pipelines.settings import DBT_PROJECT

NAMES = Path(__file__).parents[1] / "cleaning" / "names.csv"
#: Ways in which a place stands in a name; in front of many a surname begins it (郑州, 石家庄).
WITH_PLACES = ("{}第一中学", "{}（北京）商会有限公司", "晴川光电（{}）有限公司", "{} 慈善会")


@pytest.fixture
def release() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as juandi")
        connection.execute("create schema juandi.star")
        connection.execute(
            "create table juandi.star.dim_region as select name"
            f" from read_csv('{DBT_PROJECT}/seeds/regions.csv', all_varchar = true)"
        )
        yield connection


def forms_of(connection: duckdb.DuckDBPyConnection, names: list[str]) -> dict[str, str]:
    connection.execute(
        "create or replace table juandi.star.notices as"
        " select unnest(?::varchar[]) as donor_name_public",
        [names],
    )
    told = connection.execute(f"select name, form from ({public_names(connection)})").fetchall()
    assert {name for name, _ in told} == set(names)
    return {name: form for name, form in told if form}


def test_no_organization_that_is_published_looks_like_a_person(
    release: duckdb.DuckDBPyConnection,
) -> None:
    with NAMES.open(encoding="utf-8", newline="") as file:
        labelled = [row for row in csv.DictReader(file) if row["kind"] == "organization"]
    published = [name for row in labelled if (name := organization_name(row["name"]))]
    assert len(published) > 200
    assert forms_of(release, published) == {}


def test_a_place_is_no_surname(release: duckdb.DuckDBPyConnection) -> None:
    places = ("郑州", "石家庄", "武汉", "江苏", "苏州", "温州", "徐州", "金华", "马关", "唐山")
    names = [form.format(place) for form in WITH_PLACES for place in places]
    assert forms_of(release, names) == {}
    persons = ["王小明第一中学", "晴川光电（李四）有限公司", "张三 某某慈善会", "赵小六，某某学校"]
    assert set(forms_of(release, persons)) == set(persons)
