"""Commits, pull requests and `make test` are held to the same commands; all of it is pinned."""

from __future__ import annotations

import os
import re
import subprocess
from typing import Any

import yaml

from pipelines.settings import PROJECT_ROOT


def _yaml(path: str) -> dict[Any, Any]:
    found: dict[Any, Any] = yaml.safe_load((PROJECT_ROOT / path).read_text(encoding="utf-8"))
    return found


def _hooks() -> list[dict[str, Any]]:
    repositories = _yaml(".pre-commit-config.yaml")["repos"]
    assert [repository["repo"] for repository in repositories] == ["local"]
    return [hook for repository in repositories for hook in repository["hooks"]]


def _commands(*targets: str) -> list[str]:
    """What `make` would call of the project's tools for these targets."""
    # what the make above these tests was told is not for this one
    env = {k: v for k, v in os.environ.items() if k not in ("COVERAGE", "MAKEFLAGS", "MFLAGS")}
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", *targets],
        cwd=PROJECT_ROOT, env=env, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [line for line in done.stdout.splitlines() if line.startswith(".venv/bin/")]


def test_hooks_run_what_lint_and_types_run() -> None:
    """Each tool once, as the Makefile calls it."""
    hooks = _hooks()
    ran = [line for h in hooks for line in _commands(h["entry"].split()[-1])]
    assert ran == _commands("lint", "types")
    assert {line.split()[0] for line in ran} == {
        f".venv/bin/{tool}" for tool in ("ruff", "sqlfluff", "mypy")
    }
    for hook in hooks:
        assert hook["entry"].startswith("make --no-print-directory ")
        assert (hook["language"], hook["pass_filenames"]) == ("system", False)


def test_make_test_runs_them_too() -> None:
    commands = _commands("test")
    assert set(_commands("lint", "types")) <= set(commands)
    assert " -m pytest " in commands[-1]


def test_the_workflow_is_what_anybody_can_run() -> None:
    """`.ci/run`, with rights to read; actions by commit; Pythons that the project names."""
    workflow = _yaml(".github/workflows/ci.yml")
    assert workflow["permissions"] == {"contents": "read"}
    assert workflow["concurrency"]
    (job,) = workflow["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["bash .ci/run"]
    text = (PROJECT_ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    used = re.findall(r"uses: (.+)", text)
    assert used
    for action in used:
        assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v[\d.]+", action), action
    project = (PROJECT_ROOT / "pyproject.toml").read_text(encoding="utf-8")
    legs = job["strategy"]["matrix"]["include"]
    assert [leg["python"] for leg in legs if leg["coverage"]]  # the floor is held by one of them
    for leg in legs:
        assert f"Programming Language :: Python :: {leg['python']}" in project
    assert "make --no-print-directory test" in (PROJECT_ROOT / ".ci" / "run").read_text("utf-8")


def test_updates_are_proposed_for_all_that_is_pinned() -> None:
    ecosystems = {
        update["package-ecosystem"] for update in _yaml(".github/dependabot.yml")["updates"]
    }
    assert ecosystems == {"uv", "github-actions"}
