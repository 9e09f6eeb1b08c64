"""PySpark on all cores of this machine, with Parquet files in between.

python -m benchmarks.peers.pyspark_local LANDING FOLDER
"""

from __future__ import annotations

import json
import os
import sys
from datetime import date
from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - as Spark's own pages do

from benchmarks.giving import known_files
from benchmarks.giving.known_files import HEADINGS, SOURCE
from benchmarks.peers.marts import CHECK, FACT, MARTS
from benchmarks.peers.tables import band_rows, channel_rows, project_rows


def _pseudonym(column: Column, key: bytes) -> Column:
    """HMAC-SHA256 (RFC 2104) built from Spark's sha2."""
    padded = key.ljust(64, b"\0")
    inner, outer = (F.lit(bytes(b ^ mark for b in padded)) for mark in (0x36, 0x5C))
    message = F.concat(F.lit(f"{SOURCE}:donor_id:"), column).cast("binary")
    hashed = F.sha2(F.concat(outer, F.unhex(F.sha2(F.concat(inner, message), 256))), 256)
    return F.substring(hashed, 1, 32)


def _read(spark: SparkSession, path: Path, folder: Path) -> DataFrame:
    """One file as text columns by their common names."""
    if ".jsonl" in path.name:
        names = "transcode string, pid string, money string, trans_time string, trans_state string"
        raw = spark.read.json(str(path), schema=names)
        yuan = F.expr("cast(try_cast(money as bigint) / 100 as decimal(18, 2))").cast("string")
        state = F.when(F.col("trans_state") == "11", "支付成功").otherwise("待支付")
        return raw.select(
            F.col("transcode").alias("order_no"), F.col("pid").alias("project_no"),
            yuan.alias("amount"), F.substring("trans_time", 1, 19).alias("paid_at"),
            state.alias("status"),
        ).withColumn("paid_at", F.translate("paid_at", "T", " "))  # fmt: skip
    if path.suffix == ".zip":  # a format that Spark does not read
        with known_files.opened(path) as packed:
            path = folder / path.stem
            path.write_bytes(packed.read())
    with known_files.opened(path) as first:
        first.readline()
        line = first.readline()
    encoding = known_files.encoding_of(line)
    names = known_files.names_of(line.decode(encoding).strip().split(","))
    schema = ", ".join(f"{n} string" for n in [*names, "more"])
    return (
        spark.read.csv(str(path), schema=schema, encoding=encoding, quote='"', escape='"')
        .where("more is null")
        .select(*(n for n in names if n in HEADINGS))
    )


def _orders(spark: SparkSession, landing: Path, folder: Path, key: bytes) -> DataFrame:
    files = [
        _typed(_read(spark, path, folder), number, day, key)
        for number, _, path, day in known_files.paths(landing)
    ]
    together = files[0]
    for one in files[1:]:
        together = together.unionByName(one)
    return together


def _typed(raw: DataFrame, number: int, day: date, key: bytes) -> DataFrame:
    for name in HEADINGS:
        if name not in raw.columns:
            raw = raw.withColumn(name, F.lit(None).cast("string"))
    plain = F.regexp_replace(
        F.translate("amount", "０１２３４５６７８９．", "0123456789."), "[￥,]", ""
    )
    shapes = ("yyyy-MM-dd HH:mm:ss", "yyyy/M/d HH:mm:ss", "yyyy年M月d日 HH:mm:ss")
    company = F.coalesce(F.col("donor_name").contains("公司"), F.lit(False))
    return raw.select(
        F.expr("trim(BOTH '`=\"\\'' FROM order_no)").alias("order_no"), "project_no", "status",
        "channel", "donor_region", "team_id", "campaign_id",
        _pseudonym(F.col("donor_id"), key).alias("donor_key"),
        F.when(company, "organization").when(F.col("donor_id").isNull(), "anonymous")
        .otherwise("person").alias("donor_kind"),
        plain.try_cast("decimal(18,2)").alias("amount_cny"),
        F.col("refund").try_cast("decimal(18,2)").alias("refund_cny"),
        F.col("refund").isNotNull().alias("has_refund"),
        F.coalesce(*(F.try_to_timestamp("paid_at", F.lit(s)) for s in shapes)).alias("paid_at"),
        F.lit(number).alias("file_no"), F.monotonically_increasing_id().alias("row_no"),
        F.lit(day).alias("export_date"),
    )  # fmt: skip


def main(landing: Path, folder: Path) -> None:
    """Loads, models and prints the totals of the fact as JSON."""
    spark = (
        SparkSession.builder.master("local[*]")
        .config("spark.driver.memory", "6g")
        .config("spark.ui.enabled", "false")
        .config("spark.local.dir", str(folder / "tmp"))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.sql.session.timeZone", "Asia/Shanghai")
        .config("spark.sql.legacy.javaCharsets", "true")  # GB18030
        .config("spark.sql.shuffle.partitions", str(4 * (os.cpu_count() or 1)))
        .config("spark.driver.extraJavaOptions", f"-Djava.io.tmpdir={folder}")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("ERROR")
    key = os.environ["JUANDI_PSEUDONYM_KEY"].encode()
    for name, rows in (("projects", project_rows(landing)), ("bands", band_rows()),
                       ("channels", channel_rows())):  # fmt: skip
        F.broadcast(spark.createDataFrame(rows)).createOrReplaceTempView(name)
    _orders(spark, landing, folder, key).createOrReplaceTempView("orders")

    def store(name: str, query: str) -> None:
        out = str(folder / f"{name}.parquet")
        spark.sql(query).write.mode("overwrite").parquet(out)
        spark.read.parquet(out).createOrReplaceTempView(name)

    store("fact_donation", FACT.format(since="timestamp '2007-01-01'"))
    for name, query in MARTS.items():
        store(name, query)
    print(json.dumps(spark.sql(CHECK).first().asDict()))
    spark.stop()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
