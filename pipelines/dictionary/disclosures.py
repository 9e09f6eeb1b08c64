"""Fields of what projects publish, and the clocks it is due by."""

from pipelines.dictionary.field import Field, Unit
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("period_from", Kind.DATE, "披露期间起（含）", "First day of the period"),
    Field("period_to", Kind.DATE, "披露期间止（含）", "Last day of the period"),
    Field("period_days", Kind.INTEGER, "期间天数，首尾皆计",
        "Days of the period, both ends counted", counts=Unit.DAYS),
    Field("published_at", Kind.DATETIME, "发布时间（北京时间）", "Published at, Beijing time"),
    Field("published_date_key", Kind.SMALL, "发布日期键", "Key of the day it was published",
        refers="dim_date.date_key"),
    Field("payout_cny", Kind.MONEY, "支出总额（元）", "Spent in all, in yuan"),
    Field("management_cost_cny", Kind.MONEY, "其中管理成本（元）",
        "Of which management costs, in yuan", "空为未载", "null where none is given"),
    Field("management_share", Kind.SHARE, "管理成本占支出总额",
        "Management costs as a share of what was spent", "空为未载或支出为0",
        "null where not given or nothing was spent"),
    Field("progress_id", Kind.ID, "进展编号", "Report id"),
    Field("title", Kind.TEXT, "标题", "Title"),
    Field("duty", Kind.TEXT,
        "interim 每三个月、final 结束后全面公开、period_gap 期间缺口、period_overlap 期间重叠、"
        "annual_report 年度报告、leftover 剩余财产、correction 已披露数字的改动",
        "interim, final, a gap or overlap of periods, annual_report, leftover property, or a"
        " correction of disclosed figures"),
    Field("duty_no", Kind.SMALL, "序号，从1开始；年度报告为应报之年",
        "Number, from 1; for an annual report, the year in which it is due"),
    Field("rule", Kind.TEXT,
        "依据：charity_law_2023_art_79、charity_law_2016_art_73（2024-09-05前到期）、"
        "periods_follow_each_other、order_81（2026-01-01起）",
        "The rule it rests on"),
    Field("window_from", Kind.DATE, "窗口、缺口、重叠或被改动期间的首日",
        "First day of the window, gap, overlap or changed period"),
    Field("window_to", Kind.DATE, "窗口、缺口或重叠的末日（含）", "Last day of it, included"),
    Field("due_on", Kind.DATE, "应于何日前公开（含）", "Due on, included", "缺口、重叠与改动为空",
        "null for gaps, overlaps and changes"),
    Field("done_on", Kind.DATE, "首次尽此义务的公开日", "First publication that fulfils it",
        "未公开或无来源则为空", "null if there is none, or where no source says"),
    Field("days_late", Kind.INTEGER,
        "逾期天数：至公开日，未公开则至截至日期；无来源则为空，绝不为0",
        "Days late: until published, else until as_of; null, never 0, where no source says",
        "改动无期限，亦为空", "null for changes, which have no due date", counts=Unit.DAYS),
    Field("days", Kind.INTEGER, "缺口或重叠的天数，首尾皆计",
        "Days of the gap or overlap, both ends counted", "义务为空", "null for duties",
        counts=Unit.DAYS),
)  # fmt: skip # a table of fields
