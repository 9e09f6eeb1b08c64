"""Fields of days and the time that a version is valid."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("date_key", Kind.SMALL, "日期键", "Key of the day", refers="dim_date"),
    Field("date_day", Kind.DATE, "日期", "Day"),
    Field("year", Kind.SMALL, "年份", "Year"),
    Field("quarter", Kind.SMALL, "季度（1至4）", "Quarter, 1 to 4"),
    Field("month", Kind.SMALL, "月", "Month"),
    Field("day_of_month", Kind.SMALL, "日", "Day of the month"),
    Field("iso_weekday", Kind.SMALL, "星期（1为星期一，7为星期日）",
        "Day of the week, 1 is Monday"),
    Field("weekday_zh", Kind.TEXT, "星期几", "Day of the week in Chinese"),
    Field("is_weekend", Kind.FLAG, "是否周末", "Whether it is a Saturday or Sunday"),
    Field("valid_from", Kind.DATE, "首次显示该状态的导出日",
        "Export date that first shows this state"),
    Field("valid_to", Kind.DATE, "该状态的末日（含）", "Last day of this state, included",
        "空为当前", "null if current"),
    Field("is_current", Kind.FLAG, "是否当前版本", "Whether it is the current version"),
)  # fmt: skip # a table of fields
