"""Tables as files: workbooks and CSV."""

from pages.exports.text import csv_bytes
from pages.exports.workbook import SheetTooLong, TableSheet, workbook

__all__ = ["SheetTooLong", "TableSheet", "csv_bytes", "workbook"]
