"""WHAT must be true, evaluated: suites, the engine that runs them, their results, the catalogue.

The truths themselves are YAML in ``expectations/``. Nothing here moves or publishes a row, and
importing this package must stay cheap: Great Expectations is imported by ``great`` alone, and
that module only where a gate really runs.
"""

from pipelines.quality.results import GateResult
from pipelines.quality.suites import Suite, SuiteError, SuiteRule, load_suites

__all__ = ["GateResult", "Suite", "SuiteError", "SuiteRule", "load_suites"]
