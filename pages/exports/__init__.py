"""Tables as files: workbooks and CSV."""

from pages.exports.text import csv_parts
from pages.exports.workbook import MOST_ROWS, SheetTooLong, TableSheet, workbook

__all__ = ["MOST_ROWS", "SheetTooLong", "TableSheet", "csv_parts", "workbook"]
