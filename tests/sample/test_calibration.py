"""The sample's figures against the printed ones, read back from the files themselves."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest

from pipelines.cleaning.identifiers import is_uscc_valid
from sample import Manifest
from sample.amounts import Sizes, draw_amounts, fit
from sample.draw import Stream, apportion
from sample.organizations import JOINT_HOSTS, LUZHOU, make_uscc
from sample.regions import COUNTIES, PREFECTURES, UNDERDEVELOPED
from tests.sample.gap_oracle import newest, read

Made = tuple[Path, Manifest]


def _csv(path: Path, encoding: str) -> pl.DataFrame:
    data = path.read_bytes().decode(encoding).encode()
    frame = pl.read_csv(data, skip_rows=1, infer_schema=False)
    return frame.rename(
        {
            "交易单号": "订单号", "捐赠金额（元）": "捐款金额", "捐赠时间": "支付时间",
            "订单状态": "支付状态", "项目ID": "项目编号", "退款金额（元）": "退款金额",
            "捐赠渠道": "捐款方式", "用户标识": "捐款人ID",
        },
        strict=False,
    )  # fmt: skip


@pytest.fixture(scope="module")
def orders(full: Made) -> pl.DataFrame:
    """Every order in its newest state: number, project, fen, time, status, refund, channel."""
    out, manifest = full
    parts = []
    for facts in manifest.files:
        if facts.source != "tencent_donations":
            continue
        path = out / facts.path
        if path.suffix == ".jsonl":
            part = pl.read_ndjson(path).select(
                order=pl.col("transcode"),
                project=pl.col("pid"),
                fen=pl.col("money"),
                at=pl.col("trans_time").str.slice(0, 19).str.to_datetime(),
                status=pl.when(pl.col("trans_state") == 11).then(pl.lit("支付成功")),
                refund=pl.lit(None, pl.Int64),
                channel=pl.lit(None, pl.String),
                donor=pl.lit(None, pl.String),
            )
        else:
            encoding = facts.encoding
            shape = "%Y/%-m/%-d %H:%M:%S" if encoding == "gb18030" else "%Y-%m-%d %H:%M:%S"
            part = _csv(path, encoding).select(
                order=pl.col("订单号"),
                project=pl.col("项目编号"),
                fen=pl.col("捐款金额").str.replace(".", "", literal=True).cast(pl.Int64),
                at=pl.col("支付时间").str.to_datetime(shape),
                status=pl.col("支付状态"),
                refund=pl.col("退款金额").str.replace(".", "", literal=True).cast(pl.Int64),
                channel=pl.col("捐款方式"),
                donor=pl.col("捐款人ID"),
            )
        parts.append(part.with_columns(export=pl.lit(str(facts.partition))))
    return pl.concat(parts).sort("export").unique("order", keep="last", maintain_order=True)


def gifts(orders: pl.DataFrame) -> pl.DataFrame:
    """Paid orders."""
    return orders.filter(pl.col("status").is_in(["支付成功", "已退款", "部分退款"]))


def test_gifts_and_money_are_the_printed_ones(full: Made, orders: pl.DataFrame) -> None:
    totals, paid = full[1].totals, gifts(orders)
    assert paid.height == totals["gifts"] == 210_017
    assert paid["fen"].sum() == totals["gross_fen"] == 2_467_051_862
    assert paid["refund"].sum() == totals["refunded_fen"]
    assert paid["donor"].n_unique() - 1 == totals["donors"]  # null: the open platform names none
    net = totals["gross_fen"] - totals["refunded_fen"]
    assert 24_665_000_00 <= net < 24_675_000_00  # 约2467万元
    assert 205_000 <= paid.height < 215_000  # 约21万人次
    assert 117 < paid["fen"].to_numpy().mean() / 100 < 118


def test_most_gifts_are_small_and_a_few_are_large(orders: pl.DataFrame) -> None:
    fen = gifts(orders)["fen"].to_numpy()
    assert 0.5 < (fen <= 1_000).mean() < 0.65
    assert 2 <= (fen > 10_000_000).sum() <= 20
    assert fen.min() >= 1
    assert fen.max() < 1_000_000_00


def test_projects_receive_unequally(orders: pl.DataFrame) -> None:
    by_project = gifts(orders).group_by("project").agg(pl.col("fen").sum()).sort("fen")
    assert by_project.height == 208
    received = by_project["fen"].to_numpy()
    top = received[-21:].sum() / received.sum()
    assert 0.3 < top < 0.8


def test_days_and_hours_have_a_shape(orders: pl.DataFrame) -> None:
    paid = gifts(orders)
    days = paid.group_by(pl.col("at").dt.date().alias("day")).len().sort("day")
    assert days["day"].to_list() == [date(2024, 8, d) for d in (2, 3, 4)]
    assert days["len"].is_sorted(descending=True)
    hours = dict(paid.group_by(pl.col("at").dt.hour()).len().iter_rows())
    assert hours[10] > 5 * hours[3]
    assert hours[21] > hours[17]


def test_donors_repeat_and_all_channels_occur(orders: pl.DataFrame) -> None:
    named = gifts(orders).filter(pl.col("donor").is_not_null())
    assert 1.3 < named.height / named["donor"].n_unique() < 3
    channels = dict(named.group_by("channel").len().iter_rows())
    assert len(channels) == 8
    assert channels["单笔捐"] > channels["一起捐"] > channels["月捐"]


def test_entries_are_the_printed_ones(full: Made) -> None:
    out, manifest = full
    entries = newest(read(out, manifest, "campaign_entries", "项目编号"), "活动编号")
    admitted = [e for e in entries if e["入场结果"] == "入场"]
    counties = {e["落地区划代码"] for e in admitted}
    assert (len(entries), len(admitted)) == (296, 208)
    assert len({e["申报单位统一社会信用代码"] for e in admitted}) == 168
    assert 168 < len({e["申报单位统一社会信用代码"] for e in entries}) < 170 + 1  # 近170家
    assert len({e["领域"] for e in admitted}) == 8
    assert {c[:4] + "00" for c in counties} == set(PREFECTURES)
    assert len(counties & {c.code for c in UNDERDEVELOPED}) == 37  # 39个…基本覆盖
    assert counties <= {c.code for c in COUNTIES}


def test_the_five_supporters_have_more_than_ten_projects(full: Made) -> None:
    out, manifest = full
    last = out / "tencent_projects" / "synthetic_projects_20240805.jsonl"
    projects = pl.read_ndjson(last)
    entries = newest(read(out, manifest, "campaign_entries", "项目编号"), "活动编号")
    admitted = {e["项目编号"] for e in entries if e["入场结果"] == "入场"}
    counts = Counter(
        projects.filter(pl.col("project_no").is_in(admitted))["funder_org_name"].to_list()
    )
    assert min(counts[n] for n in (*JOINT_HOSTS, LUZHOU)) > 10


def test_hcqy_meets_its_target_on_the_first_day_and_raises_it(full: Made) -> None:
    folder = full[0] / "tencent_projects"
    table = pl.read_csv(folder / "合成数据_项目_2024-08-02.csv", skip_rows=1, infer_schema=False)
    first = table.row(by_predicate=pl.col("项目名称") == "合慈青云助学计划", named=True)
    assert float(first["已筹金额"]) > float(first["筹款目标"]) == 200_000
    for day in ("0803", "0805"):
        after = pl.read_ndjson(folder / f"synthetic_projects_2024{day}.jsonl")
        told = after.row(by_predicate=pl.col("name") == "合慈青云助学计划", named=True)
        assert told["target"] == 300_000_00
    assert told["current_donate_amount"] > 300_000_00


def test_project_totals_follow_from_the_gifts(full: Made, orders: pl.DataFrame) -> None:
    by_project = gifts(orders).group_by("project").agg(pl.col("fen").sum(), pl.len())
    projects = pl.read_ndjson(full[0] / "tencent_projects" / "synthetic_projects_20240805.jsonl")
    joined = projects.join(by_project, left_on="project_no", right_on="project")
    assert joined.height == 208
    assert (joined["current_donate_amount"] == joined["fen"]).all()
    assert (joined["current_donate_count"] == joined["len"]).all()
    children = projects.filter(pl.col("parent_project_no").is_not_null())
    parent = projects.filter(pl.col("project_no").is_in(children["parent_project_no"].implode()))
    assert parent["current_donate_amount"].to_list() == [children["current_donate_amount"].sum()]
    assert parent.select("target", "end_on").row(0) == (0, "0")
    assert projects["project_no"].str.contains(r"^\d{2,10}$").all()


def test_codes_are_valid_and_filings_begin_with_them(full: Made) -> None:
    out, manifest = full
    codes = [o["统一社会信用代码"] for o in newest(
        read(out, manifest, "organizations", "统一社会信用代码"), "统一社会信用代码")]  # fmt: skip
    frame = pl.DataFrame({"uscc": codes})
    assert frame["uscc"].n_unique() == frame.height > 168
    assert frame.select(is_uscc_valid(pl.col("uscc")).all()).item()
    projects = pl.read_ndjson(out / "tencent_projects" / "synthetic_projects_20240805.jsonl")
    filed = projects.filter(
        pl.col("filing_no").str.starts_with(pl.col("funder_uscc"))
        & pl.col("filing_no").str.contains(r"A24\d{3}$")
    )
    assert filed.height == projects.height == projects["filing_no"].n_unique()


def test_uscc_of_a_published_example() -> None:
    """GB 32100-2015's scheme with a made-up body: both check characters by hand."""
    code = make_uscc("51", "510000", 48)
    assert re.fullmatch(r"51510000HEC00048[0-9X][0-9A-Y]", code)
    # organisation part HEC00048: 17·3+14·7+12·9+0+0+0+4·4+8·2 = 289; 11 − 289 mod 11 = 8
    assert code[16] == "8"


def test_fit_is_exact_for_any_sum_a_page_can_hold() -> None:
    sizes = Sizes(0.56, 0.0147)
    for n in (1, 2, 3, 7, 40, 500):
        drawn = draw_amounts(Stream("fit", n), n, sizes)
        for total in (n, n + 1, 3 * n, 117 * n, 11_700 * n, 900_001 * n):
            fitted = fit(drawn, total)
            assert int(fitted.sum()) == total
            assert int(fitted.min()) >= 1
    with pytest.raises(ValueError, match="cannot add up"):
        fit(drawn, len(drawn) - 1)


def test_apportion_adds_up() -> None:
    for total in (0, 1, 7, 210_017):
        parts = apportion(total, [0.5, 0.0, 0.3, 0.2])
        assert sum(parts) == total
        assert parts[1] == 0
        assert all(b >= 0 for b in parts)
    assert all(abs(a - b) <= 1 for a, b in pairwise(apportion(10, [1.0] * 4)))
