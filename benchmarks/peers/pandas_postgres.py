"""pandas types the columns, SQLAlchemy and COPY load them, PostgreSQL builds the models.

    python -m benchmarks.peers.pandas_postgres LANDING FOLDER /usr/lib/postgresql/15/bin

Uses its own server in FOLDER, reached by a socket there, run as the user `postgres` (it refuses
to run as root) and stopped at the end.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from benchmarks.peers.marts import CHECK, FACT, MARTS
from benchmarks.peers.tables import band_rows, channel_rows, gift_tables, project_rows

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．", "0123456789.", "￥,")
_FORMATS = ("%Y-%m-%d %H:%M:%S", "%Y/%m/%d %H:%M:%S", "%Y年%m月%d日 %H:%M:%S")
_ORDERS = """
    create unlogged table orders (
        order_no text, project_no text, amount_cny numeric(18, 2), paid_at timestamp, status text,
        refund_cny numeric(18, 2), channel text, donor_region text, team_id text,
        campaign_id text, donor_key text, donor_kind text, file_no int, row_no bigint,
        export_date date, has_refund boolean
    )
"""


def _as_postgres(command: list[str]) -> list[str]:
    return ["runuser", "-u", "postgres", "--", *command] if os.geteuid() == 0 else command


@contextmanager
def server(programs: Path, folder: Path) -> Iterator[str]:
    """A PostgreSQL server in `folder`; yields its URL."""
    data = folder / "pg"
    data.mkdir(mode=0o700)
    if os.geteuid() == 0:
        shutil.chown(data, "postgres", "postgres")
    make = [str(programs / "initdb"), "-D", str(data), "-A", "trust", "-U", "peer", "-E", "UTF8",
            "--locale", "C", "--no-sync"]  # fmt: skip
    subprocess.run(_as_postgres(make), check=True, stdout=subprocess.DEVNULL)
    options = {
        "listen_addresses": "", "unix_socket_directories": str(data), "shared_buffers": "1GB",
        "work_mem": "256MB", "maintenance_work_mem": "512MB", "wal_level": "minimal",
        "max_wal_senders": "0", "fsync": "off", "synchronous_commit": "off",
        "max_wal_size": "8GB", "jit": "off",
    }  # fmt: skip
    run = [str(programs / "postgres"), "-D", str(data)]
    for name, value in options.items():
        run += ["-c", f"{name}={value}"]
    with (folder / "postgres.log").open("wb") as log:
        running = subprocess.Popen(_as_postgres(run), stdout=log, stderr=log)
        try:
            for _ in range(100):
                if (data / ".s.PGSQL.5432").exists():
                    break
                time.sleep(0.1)
            yield f"postgresql+psycopg2://peer@/postgres?host={data}"
        finally:
            stop = [str(programs / "pg_ctl"), "-D", str(data), "-m", "fast", "stop"]
            subprocess.run(_as_postgres(stop), check=False, stdout=subprocess.DEVNULL)
            running.wait(60)


def typed(table: Any) -> pd.DataFrame:
    """A block of text columns with their types."""
    frame: pd.DataFrame = table.to_pandas()
    amount = pd.to_numeric(frame["amount"], errors="coerce")
    odd = amount.isna() & frame["amount"].notna()
    if odd.any():
        plain = frame.loc[odd, "amount"].map(lambda t: t.translate(_FULL_WIDTH))
        amount[odd] = pd.to_numeric(plain, errors="coerce")
    frame["order_no"] = frame["order_no"].str.strip("`='\"")
    moment = pd.Series(pd.NaT, index=frame.index, dtype="datetime64[us]")
    for shape in _FORMATS:
        rest = moment.isna()
        if not rest.any():
            break
        moment[rest] = pd.to_datetime(frame.loc[rest, "paid_at"], format=shape, errors="coerce")
    frame["has_refund"] = frame["refund"].notna()
    frame["amount_cny"] = amount.round(2)
    frame["refund_cny"] = pd.to_numeric(frame["refund"], errors="coerce").round(2)
    frame["paid_at"] = moment
    return frame[
        ["order_no", "project_no", "amount_cny", "paid_at", "status", "refund_cny", "channel",
         "donor_region", "team_id", "campaign_id", "donor_key", "donor_kind", "file_no", "row_no",
         "export_date", "has_refund"]
    ]  # fmt: skip


def _copy(table: Any, connection: Any, keys: list[str], rows: Any) -> None:
    """The method that pandas' documentation recommends for to_sql into PostgreSQL."""
    import csv

    text = io.StringIO()
    csv.writer(text).writerows(rows)
    text.seek(0)
    with connection.connection.cursor() as cursor:
        names = ", ".join(f'"{k}"' for k in keys)
        cursor.copy_expert(f"copy {table.name} ({names}) from stdin with csv", text)


def main(landing: Path, folder: Path, programs: Path) -> None:
    """Loads, models and prints the totals of the fact as JSON."""
    with server(programs, folder) as url:
        engine = sa.create_engine(url)
        with engine.begin() as db:
            db.execute(sa.text(_ORDERS))
            for name, rows in (("projects", project_rows(landing)), ("bands", band_rows()),
                               ("channels", channel_rows())):  # fmt: skip
                pd.DataFrame(rows).to_sql(name, db, index=False, method=_copy)
            for table in gift_tables(landing):
                typed(table).to_sql("orders", db, index=False, if_exists="append", method=_copy)
        with engine.begin() as db:
            db.execute(sa.text("analyze"))
            fact = FACT.format(since="timestamp '2007-01-01'").replace(":", "\\:")
            db.execute(sa.text(f"create unlogged table fact_donation as {fact}"))
            db.execute(sa.text("analyze fact_donation"))
            for name, query in MARTS.items():
                db.execute(sa.text(f"create unlogged table {name} as {query}"))
            print(json.dumps(dict(db.execute(sa.text(CHECK)).mappings().one())))
        engine.dispose()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]))
