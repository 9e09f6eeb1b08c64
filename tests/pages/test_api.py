"""The listings as JSON, CSV and Parquet: exact, paged, described."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from typing import Any

import pyarrow.parquet as parquet
import pytest
from starlette.testclient import TestClient

from pages.listings.declared import listing, names

Ask = Callable[..., list[dict[str, Any]]]


def test_json_is_exact_and_names_its_release(client: TestClient, mart: Ask) -> None:
    found = client.get("/api/v1/tables/campaigns").json()
    (release,) = mart("from ops.releases")
    (row,) = mart("from marts.campaign_summary")
    assert found["release"] == release["release_id"]
    assert found["as_of"] == str(release["as_of"])
    (one,) = found["rows"]
    assert one["net_cny"] == str(row["net_cny"])
    assert one["admission_rate"] == str(row["admission_rate"])
    assert one["starts_on"] == row["starts_on"].isoformat()


def test_pages_follow_each_other(client: TestClient, mart: Ask) -> None:
    """Each row once, with the filter kept."""
    path, seen = "/api/v1/tables/statuses?chain_id=hcqy-5&status=passed", []
    while path:
        found = client.get(path).json()
        seen += [(row["subject_id"], row["level_no"]) for row in found["rows"]]
        path = found["next"]
    rows = mart("select subject_id, level_no from marts.audit_matrix where chain_id = 'hcqy-5'"
                " and status = 'passed'")  # fmt: skip # a short query
    assert len(seen) == found["total"] == len(rows) > 200
    assert set(seen) == {(row["subject_id"], row["level_no"]) for row in rows}


def test_csv_and_parquet_hold_all_rows(client: TestClient, mart: Ask) -> None:
    """By ending and by `Accept`; names of columns and bare codes, types of the table."""
    (total,) = mart("select count(*) as n, sum(amount_cny) as s from star.fact_donation")
    accepted = client.get("/api/v1/tables/gifts", headers={"accept": "text/csv"})
    text = client.get("/api/v1/tables/gifts.csv").content
    assert accepted.content == text
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert len(rows) == total["n"]
    assert {row["donor_kind"] for row in rows} <= {"person", "organization", "anonymous", ""}
    content = client.get("/api/v1/tables/fact_donation.parquet").content
    table = parquet.read_table(io.BytesIO(content))
    assert table.num_rows == total["n"]
    assert str(table.schema.field("amount_cny").type) == "decimal128(18, 2)"
    assert sum(table["amount_cny"].to_pylist()) == total["s"]


def test_it_describes_itself(client: TestClient) -> None:
    """Every listing with its columns and filters; OpenAPI without the pages."""
    told = client.get("/api/v1/tables").json()["tables"]
    assert [one["name"] for one in told] == list(names())
    for one in told:
        assert [c["name"] for c in one["columns"]] == [c.name for c in listing(one["name"]).fields]
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert set(paths) == {
        "/api/v1/tables",
        "/api/v1/tables/{name}",
        "/api/v1/lines/{file_id}/{line}",
    }


@pytest.mark.parametrize(
    ("path", "status", "error"),
    [
        ("/api/v1/tables/none", 404, "not_found"),
        ("/api/v1/tables/gaps?x=1", 400, "bad_parameter"),
        ("/api/v1/tables/gaps?sort=x", 400, "bad_parameter"),
        ("/api/v1/tables/gaps.duckdb", 404, "not_found"),
    ],
)
def test_troubles_are_json_too(path: str, status: int, error: str, client: TestClient) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.json()["error"] == error
