"""Tables as files: workbooks and CSV."""

from pages.exports.text import csv_bytes
from pages.exports.workbook import Sheet, TooManyRows, workbook

__all__ = ["Sheet", "TooManyRows", "csv_bytes", "workbook"]
