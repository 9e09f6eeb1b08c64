"""Fields of where a row comes from: its file, its line, the day of its export."""

from pipelines.dictionary.field import Field
from pipelines.dictionary.kinds import Kind

FIELDS = (
    Field("export_date", Kind.DATE, "所在导出的日期（分区）",
        "Date of the export it comes from (the partition)"),
    Field("source_file_id", Kind.ID, "来源文件编号，见 ops.load_audit",
        "Source file, see ops.load_audit"),
    Field("source_row", Kind.INTEGER, "来源文件中的行号", "Line in that file"),
    Field("source_sheet", Kind.TEXT, "工作表；文本文件为空串",
        "Sheet; an empty text for text files"),
    Field("as_of", Kind.DATE, "截至日期：本表所知止于此日",
        "As-of date: the day up to which this table knows"),
)  # fmt: skip # a table of fields
