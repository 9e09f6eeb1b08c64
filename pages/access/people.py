"""Who asks: a person with roles, and for a reviewer the campaigns that are assigned to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum

from pages.access.seen import Scope


class Role(Enum):
    """What somebody does here; one person may have several."""

    ANALYST = "analyst"
    REVIEWER = "reviewer"
    ENGINEER = "engineer"


@dataclass(frozen=True)
class Person:
    """`subject` is the provider's id of them, `campaigns` the ids assigned to them."""

    subject: str
    name: str
    roles: frozenset[Role]
    campaigns: frozenset[str] = frozenset()

    @property
    def scope(self) -> Scope:
        """Which rows they see: an analyst all of the release, others what their roles need."""
        if Role.ANALYST in self.roles:
            return Scope(everything=True)
        is_reviewer = Role.REVIEWER in self.roles
        return Scope(
            campaigns=self.campaigns if is_reviewer else None,
            warehouse=Role.ENGINEER in self.roles,
        )

    @property
    def tag(self) -> str:
        """Tells apart the answers of two people, as a browser keeps them."""
        roles = sorted(role.value for role in self.roles)
        told = repr((self.subject, self.name, roles, sorted(self.campaigns)))
        return hashlib.sha256(told.encode("utf-8")).hexdigest()[:16]


#: Whoever sits at this machine, where no provider is configured.
AT_THIS_MACHINE = Person("", "", frozenset({Role.ANALYST}))
