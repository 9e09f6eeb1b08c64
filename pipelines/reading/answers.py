"""Recognises text that is not a table: a web page, a mail, an API response in place of a bill.

A response's code and the vendor's standard words are shown, because they say what to do. Anything
else in it may name a person and is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

_MARKUP = re.compile(rb"^<(?:[!?/]?[A-Za-z]|!--)")
_NAMED_MARKUP = (
    (b"<svg", "an SVG picture"),
    (b"<?xml", "XML"),
    (b"<xml", "XML"),
    (b"<alipay", "XML"),
)
_MAIL_LINE = re.compile(rb"^[A-Za-z][A-Za-z-]{1,40}:[ \t]\S")
_MAIL_WORDS = re.compile(
    rb"^(?:mime-version|received|return-path|delivered-to|from|subject|content-type|message-id)\s*:",
    re.IGNORECASE,
)
_CODES = ("return_code", "result_code", "err_code", "error_code", "errcode", "err", "code",
          "sub_code", "ret", "retcode", "status", "error", "is_success")  # fmt: skip # a table
_MESSAGES = ("return_msg", "err_code_des", "errmsg", "err_msg", "message", "msg", "sub_msg",
             "error_description", "retmsg", "detail", "reason")  # fmt: skip # a table
_FINE = {"0", "200", "10000", "ok", "success", "true", "t", "是"}
_CODE = re.compile(r"^(?!.*\d{6})[A-Za-z0-9_.\-]{1,40}$")
_VOCABULARY = """
    a access account appid are auth authorization bad be bill bills business cannot code data
    date denied does empty error exist exists expired fail failed failure file for forbidden found
    frequency gateway generated has have illegal in internal invalid is limit limited many mchid
    merchant missing no not of ok or param parameter parameters permission please ready request
    requests required server service sign signature statement system the time timeout token too
    unauthorized unavailable unknown was wrong xml format try again later yet
"""
_WORDS = frozenset(_VOCABULARY.split())
_CHINESE = re.compile(
    "^(?:账单|对账单|帐单|文件|请求的?|不存在|系统|业务|内部|服务|错误|异常|失败|繁忙|超时|参数|缺少|"
    "无效|非法|签名|验签|权限|没有|无|不足|未授权|未|授权|生成|过期|已|令牌|商户号?|应用|日期|时间|格式|"
    "频率|次数|超过|限制|受限|请|稍后|重试|再试|数据|为空|查询|下载|接口|不|可用|登录|验证|的|"
    "[，。,.! ！])+$"
)
_IN_XML = re.compile(r"<([A-Za-z_]{2,40})>\s*(?:<!\[CDATA\[)?([^<\]]{1,200})")
_SHORT = 2048  # bytes; a response in plain words is never longer


def kind_of(head: bytes) -> str | None:
    """What a text that begins with `head` is, if it is markup, a mail or a document; else None."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{\\rtf"):
        return "an RTF document"
    if _MARKUP.match(start):
        low = start[:200].lower()
        named = next((what for mark, what in _NAMED_MARKUP if low.startswith(mark)), "HTML or XML")
        if b"<svg" in low:
            named = "an SVG picture"
        return named + _codes_in(_IN_XML.findall(start.decode("utf-8", errors="ignore")))
    lines = [line for line in re.split(rb"[\r\n]+", start[:2048]) if line][:4]
    if lines and all(_MAIL_LINE.match(line) for line in lines[:2]) and len(lines) > 1:
        words = sum(bool(_MAIL_WORDS.match(line)) for line in lines)
        if words:
            return "a mail or a saved page"
    return None


def answer_of(found: Any) -> str | None:
    """A JSON error response of an API, described by its codes and words; else None."""
    if not isinstance(found, dict):
        return None
    pairs = [(k, v) for k, v in _scalars(found)]
    codes = [v for k, v in pairs if k.lower() in _CODES and v.lower() not in _FINE]
    if not codes:
        return None
    return "an API response without rows" + _codes_in(pairs)


def in_words(text: str) -> str | None:
    """A response in plain words in place of a table, described; else None."""
    words = text.strip().strip('"')
    if not words or len(text) > _SHORT or "\n" in words:
        return None
    shown = _shown(words)
    return f"a message: {shown}" if shown else None


def _scalars(found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in found.items():
        if isinstance(value, dict):
            yield from ((k, v) for k, v in value.items() if isinstance(v, str))
        elif isinstance(value, str | bool):
            yield key, str(value)


def _shown(text: str) -> str | None:
    """`text` if it is a code or consists only of vendors' standard words; else None."""
    text = text.strip()
    if len(text) > 40:
        return None
    words = re.findall(r"[a-z]+", text.lower())
    plain = re.fullmatch(r"[A-Za-z ,.'!:-]+", text) is not None
    if (plain and all(w in _WORDS for w in words)) or _CHINESE.match(text):
        return text
    is_code = _CODE.match(text) is not None and (text.isupper() or text.isdigit())
    return text if is_code else None


def _codes_in(pairs: Any) -> str:
    """The codes and messages among `pairs` that may be shown, in brackets."""
    shown = []
    for key, value in pairs:
        name, value = key.lower(), value.strip()
        is_code = name in _CODES and _CODE.match(value)
        if is_code or (name in (*_CODES, *_MESSAGES) and _shown(value)):
            shown.append(f"{key}={value}")
    return f" ({', '.join(dict.fromkeys(shown[:6]))})" if shown else ""
