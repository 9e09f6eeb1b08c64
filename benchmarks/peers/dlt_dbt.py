"""dlt extracts and loads into DuckDB, dbt (dbt-duckdb) builds the models.

    python -m benchmarks.peers.dlt_dbt LANDING FOLDER

Headings become ASCII columns when a file is read, because dlt turns every Chinese heading into `x`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import dlt
import duckdb

from benchmarks.peers.marts import CHECK, FACT, MARTS
from benchmarks.peers.tables import band_rows, channel_rows, gift_tables, project_rows

_ORDERS = """
    select
        trim(order_no, '`=''"') as order_no, project_no, status, channel, donor_region, team_id,
        campaign_id, donor_key, donor_kind, file_no, row_no, export_date,
        try_cast(regexp_replace(translate(amount, '０１２３４５６７８９．', '0123456789.'),
            '[￥,]', '', 'g') as decimal(18, 2)) as amount_cny,
        try_cast(refund as decimal(18, 2)) as refund_cny, refund is not null as has_refund,
        try_strptime(paid_at, ['%Y-%m-%d %H:%M:%S', '%Y/%m/%d %H:%M:%S', '%Y年%m月%d日 %H:%M:%S'])
            as paid_at
    from {{ source('raw', 'raw_orders') }}
"""


def _project(folder: Path) -> None:
    """Writes a dbt project of the shared queries, one model each."""
    models = folder / "models"
    models.mkdir(parents=True)
    (folder / "dbt_project.yml").write_text(
        "name: peer\nversion: '1.0'\nprofile: peer\nmodels:\n  peer:\n    +materialized: table\n"
        "flags:\n  send_anonymous_usage_stats: false\n"
    )
    (folder / "profiles.yml").write_text(
        "peer:\n  target: dev\n  outputs:\n    dev:\n      type: duckdb\n"
        f"      path: {folder / 'peer.duckdb'}\n      threads: {os.cpu_count()}\n"
        "      settings: {memory_limit: 8GB, preserve_insertion_order: false}\n"
    )
    names = ("raw_orders", "projects", "bands", "channels")
    tables = "".join(f"      - name: {n}\n" for n in names)
    (models / "sources.yml").write_text(
        f"version: 2\nsources:\n  - name: raw\n    schema: raw\n    tables:\n{tables}"
    )
    fact = FACT.format(since="timestamp '2007-01-01'").replace(
        "from orders", "from {{ ref('orders') }}"
    )
    for name in names[1:]:
        fact = fact.replace(f"join {name} as", f"join {{{{ source('raw', '{name}') }}}} as")
    (models / "orders.sql").write_text("{{ config(materialized='view') }}" + _ORDERS)
    (models / "fact_donation.sql").write_text(fact)
    for name, query in MARTS.items():
        text = query.replace("from fact_donation", "from {{ ref('fact_donation') }}")
        (models / f"{name}.sql").write_text(text)


def main(landing: Path, folder: Path) -> None:
    """Loads, models and prints the totals of the fact as JSON."""
    os.environ["DLT_DATA_DIR"] = str(folder / "dlt")
    pipeline = dlt.pipeline(
        "peer", destination=dlt.destinations.duckdb(str(folder / "peer.duckdb")),
        dataset_name="raw", pipelines_dir=str(folder / "dlt"),
    )  # fmt: skip
    pipeline.run(
        [
            dlt.resource(gift_tables(landing), name="raw_orders"),
            dlt.resource(project_rows(landing), name="projects"),
            dlt.resource(band_rows(), name="bands"),
            dlt.resource(channel_rows(), name="channels"),
        ],
        write_disposition="replace",
        loader_file_format="parquet",
    )
    _project(folder)
    dbt = str(Path(sys.executable).with_name("dbt"))
    where = ["--project-dir", str(folder), "--profiles-dir", str(folder)]
    subprocess.run([dbt, "--quiet", "run", *where], check=True, stdout=sys.stderr)
    with duckdb.connect(str(folder / "peer.duckdb")) as db:
        row = db.execute(CHECK.replace("fact_donation", "main.fact_donation")).fetchone()
    print(json.dumps(dict(zip(("gifts", "gross_fen", "refunded_fen", "donors"), row or (),
                              strict=True))))  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
