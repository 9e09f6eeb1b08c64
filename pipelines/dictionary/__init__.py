"""The dictionary of fields: each declared once, for sources, tables, checks and pages alike."""

from pipelines.dictionary.field import Field, Unit, Words
from pipelines.dictionary.kinds import TYPES, Kind, sql_type
from pipelines.dictionary.registry import FIELDS

__all__ = ["FIELDS", "TYPES", "Field", "Kind", "Unit", "Words", "sql_type"]
