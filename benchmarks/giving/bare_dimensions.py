"""The small files: projects, organisations, the campaign. Read with Polars, modelled with SQL.

Reference tables are the project's seeds. There are only thousands of rows: simple before fast.
"""

from __future__ import annotations

import hashlib
import io
import re
from pathlib import Path

import duckdb
import polars as pl
from python_calamine import CalamineWorkbook

SEEDS = Path(__file__).resolve().parents[2] / "dbt_project" / "seeds"
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROJECT_COLUMNS = {
    "项目编号": "project_no", "项目名称": "name", "发起机构": "org_name",
    "发起机构统一社会信用代码": "org_uscc", "公募机构": "funder_org_name",
    "公募机构统一社会信用代码": "funder_uscc", "公募备案编号": "filing_no", "一级类别": "cate",
    "二级类别": "sub_cate", "项目状态": "state", "筹款目标": "target",
    "已筹金额": "current_donate_amount", "捐款人次": "current_donate_count",
    "落地区划代码": "region_code", "立项时间": "approved_on", "开始时间": "start_on",
    "结束时间": "end_on", "母项目编号": "parent_project_no",
    "is_monthly_donate": "is_monthly_donate",
}  # fmt: skip
_NAMES = list(_PROJECT_COLUMNS.values())


def _file_id(landing: Path, path: Path) -> str:
    name = path.relative_to(landing).as_posix()
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    identity = f"{name.split('/')[0]}\n{name}\n{sha256}"
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def _fen(column: str) -> pl.Expr:
    plain = pl.col(column).str.replace_all("[￥,]", "").cast(pl.Float64, strict=False)
    return (plain * 100).round().cast(pl.Int64)


def projects(landing: Path) -> pl.DataFrame:
    """Every project of every export."""
    frames = []
    for path in sorted((landing / "tencent_projects").iterdir()):
        if path.suffix == ".jsonl":
            frame = pl.read_ndjson(path, infer_schema_length=None).with_row_index("n", 1)
            missing = [n for n in _NAMES if n not in frame.columns]
            frame = frame.with_columns(pl.lit(None, pl.String).alias(n) for n in missing)
            money = [pl.col(c).cast(pl.Int64) for c in ("target", "current_donate_amount")]
        else:
            frame = pl.read_csv(path, skip_rows=1, infer_schema=False).with_row_index("n", 3)
            frame = frame.rename(_PROJECT_COLUMNS, strict=False)
            money = [_fen(c) for c in ("target", "current_donate_amount")]
        found = re.findall(r"(20\d\d)[-_]?(\d\d)[-_]?(\d\d)", path.name)[-1]
        frames.append(
            frame.with_columns(*money)
            .with_columns(pl.col(c).cast(pl.String) for c in _NAMES if "target" not in c
                          and c != "current_donate_amount")
            .filter(pl.col("target") >= 0)
            .select(
                *_NAMES,
                pl.lit("-".join(found)).str.to_date().alias("export_date"),
                pl.lit(_file_id(landing, path)).alias("source_file_id"),
                pl.col("n").cast(pl.Int64).alias("source_row"),
            )
        )  # fmt: skip
    return pl.concat(frames)


def _is_valid(code: str) -> bool:
    try:
        total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
        return (total + _ALPHABET.index(code[17])) % 31 == 0
    except ValueError:
        return False


def organizations(landing: Path) -> pl.DataFrame:
    """The register's two exports, a row per organisation and export."""
    rows: list[list[str]] = []
    for path in sorted((landing / "organizations").rglob("*.*")):
        if path.suffix == ".xlsx":
            table = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
            text = [[str(cell) for cell in row] for row in table]
        else:
            raw = pl.read_csv(io.BytesIO(b"a,b,c,d,e,f,g,h,i,j\n" + path.read_bytes()),
                              infer_schema=False, truncate_ragged_lines=True)  # fmt: skip
            text = [["" if c is None else c for c in row] for row in raw.iter_rows()]
        day = text[1][0].partition("：")[2]
        rows += [[*row[:9], day] for row in text[3:] if len(row[0]) == 18]
    names = ["uscc", "name", "former_names", "kind", "can", "registration_authority", "level",
             "region_code", "founded_on", "export_date"]  # fmt: skip
    frame = pl.DataFrame(rows, schema=names, orient="row")
    chinese = (
        pl.col("founded_on").str.replace("年", "-").str.replace("月", "-").str.replace("日", "")
    )
    return frame.with_columns(
        chinese.str.to_date("%Y-%m-%d"),
        pl.col("export_date").str.to_date(),
        (pl.col("can") == "是").alias("can"),
        pl.Series("is_uscc_valid", [_is_valid(row[0]) for row in rows]),
    )


def dimensions(db: duckdb.DuckDBPyConnection, landing: Path) -> None:
    """dim_project, dim_organization, dim_campaign, fact_project_snapshot and temporary look-ups."""
    register = next((landing / "campaigns").glob("*.csv"))
    entries = next((landing / "campaign_entries").rglob("*.csv"))
    db.register("projects_read", projects(landing))
    db.register("organizations_read", organizations(landing))
    sql = Path(__file__).with_name("bare_dimensions.sql").read_text(encoding="utf-8")
    for name, path in {"seeds": SEEDS, "campaigns": register, "entries": entries}.items():
        sql = sql.replace(f"{{{name}}}", str(path))
    db.execute(sql)
    db.unregister("projects_read")
    db.unregister("organizations_read")
