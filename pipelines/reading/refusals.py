"""Why a whole file is refused: the catalogue of file rules and the error that carries one.

A refused file hurts itself only (law 4). Rules about single rows are in `sources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pipelines.cleaning.identities import mask_text


@dataclass(frozen=True)
class FileRule:
    """A rule about a file as a whole, and what to do if the file breaks it."""

    rule_id: str
    zh: str
    en: str
    remedy_zh: str
    remedy_en: str


_RULES = (
    FileRule("file.empty", "文件没有任何内容。", "The file is empty.",
             "确认导出是否成功后重新提交。", "Check that the export worked and submit it again."),
    FileRule("file.no_heading", "找不到表头或缺少必填列。",
             "No heading row was found, or a required column is missing.",
             "补上必填列，或在来源契约中登记新的列名。",
             "Add the required column, or add its new heading to the source's contract."),
    FileRule("file.no_rows", "表头之后有内容，但没有读到任何一行。",
             "There is content below the heading, but no row could be read.",
             "检查换行符和编码后重新导出。", "Check line ends and encoding, and export it again."),
    FileRule("file.line_ends", "换行丢失：多行数据连在一行里。",
             "The line ends were lost: rows run together in one line.",
             "从来源系统重新下载，不要经文本编辑器或聊天软件转存。",
             "Download it again from the source system, not through an editor or a chat program."),
    FileRule("file.undated", "文件名中没有业务日期。", "The file's name has no business date.",
             "在文件名中加入日期，例如 20240802。",
             "Put the date into the name, for example 20240802."),
    FileRule("file.future_date", "文件名中的业务日期在收到之日之后。",
             "The business date in the name is after the day the file came.",
             "核对文件名中的日期。", "Check the date in the file's name."),
    FileRule("file.not_a_table", "内容不是可读的表格（与扩展名不符）。",
             "The content is not a readable table (whatever the extension says).",
             "从来源系统重新导出为 CSV、JSON 或 Excel。",
             "Export again from the source system as CSV, JSON or a workbook."),
    FileRule("file.encoding", "文字编码既不是 UTF-8、UTF-16，也不是 GB18030。",
             "The text is neither UTF-8, UTF-16 nor GB18030.",
             "以 UTF-8 重新导出。", "Export again as UTF-8."),
    FileRule("file.password", "文件有密码保护。", "The file is protected by a password.",
             "去除密码后重新提交。", "Remove the password and submit it again."),
    FileRule("file.damaged", "文件损坏：内容不完整。",
             "The file is damaged: its content is incomplete.",
             "重新下载或导出。", "Download or export it again."),
    FileRule("file.too_large", "解压后超过大小限制（疑似压缩炸弹）。",
             "Unpacked, it exceeds the size limit (a decompression bomb?).",
             "拆分文件，或调高限制后重试。", "Split the file, or raise the limit."),
    FileRule("file.too_slow", "在规定的时间或内存内读不完。",
             "It could not be read within the limits of time and memory.",
             "拆分工作簿，或另存为 CSV。", "Split the workbook, or save it as CSV."),
    FileRule("file.nested_archive", "压缩包内还有压缩包。", "The archive contains another archive.",
             "只压缩一层。", "Pack the files only once."),
    FileRule("file.unsafe_path", "压缩包内的路径指向包外。",
             "A path inside the archive points outside it.",
             "重新打包，只用相对路径。", "Pack it again with plain relative paths."),
    FileRule("file.unit", "金额的单位无法确定：未知，或两处说法不一。",
             "The unit of the amounts is unclear: it is unknown, or two statements differ.",
             "写明单位，例如“单位：万元”。", "State the unit, for example 单位：万元."),
    FileRule("file.unstated",
             "文件没有这一列，标题、工作表名、文件名与文件夹也没有说明它，或说法不一。",
             "The file lacks this column, and neither a title, a sheet's name, the file's name nor"
             " a folder says it, or two of them differ.",
             "加上该列，或放进以该值命名的文件夹。",
             "Add the column, or put the file into a folder named for the value."),
    FileRule("file.two_columns", "同一列有两个表头，且同一行两处的值不同。",
             "Two headings mean the same column, and a row has a different value under each.",
             "删去其一，或改正列名。", "Remove one of them, or correct its name."),
    FileRule("file.beyond_bounds", "各行金额合计超出账目所能容纳的上限。",
             "The amounts of its rows add up to more than the accounts can hold.",
             "核对金额的单位后重新导出。", "Check the unit of the amounts and export again."),
    FileRule("file.unreadable", "读取该文件时程序出错，该文件未被读入；其他文件不受影响。",
             "The program failed while reading this file: nothing of it was loaded; other files"
             " are not affected.",
             "重新导出后提交；如仍出错，请把此信息交给维护者。",
             "Export it again; if it still fails, send this message to the maintainers."),
    FileRule("file.lost", "收档的原文件已丢失或被改动，其行也不在湖中。",
             "The archived file is missing or altered, and its rows are no longer in the lake.",
             "把原文件放回收件目录后重新更新；若无法找回，用 `juandi doctor --give-up 编号` 放弃。",
             "Put the file back into landing and refresh again; if it is gone for good, give it up:"
             " `juandi doctor --give-up ID`."),
    FileRule("file.given_up", "收档的原文件已丢失，经人确认放弃其行。",
             "The archived file is lost, and a person has given up its rows.",
             "若找到原文件，放回收件目录即可恢复。",
             "If it is found, put it back into landing."),
    FileRule("file.malformed", "JSON 结构无法读取。", "The JSON cannot be read.",
             "重新导出为每行一个对象。", "Export again with one object per line."),
)  # fmt: skip # a table

FILE_RULES: Mapping[str, FileRule] = {r.rule_id: r for r in _RULES}


class FileRefused(Exception):  # noqa: N818 - an outcome of the file, not a mistake of ours
    """A file that breaks a file rule. `detail` says what was found, without personal data."""

    def __init__(self, rule_id: str, detail: str = "") -> None:
        self.rule = FILE_RULES[rule_id]
        self.detail = mask_text(detail)
        super().__init__(self.reason)

    @property
    def reason(self) -> str:
        """One line for `ops.load_audit.reason`: rule id, both languages, remedy."""
        detail = f" [{self.detail}]" if self.detail else ""
        rule = self.rule
        problem = f"{rule.rule_id}: {rule.zh} / {rule.en}{detail}"
        return f"{problem} → {rule.remedy_zh} / {rule.remedy_en}"
