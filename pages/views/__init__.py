"""A module per page: from a URL to a filled template."""

from fastapi import APIRouter

from pages.views import (
    api,
    definitions,
    gaps,
    gates,
    giving,
    health,
    lines,
    login,
    organizations,
    overview,
    packs,
    projects,
    reviews,
    rows,
    search,
    sections,
    tables,
)

ROUTERS: tuple[APIRouter, ...] = (
    overview.router,
    reviews.router,
    projects.router,
    gaps.router,
    gates.router,
    packs.router,
    search.router,
    giving.router,
    organizations.router,
    sections.router,
    rows.router,
    lines.router,
    tables.router,
    definitions.router,
    api.router,
    login.router,
    health.router,
)
