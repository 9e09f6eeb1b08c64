"""Fields of findings that want a look."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("finding_id", Kind.ID, "发现编号：规则#对象",
        "Id of the finding: the rule and what it found"),
    Field("rule_id", Kind.ID, "规则编号", "Id of the rule"),
    Field("rule_zh", Kind.TEXT, "规则名称", "Name of the rule, in Chinese"),
    Field("rule_en", Kind.TEXT, "规则英文名称", "Name of the rule, in English"),
    Field("project_name", Kind.TEXT, "项目名称", "Project name", "导出中没有的项目为空",
        "null for a project that no export has"),
    Field("found_on", Kind.DATE, "所涉之日：支付日、导出日、配捐日、版本首日或账单日",
        "The day concerned: of payment, export, grant, version or bill"),
    Field("evidence_rows", Kind.INTEGER, "证据行数", "Rows of evidence"),
    Field("evidence_zh", Kind.TEXT, "证据摘要", "The evidence in a line, in Chinese"),
    Field("evidence_en", Kind.TEXT, "证据摘要（英文）", "The evidence in a line, in English"),
    Field("evidence_query", Kind.TEXT, "查看证据行的SQL（可用于 juandi sql）",
        "SQL that shows the rows, for juandi sql"),
    Field("why_zh", Kind.TEXT, "为何是红旗", "Why it is a flag, in Chinese"),
    Field("why_en", Kind.TEXT, "为何是红旗（英文）", "Why it is a flag, in English"),
)  # fmt: skip # a table of fields
