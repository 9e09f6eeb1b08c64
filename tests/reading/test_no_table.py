"""What is no table says what it is, and shows nothing that could name a person."""

import json
from pathlib import Path

import pytest

from pipelines.reading.refusals import FileRefused
from tests.reading.files import read

BILLS = "wechat_trade_bills"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('{"code":"NO_STATEMENT_EXIST","message":"请求的账单文件不存在"}',
         "code=NO_STATEMENT_EXIST, message=请求的账单文件不存在"),
        ('{"code":"FAIL","message":"invalid sign"}', "code=FAIL, message=invalid sign"),
        ('{"x_response":{"code":"40004","sub_code":"isp.bill_not_exist"},"sign":"q"}',
         "code=40004, sub_code=isp.bill_not_exist"),
        ('{"errcode":40001,"errmsg":"用户测试昵称甲无权限"}', "errcode=40001"),
        ("<xml><return_code><![CDATA[FAIL]]></return_code>"
         "<error_code>20002</error_code></xml>", "return_code=FAIL, error_code=20002"),
        ('<?xml version="1.0"?><alipay><is_success>F</is_success><error>ILLEGAL_SIGN</error>',
         "is_success=F, error=ILLEGAL_SIGN"),
        ("<alipay><error>测试昵称甲</error></alipay>", "content is XML"),
        ("NO_BILL_EXIST", "NO_BILL_EXIST"), ("账单不存在", "账单不存在"),
        ("invalid token", "invalid token"), ('"No Bill Exist"\n', "No Bill Exist"),
        ("\n <div class='x'>测试昵称甲</div>", "HTML or XML"), ("<script>a()</script>", "HTML"),
        ("<table><tr><td>1</td></tr></table>", "HTML"), ("<!-- x --><p>1</p>", "HTML or XML"),
        ('<svg xmlns="x"><text>1</text></svg>', "SVG"), ("{\\rtf1\\ansi x}", "RTF"),
        ("From: <Saved by Blink>\r\nSubject: x\r\nMIME-Version: 1.0\r\n\r\n", "a saved page"),
        ("Return-Path: <a@example.invalid>\nReceived: by x\n\n订单号,金额\n", "a mail"),
    ],
)  # fmt: skip
def test_an_answer_or_a_page_is_named(tmp_path: Path, text: str, shown: str) -> None:
    with pytest.raises(FileRefused, match=r"file\.not_a_table") as refused:
        read(tmp_path, text.encode(), BILLS)
    assert shown in refused.value.reason
    assert "测试昵称甲" not in refused.value.reason
    assert "example.invalid" not in refused.value.reason


@pytest.mark.parametrize("text", ["用户测试昵称甲无权限", "a sentence of somebody", "13800000001"])
def test_words_that_may_name_a_person_are_not_shown(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, text.encode(), BILLS)
    assert text not in refused.value.reason


BILL = "交易时间,商户号,微信订单号,商户订单号,交易状态,应结订单金额\r\n`2024-08-02 10:00:00,`1,`2"


@pytest.mark.parametrize(
    ("document", "place"),
    [({"return_code": "SUCCESS", "data": "\ufeff" + BILL}, "data"),
     ({"a": {"b": [{"content": BILL}]}}, r"a\.b\[\]\.content"),
     ({"code": "FAIL", "测试昵称甲": BILL.replace("\r\n", " ")}, r"\*")],
)  # fmt: skip
def test_a_bill_inside_a_text_is_told_with_its_place(
    tmp_path: Path, document: object, place: str
) -> None:
    with pytest.raises(FileRefused, match=rf"file\.not_a_table.*inside the text at {place}\]"):
        read(tmp_path, json.dumps(document).encode(), BILLS)


def test_a_list_without_records_is_empty(tmp_path: Path) -> None:
    for text in ("[]", '{"code":0,"data":{"list":[]}}', "cb([])"):
        with pytest.raises(FileRefused, match=r"file\.empty"):
            read(tmp_path, text.encode(), BILLS)
