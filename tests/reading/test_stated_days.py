"""The day that a title states of its data; the day of a deadline is another."""

import pytest

from pipelines.reading.headings import title_day


@pytest.mark.parametrize(
    "cell",
    [
        "截至日期：2024-08-02",
        "截止日期：2024-08-02",
        "数据截止时间: 2024年8月2日",
        "社会组织名录（截至2024年8月2日）",
        "全省基金会截至 2024-08-02",
        "统计截止日期：20240802",
        "数据日期：2024/8/2",
        "报名截止时间：2024-09-30；数据截至2024-08-02",
    ],
)
def test_a_day_of_the_data(cell: str) -> None:
    assert title_day([["名录", cell]]) == "2024-08-02"


@pytest.mark.parametrize(
    "cell",
    [
        "报名截止时间：2024-12-31",
        "报名 截止日期：2024-12-31",
        "申报截止日期 2024年12月31日",
        "活动截止：2024-12-31",
        "提交截止时间：20241231",
        "项目截止日期：2024-12-31",
        "报名截至2024年12月31日",
        "材料报送截至时间：2024-12-31",
        "募捐截止日期：2024-12-31",
        "活动报名截止时间为2024-12-31",
    ],
)
def test_a_deadline_is_none(cell: str) -> None:
    assert title_day([["名录", cell]]) is None


def test_a_label_and_its_day_in_two_cells() -> None:
    assert title_day([["截至日期", "2024-08-02"]]) == "2024-08-02"
    assert title_day([["报名截止时间", "2024-12-31"]]) is None
