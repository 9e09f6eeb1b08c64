"""Shapes of payment bills: a second table as footer, `#` frames, GBK archives, fine fees."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from pipelines.stages.standing.resolve import resolve
from tests.stages.landings import Landing, conserves

HEAD = "交易时间,微信订单号,商户订单号,交易状态,应结订单金额,微信退款单号,退款金额,手续费"
SUMMARY = "总交易单数,应结订单总金额,退款总金额,手续费总金额"


def line(number: int, fee: str = "0.00060") -> str:
    return f"`2024-08-02 10:11:12,`4{number:08d},`ORD{number:05d},`SUCCESS,`0.10,`0,`0.00,`{fee}"


def bill(rows: int, *, claimed: int | None = None, end: str = "\n") -> bytes:
    """A bill of lines of 0.10 with fees of 0.00060, its summary table last."""
    figures = f"`{claimed or rows},`{rows / 10:.2f},`0.00,`{rows * 6 / 10000:.5f}"
    lines = "\n".join(line(i) for i in range(rows))
    return f"{HEAD}\n{lines}\n{SUMMARY}\n{figures}{end}".encode()


def claims(landing: Landing) -> dict[str, tuple[str, str]]:
    (standing,) = resolve(landing.settings)
    return {c: (p, f) for c, p, f in standing.outcome.claims}


@pytest.mark.parametrize("block_bytes", [300, 1_000, 16_777_216])
@pytest.mark.parametrize("end", ["\n", ""])
def test_a_summary_table_ends_the_rows_wherever_a_block_is_cut(
    tmp_path: Path, block_bytes: int, end: str
) -> None:
    landing = Landing(tmp_path, block_bytes=block_bytes)
    landing.put("wechat_trade_bills/b_20240802.csv", bill(900, end=end))
    (account,) = landing.load()
    assert (account.rows_read, account.rows_quarantined, account.footer_rows) == (900, 0, 2)
    assert (account.footer_agrees, account.is_truncated) == (True, False)
    assert claims(landing)["fee"] == ("0.54000", "0.54000")
    assert conserves(account)


def test_a_false_summary_is_reported_and_refuses_nothing(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    landing.put("wechat_trade_bills/b_20240802.csv", bill(3, claimed=4))
    (account,) = landing.load()
    assert (account.rows_loaded, account.footer_agrees) == (3, False)
    assert claims(landing)["rows"] == ("4", "3")


def test_headings_that_a_re_export_marks_and_quotes(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    text = bill(2).decode().replace(HEAD, ",".join(f'"`{h}"' for h in HEAD.split(",")))
    text = text.replace(SUMMARY, ",".join(f'"`{h}"' for h in SUMMARY.split(",")))
    landing.put("wechat_trade_bills/b_20240802.csv", text.encode())
    (account,) = landing.load()
    assert (account.rows_loaded, account.footer_agrees) == (2, True)


def test_fees_are_exact_to_the_thousandth_of_a_fen(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    fees = ("0.00001", "-0.00060", "123.45678", "0.000001")
    rows = "\n".join(line(i, fee) for i, fee in enumerate(fees))
    landing.put("wechat_trade_bills/b_20240802.csv", f"{HEAD}\n{rows}\n".encode())
    landing.load()
    lake = landing.lake("wechat_trade_bills").sort("source_row")
    assert lake["fee_millifen"].to_list() == [1, -60, 12_345_678, None]
    assert lake["unread"].to_list() == [None, None, None, "fee=`0.000001"]


def test_a_bill_of_payments_alone_has_twenty_columns(tmp_path: Path) -> None:
    """所有成功订单账单: no refunds, and a summary without them."""
    head = (
        "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,"
        "付款银行,货币种类,应结订单金额,代金券金额,商品名称,商户数据包,手续费,费率,订单金额,费率备注"
    )
    cells = (
        "2024-08-02 10:11:12", "wxT", "150", "0", "", "4200001", "ORD1", "oT", "JSAPI", "SUCCESS",
        "OTHERS", "CNY", "12.30", "0.00", "捐款", "", "0.07380", "0.60%", "12.30", "",
    )  # fmt: skip
    summary = "总交易单数,应结订单总金额,手续费总金额,订单总金额\n`1,`12.30,`0.07380,`12.30\n"
    landing = Landing(tmp_path)
    text = f"{head}\n{','.join(f'`{c}' for c in cells)}\n{summary}"
    landing.put("wechat_trade_bills/b_20240802.csv", text.encode())
    (account,) = landing.load()
    assert (account.status, account.rows_loaded, account.footer_agrees) == ("loaded", 1, True)
    lake = landing.lake("wechat_trade_bills")
    told = lake.select("bill_kind", "order_no", "amount_fen", "refund_fen", "fee_millifen").rows()
    assert told == [("trade_success", "ORD1", 1230, None, 7380)]
    assert {"refund", "refund_requested"}.isdisjoint(claims(landing))
    assert claims(landing)["order_amount"] == ("12.30", "12.30")


def test_a_payment_and_its_revocation_are_two_lines(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    rows = f"{line(1)}\n{line(1).replace('SUCCESS', 'REVOKED')}"
    landing.put("wechat_trade_bills/b_20240802.csv", f"{HEAD}\n{rows}\n".encode())
    (account,) = landing.load()
    assert (account.rows_loaded, account.rows_superseded) == (2, 0)


DETAIL = (
    "#支付宝业务明细查询\n#账号：[2088]\n"
    "#起始日期：[2024年08月02日 00:00:00]   终止日期：[2024年08月03日 00:00:00]\n"
    "#----业务明细列表----\n"
    "支付宝交易号,商户订单号,业务类型,完成时间,订单金额（元）,商家实收（元）,退款批次号/请求号\n"
    "2024080222001\t,S1\t,交易,2024-08-02 10:00:00,9.90,9.90,\t\n"
    "2024080222001\t,S1\t,退款,2024-08-02 11:00:00,-9.90,-9.90,R1\t\n"
    "#----业务明细列表结束----,,,,,,\n"
    "#交易合计：1笔，商家实收共9.90元，商家优惠共0.00元,,,,,,\n"
    "#退款合计：1笔，商家实收退款共9.90元，商家优惠退款共0.00元\n"
)
TOTALS = (
    "#支付宝业务汇总查询\n门店编号,门店名称,交易订单总笔数,退款订单总笔数,订单金额（元）\n"
    "合计,,1,1,0.00\n"
)


def test_an_archive_of_details_and_totals_with_gbk_names(tmp_path: Path) -> None:
    out, names = io.BytesIO(), ("业务明细", "业务明细(汇总)")
    blank = {n: chr(65 + i) * len(n.encode("gbk")) for i, n in enumerate(names)}
    with zipfile.ZipFile(out, "w") as packed:
        for name, text in zip(names, (DETAIL, TOTALS), strict=True):
            packed.writestr(f"2088_{blank[name]}.csv", text.encode("gb18030"))
    data = out.getvalue()
    for name in names:  # as Chinese tools write it: GBK bytes, no UTF-8 flag
        data = data.replace(f"_{blank[name]}.".encode(), b"_" + name.encode("gbk") + b".")
    landing = Landing(tmp_path)
    landing.put("alipay_business_bills/2088.csv.zip", data)
    (account,) = landing.load()
    assert (account.status, account.rows_loaded, account.reason) == ("loaded", 2, None)
    assert f"{account.partition}" == "2024-08-02"  # the first day that the bill says it is of
    lake = landing.lake("alipay_business_bills")
    assert lake["order_no"].to_list() == ["S1", "S1"]
    assert set(lake["source_sheet"]) == {"2088_业务明细.csv"}
    assert lake["amount_fen"].to_list() == [990, -990]
    assert account.footer_agrees is True
    assert len(claims(landing)) == 6
