"""What damaged text becomes in the accounts: quarantined, refused with its reason, never fewer."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.stages.standing.resolve import resolve
from tests.stages.landings import Landing, conserves, row, table

GIFTS = "tencent_donations"


def _gift(number: str, amount: str = "10.00") -> dict[str, str]:
    return row(GIFTS, 订单号=number, 捐款金额=amount)


def test_orders_rounded_to_one_number_do_not_become_one(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    gifts = [_gift("12345678901234500000", f"{n}0.00") for n in range(1, 5)]
    landing.put(f"{GIFTS}/a_20240802.csv", table([*gifts, _gift("12345678901234567891", "50.00")]))
    (account,) = landing.load()
    assert (account.rows_loaded, account.rows_quarantined, account.rows_superseded) == (1, 4, 0)
    assert account.amount_quarantined_cny == Decimal("100.00")
    assert conserves(account)
    assert set(landing.refused_rows()["rule_ids"]) == {"any.damaged_id"}


def test_a_stray_quote_takes_no_other_rows_money(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    gifts = [_gift(str(10**19 + n), f"{n}0.00") for n in range(1, 6)]
    text = table(gifts).decode().splitlines()
    text[2] = text[2].replace("单笔捐", '"单笔捐')
    text[4] = text[4].replace("单笔捐", '单笔捐"')
    landing.put(f"{GIFTS}/a_20240802.csv", "\n".join([*text, ""]).encode())
    (account,) = landing.load()
    assert (account.rows_read, account.rows_loaded) == (5, 3)
    assert account.amount_read_cny == Decimal("150.00")
    assert conserves(account)
    refused = landing.refused_rows()
    assert refused["rule_ids"].to_list() == ["any.stray_quote"] * 2
    assert refused["source_row"].to_list() == [3, 5]
    assert "13800000001" not in str(refused.rows())
    lake = landing.lake(GIFTS)
    told = zip(lake["order_no"], lake["amount_fen"], strict=True)
    assert all(fen == (int(number) - 10**19) * 1000 for number, fen in told)


def test_bytes_that_are_no_character_are_named_by_line(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    data = table([_gift(str(10**19 + n)) for n in range(1, 5)])
    whole = "支付成功".encode()
    first, second, rest = data.split(whole, 2)
    landing.put(f"{GIFTS}/a_20240802.csv", first + whole + second + whole[:-1] + whole.join([rest]))
    (account,) = landing.load()
    assert (account.encoding, account.rows_loaded, account.rows_quarantined) == ("utf-8", 3, 1)
    refused = landing.refused_rows()
    assert refused.select("source_row", "rule_ids").rows() == [(3, "any.bad_bytes")]


SUMMARY = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额\n`{n},`{n},`{y},`0,`0.00\n"


@pytest.mark.parametrize(("rows", "status"), [("0", "loaded"), ("2", "refused")])
def test_a_file_without_rows_that_speaks_of_some_is_refused(
    tmp_path: Path, rows: str, status: str
) -> None:
    landing = Landing(tmp_path)
    heading = table([row("wechat_fundflow_bills")]).decode().splitlines()[0]
    text = f"{heading}\n{SUMMARY.format(n=rows, y=f'{rows}0.00')}"
    landing.put("wechat_fundflow_bills/a_20240802.csv", text.encode())
    (account,) = landing.load()
    assert account.status == status
    if status == "refused":
        assert "file.no_rows" in str(account.reason)
        assert "rows 2" in str(account.reason)


@pytest.mark.parametrize("total", ["合计,,150.00", "合计,,0"])
def test_a_total_over_no_rows_is_refused_unless_it_is_nothing(tmp_path: Path, total: str) -> None:
    landing = Landing(tmp_path)
    landing.put("donation_notices/a_20240802.csv", f"序号,捐赠人,捐赠金额\n{total}\n".encode())
    (account,) = landing.load()
    assert account.status == ("loaded" if total.endswith(",0") else "refused")


def test_data_beside_headings_is_published_nowhere(tmp_path: Path) -> None:
    landing = Landing(tmp_path)
    gift = {**_gift("10000000000000000001"), "13800000001": "x", "备注一": "y"}
    landing.put(f"{GIFTS}/a_20240802.csv", table([gift]))
    lines = json.dumps({"transcode": "10000000000000000002", "pid": "1", "money": 1,
                        "trans_time": "2024-08-02 10:00:00", "trans_state": 11,
                        "110101190001010000": 1})  # fmt: skip
    landing.put(f"{GIFTS}/b_20240802.jsonl", lines.encode())
    landing.load()
    names = [n for s in resolve(landing.settings) for n in s.outcome.unknown_columns]
    assert "备注一" in names
    assert not any("138" in n or "1101" in n for n in names)
