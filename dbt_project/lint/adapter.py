"""What sqlfluff needs to render dispatched macros: dbt itself never reads this.

Which engine's variant is taken does not matter to the layout of the model that calls it.
"""

from __future__ import annotations

from collections.abc import Callable

#: Macros that stand for a query they are given, and which of their arguments it is.
_GIVEN = {"made_once": 1}


def dispatch(macro_name: str, macro_namespace: str | None = None) -> Callable[..., str]:
    """A stand-in for the macro: the query it is given, else a call of a function named like it."""
    given = _GIVEN.get(macro_name)
    if given is not None:
        return lambda *arguments, **options: str(arguments[given])
    return lambda *arguments, **options: f"{macro_name}('{macro_namespace}')"
