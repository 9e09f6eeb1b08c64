"""What stands in a table: units, totals, second headings, further tables, other money."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.reading.left_out import LeftOut
from pipelines.stages.build.accounts import LoadRecord
from pipelines.stages.standing.resolve import resolve
from tests.reading.files import workbook
from tests.stages.landings import Landing, conserves

NOTICES, GIFTS = "donation_notices", "tencent_donations"


def notice(tmp_path: Path, text: str) -> tuple[LoadRecord, Landing]:
    """The account of one notice as CSV."""
    landing = Landing(tmp_path)
    landing.put(f"{NOTICES}/公示_20240802.csv", text.encode())
    (account,) = landing.load()
    assert conserves(account)
    return account, landing


def sheets(tmp_path: Path, **rows: Sequence[Sequence[object]]) -> tuple[LoadRecord, Landing]:
    """The account of one notice as a workbook."""
    landing = Landing(tmp_path)
    data = workbook(tmp_path / "w.xlsx", rows)
    landing.put(f"{NOTICES}/公示_20240802.xlsx", data)
    (account,) = landing.load()
    assert conserves(account)
    return account, landing


def left(landing: Landing) -> list[LeftOut]:
    (standing,) = resolve(landing.settings)
    return list(standing.outcome.left_out)


# --- units


@pytest.mark.parametrize(
    ("above", "heading", "value", "yuan"),
    [
        ("", "金额（万元）", "1.5", "15000"),
        ("", "金额/万元", "1.5", "15000"),
        ("", "金额_千元", "1.5", "1500"),
        ("", "捐款金额（单位：百万元）", "1.5", "1500000"),
        ("", "捐赠金额【人民币万元】", "1.5", "15000"),
        ("", "金额（角）", "15", "1.5"),
        ("", "金额（万元）", '"¥1,234.50"', "1234.5"),
        ("", "金额（万元）", "RMB 12", "12"),
        ("", "金额（万元）", "12元", "12"),
        ("单位：万元", "金额", "1.5", "15000"),
        ("（单位:千元）", "金额", "1.5", "1500"),
        ("某会公示 金额单位：人民币万元", "金额", "2", "20000"),
        ("单位 万元", "金额", "2", "20000"),
        ("单位：人、万元", "金额", "2", "20000"),
        ("单位：万元", "金额", "￥2", "2"),
        ("单位：万元", "金额（元）", "2", "2"),
        ("以万元为单位", "金额", "2", "20000"),
        ("某会接收捐赠单位分类表", "金额", "2", "2"),
        ("制表单位：万元慈善超市", "金额", "2", "2"),
        ("按捐赠单位元素统计", "金额", "2", "2"),
        ("单位：万元户捐赠", "金额", "2", "2"),
        ("填报单位：某某慈善会", "金额", "2", "2"),
        ("", "金额", "5角", "0.5"),
        ("", "金额", "3千元", "3000"),
        ("", "金额", "1.2万人民币", "12000"),
    ],
)
def test_a_unit_is_a_whole_phrase_and_a_value_wins(
    tmp_path: Path, above: str, heading: str, value: str, yuan: str
) -> None:
    titles = f"{above}\n" if above else ""
    account, _ = notice(tmp_path, f"{titles}捐赠人,{heading}\n测试甲,{value}\n")
    assert account.amount_loaded_cny == Decimal(yuan)


@pytest.mark.parametrize(
    ("above", "heading"),
    [
        ("单位：10000 yuan", "金额"),
        ("单位：万元\n单位：元", "金额"),
        ("捐赠名单（万元）", "金额"),
        ("", '"捐款金额 (10,000 yuan)"'),
        ("", "金额（thousand RMB）"),
    ],
)
def test_a_unit_that_is_not_certain_refuses_the_file(
    tmp_path: Path, above: str, heading: str
) -> None:
    titles = f"{above}\n" if above else ""
    account, _ = notice(tmp_path, f"{titles}捐赠人,{heading}\n测试甲,2\n")
    assert account.status == "refused"
    assert str(account.reason).startswith("file.unit")


OPEN = {"transcode": "10000000000000000001", "pid": "7", "trans_time": "2024-08-02T10:00:00+08:00",
        "trans_state": 11}  # fmt: skip
OFFICE = {"订单号": "10000000000000000001", "项目编号": "7", "捐款时间": "2024-08-02 10:00:00",
          "支付状态": "支付成功"}  # fmt: skip


@pytest.mark.parametrize(
    ("item", "fen"),
    [
        ({**OPEN, "money": 150}, 150),
        ({**OPEN, "捐款金额": 150}, 15000),
        ({**OFFICE, "捐款金额": 150}, 15000),
        ({**OFFICE, "捐款金额（分）": 150}, 150),
        ({**OFFICE, "money": 150}, 150),
        ({**OFFICE, "捐款金额": "1.5万"}, 1_500_000),
        ({**OPEN, "money": 150, "金额（元）": 1.5}, 150),
    ],
)
@pytest.mark.parametrize("lines", [True, False])
def test_fen_only_where_the_platforms_own_keys_say_so(
    tmp_path: Path, item: dict[str, object], fen: int, lines: bool
) -> None:
    landing = Landing(tmp_path)
    text = json.dumps(item if lines else [item])
    landing.put(f"{GIFTS}/a_20240802.json", text.encode())
    (account,) = landing.load()
    assert account.reason is None
    assert landing.lake(GIFTS)["amount_fen"].to_list() == [fen]


# --- two headings of one column


def test_two_headings_of_one_column_are_joined_where_one_is_blank(tmp_path: Path) -> None:
    text = "捐赠人,捐款金额,金额（万元）\n甲,1.50,\n乙,,2\n丙,30000,3\n合计,30001.50,5\n"
    account, landing = notice(tmp_path, text)
    assert landing.lake(NOTICES)["amount_fen"].to_list() == [150, 2_000_000, 3_000_000]
    assert account.rows_quarantined == 0
    # its own total of the second column says what that column holds, not what all rows do
    assert account.footer_rows == 1


@pytest.mark.parametrize("second", ["金额", "捐赠金额（元）", "捐款金额"])
def test_two_headings_that_differ_refuse_the_file(tmp_path: Path, second: str) -> None:
    account, _ = notice(tmp_path, f"捐赠人,捐款金额,{second}\n甲,1,1\n乙,2,3\n")
    assert account.status == "refused"
    assert "file.two_columns" in str(account.reason)
    assert second in str(account.reason)


def test_two_remarks_that_differ_are_told(tmp_path: Path) -> None:
    account, landing = notice(tmp_path, "捐赠人,金额,备注,定向\n甲,1,现金,\n乙,2,转账,口罩\n")
    assert account.rows_loaded == 2
    assert landing.lake(NOTICES)["remark"].to_list() == ["现金", "转账"]
    assert left(landing) == [("column", "D", 1, 1)]


def test_two_keys_of_one_object_are_held_against_each_other(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    item = {**OPEN, "money": 150, "金额（元）": 2}
    landing.put(f"{GIFTS}/a_20240802.json", json.dumps([item]).encode())
    (account,) = landing.load()
    assert "file.two_columns" in str(account.reason)


# --- cells outside, headings over two rows, blocks


def test_cells_under_a_blank_heading_are_counted(tmp_path: Path) -> None:
    account, landing = notice(tmp_path, "捐赠人,金额,,日期\n甲,1,5,2024-08-01\n乙,2,,2024-08-01\n")
    assert account.rows_loaded == 2
    assert left(landing) == [("cells", "C", 1, 1)]


def test_cells_beyond_the_last_heading_of_a_sheet_are_counted(tmp_path: Path) -> None:
    account, landing = sheets(
        tmp_path, 公示=[["捐赠人", "金额"], ["甲", 1, "", "转账"], ["乙", 2, "", 500]]
    )
    assert (account.rows_loaded, account.amount_loaded_cny) == (2, Decimal("3.00"))
    assert left(landing) == [("cells", "公示!D", 2, 2)]


@pytest.mark.parametrize(
    ("subs", "yuan"),
    [
        (("线上", "线下"), ["150.00", "70.00"]),
        (("资金", "物资折价"), ["150.00", "70.00"]),
        (("合计", "其中：物资"), ["100.00", None]),
        (("数量", "金额"), ["50.00", "70.00"]),
    ],
)
def test_a_heading_over_two_rows(tmp_path: Path, subs: tuple[str, str], yuan: list[str]) -> None:
    account, landing = sheets(
        tmp_path,
        公示=[["序号", "捐赠单位", "捐赠金额", "", "日期"], ["", "", *subs],
              [1, "甲公司", 100, 50, "2024-08-01"], [2, "乙公司", "", 70, "2024-08-01"]],
    )  # fmt: skip
    lake = {str(Decimal(fen) / 100) for fen in landing.lake(NOTICES)["amount_fen"]}
    assert lake == {str(Decimal(y).normalize()) for y in yuan if y} or lake == {
        y.removesuffix(".00") for y in yuan if y
    }
    if None in yuan:
        assert account.rows_quarantined == 1
        assert left(landing) == [("column", "公示!D", 2, 2)]


def test_the_upper_row_of_a_heading_is_no_title(tmp_path: Path) -> None:
    """`金额（万元）` beside a merged heading states its own unit, not one for the sheet."""
    account, _ = sheets(
        tmp_path,
        公示=[["捐赠单位", "捐赠金额（万元）", "日期", ""], ["", "", "收到", "公布"],
              ["甲公司", 2, "2024-08-01", ""]],
    )  # fmt: skip
    assert (account.rows_loaded, account.amount_loaded_cny) == (1, Decimal("20000.00"))


def test_quantities_under_an_amount_are_never_yuan(tmp_path: Path) -> None:
    account, _ = sheets(
        tmp_path,
        公示=[["捐赠单位", "捐赠金额", "", "日期"], ["", "件数", "规格"],
              ["甲公司", 5000, "大", "2024-08-01"]],
    )  # fmt: skip
    assert account.status == "refused"


BLOCK = ["捐赠人", "金额"]


def test_blocks_side_by_side_are_read(tmp_path: Path) -> None:
    account, landing = sheets(
        tmp_path,
        榜=[["爱心榜"], [*BLOCK, "", *BLOCK], ["甲", 1, "", "乙", 2], ["丙", 4, "", "丁", 8],
           ["戊", 16], ["合计", "", "", "", 31]],
    )  # fmt: skip
    assert (account.rows_loaded, account.amount_loaded_cny) == (5, Decimal("31.00"))
    lake = landing.lake(NOTICES)
    assert lake.select("source_sheet", "source_row").n_unique() == 5
    assert set(lake["source_sheet"]) == {"榜", "榜!D"}
    text = "序号,捐赠人,金额,序号,捐赠人,金额\n1,甲,1,3,丙,4\n2,乙,2,,,\n"
    account, _ = notice(tmp_path / "text", text)
    assert (account.rows_loaded, account.amount_loaded_cny) == (3, Decimal("7.00"))


def test_a_table_below_is_read_or_told(tmp_path: Path) -> None:
    first: list[list[object]] = [
        ["序号", *BLOCK, "日期"], [1, "甲", 1, "2024-08-01"], ["合计", "", 1, ""],
    ]  # fmt: skip
    account, landing = sheets(
        tmp_path / "other",
        a=[*first, [], ["二、物资"], ["序号", "捐赠单位", "数量（件）", "物资名称"],
           [1, "乙公司", 500, "口罩"], [2, "丙公司", 80, "帐篷"]],
    )  # fmt: skip
    assert (account.rows_read, account.amount_loaded_cny) == (1, Decimal("1.00"))
    assert account.footer_agrees is True
    assert left(landing) == [("block", "a!A6", 2, 8)]
    account, landing = sheets(
        tmp_path / "same",
        a=[*first, ["二、单位 单位：万元"], ["金额", "捐赠单位"], [2, "乙公司"], [4, "丙公司"]],
    )
    assert (account.rows_loaded, account.amount_loaded_cny) == (3, Decimal("60001.00"))
    assert left(landing) == []
    account, landing = sheets(
        tmp_path / "back",
        a=[*first, ["姓名", "品名", "数量"], ["乙", "口罩", 500], first[0], [2, "丙", 4, ""]],
    )
    assert (account.rows_loaded, account.amount_loaded_cny) == (2, Decimal("5.00"))
    assert left(landing) == [("block", "a!A4", 1, 3)]


# --- totals


@pytest.mark.parametrize(
    "label",
    ["合计", "总计：", "共计", "总额", "总金额", "累计", "小计", "本页小计", "本页合计", "本日合计",
     "本月合计", "以上合计", "汇总", "小  计", "合计金额（元）", "Total", "Sub total", "第1页小计",
     "8月1日合计", "合計", "捐款总额", "【合计】", "总人数", "累计捐款", "过次页", "Grand Total"],
)  # fmt: skip
@pytest.mark.parametrize("at", [0, 1, 4])
def test_a_total_in_any_cell_is_no_gift(tmp_path: Path, label: str, at: int) -> None:
    cells = ["", "", "3", "", "", "2024-08-02"]
    cells[at] = label
    account, _ = notice(
        tmp_path,
        "序号,捐赠人,金额,方式,备注,日期\n1,甲,1,转账,,2024-08-01\n2,乙,2,,,2024-08-02\n"
        f"{','.join(cells)}\n",
    )
    assert (account.rows_read, account.footer_rows, account.rows_quarantined) == (2, 1, 0)
    assert account.footer_agrees is True


@pytest.mark.parametrize(
    "row",
    ["3,合计科技有限公司,3,,,", "3,甲,3,,总计划捐款,", "3,总计划,3,,,", "3,甲,3,合计,,",
     "3,某公司,3,,合计3笔,"],
)  # fmt: skip
def test_real_donors_are_not_taken_for_totals(tmp_path: Path, row: str) -> None:
    account, _ = notice(tmp_path, f"序号,捐赠人,金额,方式,备注,日期\n{row}\n")
    assert (account.rows_loaded, account.footer_rows) == (1, 0)


@pytest.mark.parametrize(
    "row", ["四年级合计,3,,", "合计,3,现金,含利息", "某院小计,3,,", "其中：线上,3,,"]
)
def test_what_may_be_a_total_is_quarantined(tmp_path: Path, row: str) -> None:
    account, landing = notice(tmp_path, f"捐赠人,金额,方式,备注\n甲,3,,\n{row}\n")
    assert (account.rows_loaded, account.rows_quarantined) == (1, 1)
    assert landing.refused_rows()["rule_ids"].to_list() == ["any.total_row"]


def test_a_donor_of_an_order_may_be_called_anything(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    text = (
        "捐款人,订单号,项目编号,捐款金额,支付时间,支付状态\n"
        "合计,10000000000000000001,1,5,2024-08-02 10:00:00,支付成功\n"
        "Total,10000000000000000002,1,7,2024-08-02 10:00:00,支付成功\n合计,,,12,,\n"
    )
    landing.put(f"{GIFTS}/a_20240802.csv", text.encode())
    (account,) = landing.load()
    assert (account.rows_loaded, account.footer_rows) == (2, 1)
    assert account.footer_agrees is True


@pytest.mark.parametrize(
    ("rows", "agrees"),
    [
        ("甲,1\n乙,2\n本页小计,3\n丙,4\n本页小计,4\n合计,7", True),
        ("甲,1\n乙,2\n本页小计,3\n丙,4\n本页小计,7\n合计,7", True),
        ("甲,1\n合计,1\n乙,2\n合计,2\n总计,3", True),
        ("甲,1\n本日合计,1\n累计,101", True),  # a running total from before this file
        ("甲,1\n乙,2\n本页小计,4\n合计,3", False),
        ("甲,1\n乙,2\n合计,4", False),
        ("甲,5\n累计,3", False),
        ("甲,1\n乙,2\n小计,3\n丙,4\n总计,4", False),
        ("甲,1\n乙,2\n合计：3元,", True),
        ("甲,1\n乙,2\n共计2笔3元,", True),
        ("甲,1", None),
    ],
)
def test_each_total_is_held_against_the_rows_it_covers(
    tmp_path: Path, rows: str, agrees: bool | None
) -> None:
    account, _ = notice(tmp_path, f"捐赠人,金额\n{rows}\n")
    assert account.footer_agrees is agrees


def test_totals_of_sheets_and_of_the_file(tmp_path: Path) -> None:
    head: list[object] = ["捐赠人", "金额"]
    one, two = [head, ["甲", 1], ["合计", 1]], [head, ["乙", 2], ["合计", 2]]
    account, _ = sheets(tmp_path / "a", 一=one, 二=two)
    assert (account.footer_agrees, account.footer_amount_cny) == (True, Decimal("3.00"))
    account, _ = sheets(tmp_path / "b", 一=one, 二=[head, ["乙", 2], ["总计", 3]])
    assert (account.footer_agrees, account.footer_amount_cny) == (True, Decimal("3.00"))
    account, _ = sheets(tmp_path / "c", 一=one, 二=[head, ["乙", 2], ["合计", 9]])
    assert account.footer_agrees is False


# --- other money


@pytest.mark.parametrize(
    ("heading", "row", "is_yuan"),
    [
        ("捐赠人,币种,金额", "甲,人民币,5", True),
        ("捐赠人,货币种类,金额", "甲,CNY,5", True),
        ("捐赠人,fee_type,金额", "甲,1,5", True),
        ("捐赠人,currency,金额", "甲,156,5", True),
        ("捐赠人,币种,金额", "甲,,5", True),
        ("捐赠人,币种,金额", "甲,人民币(CNY),5", True),
        ("捐赠人,币种,金额", "甲,美元,5", False),
        ("捐赠人,结算币种,金额", "甲,HKD,5", False),
        ("捐赠人,currency,金额", "甲,840,5", False),
        ("捐赠人,币种,金额", "甲,某种外国钱,5", False),
        ("捐赠人,金额单位,金额", "甲,万元,5", False),
        ("捐赠人,单位,金额", "甲,万元,5", False),
        ("捐赠人,单位,金额", "甲,元,5", True),
        ("捐赠人,单位,金额", "甲,某某公司,5", True),
        ("捐赠人,金额", "甲,US$5", False),
        ("捐赠人,金额", "甲,HK$5", False),
        ("捐赠人,金额", "甲,€5", False),
        ("捐赠人,金额", "甲,£5", False),
        ("捐赠人,金额", "甲,5日元", False),
        ("捐赠人,金额", "甲,USD 5.00", False),
        ("捐赠人,金额", "甲,＄5", False),
        ("捐赠人,金额", "甲,JP¥5", False),
        ("捐赠人,金额（港币）", "甲,5", False),
        ("捐赠人,金额(USD)", "甲,5", False),
        ("捐赠人,金额（美元）", "甲,￥5", True),
        ("单位：万美元,\n捐赠人,金额", "甲,5", False),
    ],
)
def test_only_yuan_is_summed(tmp_path: Path, heading: str, row: str, is_yuan: bool) -> None:
    account, landing = notice(tmp_path, f"{heading}\n{row}\n")
    told = (account.rows_loaded, account.amount_read_cny, account.rows_quarantined)
    assert told == ((1, Decimal(5), 0) if is_yuan else (0, Decimal(0), 1))
    if not is_yuan:
        refused = landing.refused_rows()
        assert refused["rule_ids"].to_list() == ["any.other_currency"]
        assert "5" in refused["raw_text"][0]  # what it was is kept


@pytest.mark.parametrize("key", ["币种", "fee_type"])
def test_other_money_in_json(tmp_path: Path, key: str) -> None:
    landing = Landing(tmp_path)
    items = [{**OPEN, "money": 150, key: "CNY"},
             {**OPEN, "transcode": "10000000000000000002", "money": 150, key: "USD"}]  # fmt: skip
    for name, text in (("a", json.dumps(items)), ("b", "\n".join(map(json.dumps, items)))):
        landing.put(f"{GIFTS}/{name}_20240802.json", text.encode())
        account = landing.load()[-1]
        assert account.amount_read_cny == Decimal("1.50")
        assert account.rows_quarantined == 1
