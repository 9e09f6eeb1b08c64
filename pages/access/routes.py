"""Which roles a route has: every route is named here, and one that is not is refused.

What of its rows a role sees is decided by `seen`, table by table.
"""

from __future__ import annotations

from collections.abc import Mapping

from pages.access.people import Person, Role

_READERS = frozenset({Role.ANALYST, Role.REVIEWER})
_ANALYSTS = frozenset({Role.ANALYST})
_OF_THE_WAREHOUSE = frozenset({Role.ANALYST, Role.ENGINEER})
_ALL = frozenset(Role)
#: Asked for by anybody: it shows nothing of a release, at most whether there is one.
ANYBODY: frozenset[Role] | None = None

ROUTES: Mapping[str, frozenset[Role] | None] = {
    "/": _ALL,  # an engineer is led on to /health
    "/reviews": _READERS,
    "/export/matrix.{ending}": _READERS,
    "/projects/{project_no:path}": _READERS,
    "/subjects/{chain_id}/{subject_id:path}": _READERS,
    "/gaps": _READERS,
    "/export/bodies.xlsx": _READERS,
    "/export/pack.zip": _READERS,
    "/search": _READERS,
    "/giving": _READERS,
    "/organizations": _READERS,
    "/organizations/{uscc}": _READERS,
    "/rows/{table}/{column}": _READERS,
    "/export/rows/{table}/{column}.{ending}": _READERS,
    # of the archive, which the views of a reviewer's campaigns do not cover
    "/lines/{file_id}/{line}": _ANALYSTS,
    "/api/v1/lines/{file_id}/{line}": _ANALYSTS,
    "/programs": _ANALYSTS,
    "/claims": _ANALYSTS,
    "/health": _OF_THE_WAREHOUSE,
    "/health/gates": _OF_THE_WAREHOUSE,
    "/health/gates/{rule_id}": _OF_THE_WAREHOUSE,
    "/export/gate_report.html": _OF_THE_WAREHOUSE,
    "/export/gate_report.json": _OF_THE_WAREHOUSE,
    "/tables": _ALL,
    "/tables/{name}": _ALL,
    "/export/{name}.{ending}": _ALL,
    "/definitions/{table}": _ALL,
    "/api/v1/tables": _ALL,
    "/api/v1/tables/{name}": _ALL,
    "/api/v1/openapi.json": _ALL,
    "/static/{name}": ANYBODY,
    "/language/{language}": ANYBODY,
    "/login": ANYBODY,
    "/login/done": ANYBODY,
    "/logout": ANYBODY,
    "/healthz": ANYBODY,
    "/readyz": ANYBODY,
}


def may(person: Person | None, route: str) -> bool:
    """Whether somebody may ask for a route. None is who has not logged in."""
    if route not in ROUTES:
        return False
    roles = ROUTES[route]
    return roles is None or (person is not None and bool(roles & person.roles))
