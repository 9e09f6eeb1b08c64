"""What printed digits allow: each word and each unit, by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipelines.cleaning.printed import LARGEST, bands, kind_of, plain_unit

#: Text, unit → the number, its bounds as one writes an interval; no end is blank.
PRINTED = [
    # digits alone: a count is exact, everything else was rounded to its last place
    ("1934个", "个", "1934", "[1934, 1934]"),
    ("5594.74万", "人次", "55947400", "[55947350, 55947450)"),
    ("67.89万", "人次", "678900", "[678850, 678950)"),
    ("22.65亿元", "CNY", "2265000000", "[2264500000, 2265500000)"),
    ("8163万元", "CNY", "81630000", "[81625000, 81635000)"),
    ("141.37元", "CNY", "141.37", "[141.365, 141.375)"),
    ("365元", "元", "365", "[364.5, 365.5)"),
    ("74.26%", "%", "74.26", "[74.255, 74.265)"),
    ("74％", "%", "74", "[73.5, 74.5)"),
    ("5.5倍", "倍", "5.5", "[5.45, 5.55)"),
    ("增长23倍", "倍", "23", "[23, 24)"),
    ("2,467万元", "CNY", "24670000", "[24665000, 24675000)"),
    ("２５家", "家", "25", "[25, 25]"),
    ("1-2个", "个", "1", "[1, 2]"),
    ("0投诉", "件", "0", "[0, 0]"),
    ("平台上300家", "家", "300", "[300, 300]"),
    ("附近20家", "家", "20", "[20, 20]"),
    ("签约20家", "家", "20", "[20, 20]"),
    ("36家机构联合发起", "家", "36", "[36, 36]"),
    ("二十万元", "CNY", "200000", "[150000, 250000)"),
    # at least
    ("150余个", "县", "150", "(150, )"),
    ("90万余元", "CNY", "900000", "(900000, )"),
    ("80余万元", "CNY", "800000", "(800000, )"),
    ("2万多名", "人", "20000", "(20000, )"),
    ("超1.2亿元", "CNY", "120000000", "(120000000, )"),
    ("超30余位", "人", "30", "(30, )"),
    ("突破2000亿元", "CNY", "200000000000", "(200000000000, )"),
    ("50%以上", "%", "50", "[50, )"),
    ("不少于8人", "人", "8", "[8, )"),
    ("上百万群众", "人", "1000000", "[1000000, )"),
    ("千余人", "人", "1000", "(1000, )"),
    ("超过一万家", "家", "10000", "(10000, )"),
    ("1/3以上", "%", "33.333333", "[33.333333, )"),
    # at most
    ("不足30万元", "CNY", "300000", "[0, 300000)"),
    ("30万元以下", "CNY", "300000", "[0, 300000]"),
    ("不超过10%", "%", "10", "[0, 10]"),
    # nearly, about: one of the last digit that is no round nought
    ("近170家", "家", "170", "[160, 170]"),
    ("近75个", "个", "75", "[74, 75]"),
    ("近六成", "%", "60", "[50, 60]"),
    ("近2万名", "人", "20000", "[10000, 20000]"),
    ("约2467万元", "CNY", "24670000", "[24660000, 24680000]"),
    ("约21万人次", "人次", "210000", "[200000, 220000]"),
    ("3名左右", "人", "3", "[2, 4]"),
    ("约3000个", "个", "3000", "[2000, 4000]"),
    # 达 says nothing about the bounds
    ("达1.78亿元", "CNY", "178000000", "[177500000, 178500000)"),
]


@pytest.mark.parametrize(("text", "unit", "value", "interval"), PRINTED)
def test_what_a_print_allows(text: str, unit: str, value: str, interval: str) -> None:
    (band,) = bands(text, kind_of(unit))
    assert band.value == Decimal(value)
    low, high = interval[1:-1].split(",")
    assert (band.low, band.low_included) == (Decimal(low), interval[0] == "[")
    assert band.high == (Decimal(high) if high.strip() else None)
    assert high.strip() == "" or band.high_included == (interval[-1] == "]")


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("获得超多万人次", "人次"),  # digits that a reprint lost
        ("规模为万元", "CNY"),
        ("数百万人", "人"),
        ("2020年至2022年", "个"),
        ("8月2日", "个"),
        ("第37届", "个"),
        ("发展十余年", "年"),
        ("30万元", "人"),  # yuan are no people
        ("202份", "%"),
        ("约200余人不足", "人"),  # words that contradict each other
        (f"{LARGEST * 10}个", "个"),
        ("0.123456%", "%"),
        ("1/0", "%"),
        ("2024/8", "%"),
        (f"{'9' * 40}/1", "%"),
        (f"1-{'9' * 40}个", "个"),
        ("三百五十家", "家"),
        ("30万美元", "CNY"),
    ],
)
def test_what_is_no_figure(text: str, unit: str) -> None:
    assert list(bands(text, kind_of(unit))) == []


def test_a_qualifier_of_its_own_column_counts_where_the_print_has_none() -> None:
    (opened,) = bands("68万个", "count", "超")
    assert (opened.low, opened.high, opened.low_included) == (Decimal(680_000), None, False)
    (own,) = bands("约68万个", "count", "超")
    assert own.high == 690_000
    (exact,) = bands("68个", "count", "确数")
    assert (exact.low, exact.high) == (Decimal(68), Decimal(68))


def test_each_number_of_a_text_is_found_by_its_kind() -> None:
    text = "2015年至2020年从0.96亿元上升至22.65亿元，10元以下占50%以上，150余个县、200多个项目"
    assert [b.value for b in bands(text, "money")] == [96_000_000, 2_265_000_000, 10]
    assert [b.value for b in bands(text, "percent")] == [50]
    assert [b.value for b in bands(text, "count")] == [150, 200]


@pytest.mark.parametrize(
    ("unit", "plain", "times"),
    [("元", "CNY", 1), ("亿元", "CNY", 10**8), ("万人次", "人次", 10_000), ("%", "%", 1),
     ("元/机构", "CNY/机构", 1), ("人民币", "CNY", 1), ("个", "个", 1), ("万", "万", 1)],
)  # fmt: skip # a table
def test_a_unit_without_its_multiple(unit: str, plain: str, times: int) -> None:
    assert plain_unit(unit) == (plain, times)


def test_bands_meet_where_they_share_a_number() -> None:
    (half_open,) = bands("5.5倍", "times")
    assert half_open.meets(Decimal("5.45"), Decimal("5.45"))
    assert not half_open.meets(Decimal("5.55"), Decimal("6"))
    assert not half_open.meets(Decimal("5"), Decimal("5.449999"))
    (above,) = bands("超100个", "count")
    assert not above.meets(Decimal(0), Decimal(100))
    assert above.meets(Decimal(0), Decimal(101))
    assert above.meets(Decimal(5), None)
