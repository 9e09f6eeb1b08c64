"""What sqlfluff needs to render dispatched macros: dbt itself never reads this.

Which engine's variant is taken does not matter to the layout of the model that calls it.
"""

from __future__ import annotations

from collections.abc import Callable


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A stand-in for the macro: a call of a function named like it."""
    return lambda *arguments, **options: f"{macro_name}('{macro_namespace}')"
