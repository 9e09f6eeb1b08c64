"""Prior knowledge about this landing folder's gift files: which to read, their headings and words.

The standard library only, because other tools' scripts use it too.
"""

from __future__ import annotations

import gzip
import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import IO

SOURCE = "tencent_donations"
#: Files sent twice, refused files, and files without gifts.
_SKIP = re.compile(r"sent_again|exported_again|缺金额列|补充订单|空文件|截图")
CHANNELS = {
    "单笔捐": "single", "月捐": "monthly", "一起捐": "team", "小红花": "red_flower",
    "企业捐": "corporate", "公益消费券": "voucher", "接龙": "chain", "直播": "livestream",
}  # fmt: skip
#: Column → its headings in the forms of export.
HEADINGS = {
    "order_no": ("订单号", "交易单号"), "project_no": ("项目编号", "项目ID"),
    "amount": ("捐款金额", "捐赠金额（元）"), "paid_at": ("支付时间", "捐赠时间"),
    "status": ("支付状态", "订单状态"), "refund": ("退款金额", "退款金额（元）"),
    "channel": ("捐款方式", "捐赠渠道"), "donor_id": ("捐款人ID", "用户标识"),
    "donor_name": ("捐款人昵称", "捐款人"), "donor_region": ("捐款人地区代码",),
    "team_id": ("一起捐队伍编号",), "campaign_id": ("活动编号",),
}  # fmt: skip


def names_of(headings: list[str]) -> list[str]:
    """The columns under `headings`; `column_<n>` for one that is not needed."""
    return [
        next((name for name, known in HEADINGS.items() if h in known), f"column_{i}")
        for i, h in enumerate(headings)
    ]


def paths(landing: Path) -> list[tuple[int, str, Path, date]]:
    """(number in the order of arrival, name under the landing folder, path, export date)."""
    found = sorted(
        (p.stat().st_mtime_ns, p.relative_to(landing).as_posix(), p)
        for p in (landing / SOURCE).rglob("*")
        if p.is_file() and not _SKIP.search(p.name)
    )
    # `x (1).csv` replaces `x.csv`
    replaced = {name.replace(" (1)", "") for _, name, _ in found if " (1)" in name}
    return [
        (number, name, path, date.fromisoformat(path.parent.name))
        for number, (_, name, path) in enumerate(found)
        if name not in replaced
    ]


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked."""
    if path.suffix == ".gz":
        with gzip.open(path) as unpacked:
            yield unpacked  # type: ignore[misc]  # typeshed: a GzipFile is no IO, though it reads as one
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path) as packed, packed.open(packed.namelist()[0]) as raw:
            yield raw
    else:
        with path.open("rb") as raw:
            yield raw


def encoding_of(line: bytes) -> str:
    """utf-8 or gb18030, by one line that is not ASCII."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"
