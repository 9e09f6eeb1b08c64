"""The command's surface: what people script against does not change by accident."""

from typing import Any

import pytest
import typer.main

from pipelines.cli.main import app

# Typer carries its own copy of click, so groups are told by what they hold, not by their class.
GROUP: Any = typer.main.get_command(app)

#: Command → its options and arguments, as the design page gives them.
SURFACE = {
    "demo": {"--warehouse", "--scale", "--seed", "--faults", "--json"},
    "refresh": {
        *("--landing", "--warehouse", "--full", "--new-key", "--no-pull", "--as-of"),
        *("--load-workers", "--engine", "--json"),
    },
    "sample": {"--out", "--campaign", "--scale", "--seed", "--faults", "--json"},
    "status": {"--warehouse", "--json"},
    "releases": {"--switches", "--warehouse", "--json"},
    "gates": {"--release", "--rule", "--all", "--warehouse", "--json"},
    "forget": {
        *("--case", "--ground", "--by", "--from", "--releases", "--unnamed", "--dry-run", "--yes"),
        *("--warehouse", "--json"),
    },
    "rollback": {
        *("release_id", "--reason", "--by", "--with-forgotten", "--warehouse", "--json"),
    },
    "forward": {
        *("release_id", "--reason", "--by", "--with-forgotten", "--warehouse", "--json"),
    },
    "retention": {"--apply", "--warehouse", "--json"},
    "diff": {"before", "after", "--table", "--limit", "--warehouse", "--json"},
    "quarantine": set(),
    "files": set(),
    "sources": set(),
    "alerts": set(),
    "sql": {"statement", "--warehouse", "--format", "--seconds"},
    "metric": {
        *("names", "--by", "--where", "--warehouse", "--format", "--json", "--seconds"),
    },
    "trace": {
        *("what", "column", "--where", "--limit", "--warehouse", "--json", "--seconds"),
    },
    "audit": set(),
    "serve": {"--warehouse", "--host", "--port", "--seconds"},
    "migrate": {"--warehouse", "--dry-run", "--json"},
    "doctor": {"--warehouse", "--landing", "--repair", "--give-up", "--json"},
}


def commands(group: Any, above: str = "") -> list[tuple[str, Any]]:
    """Every command below `group`, with its full name."""
    found: list[tuple[str, Any]] = []
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            found += commands(command, f"{above}{name} ")
        else:
            found.append((above + name, command))
    return found


ALL = commands(GROUP)


def test_the_commands() -> None:
    """Each of the documented commands is there."""
    assert set(SURFACE) <= set(GROUP.commands)
    assert {"list", "show", "export", "correct", "waive", "replay"} <= set(
        GROUP.commands["quarantine"].commands
    )
    assert {"export"} <= set(GROUP.commands["audit"].commands)
    assert {"test"} <= set(GROUP.commands["alerts"].commands)
    assert {"check"} <= set(GROUP.commands["sources"].commands)
    assert {"list", "accept", "reject"} <= set(GROUP.commands["files"].commands)


@pytest.mark.parametrize("name", [n for n, wanted in SURFACE.items() if wanted])
def test_the_flags(name: str) -> None:
    """Each takes exactly its documented flags."""
    has = {p.opts[0] for p in GROUP.commands[name].params if p.name != "help"}
    assert has == SURFACE[name]


@pytest.mark.parametrize(("name", "command"), ALL, ids=[name for name, _ in ALL])
def test_every_flag_has_a_variable_and_a_sentence(name: str, command: Any) -> None:
    """`JUANDI_…` for each flag, and help in Chinese and English."""
    assert command.help
    assert " / " in command.help.splitlines()[0]
    for parameter in command.params:
        if parameter.param_type_name == "option" and parameter.name != "help":
            assert str(parameter.envvar).startswith("JUANDI_"), f"{name} {parameter.opts}"
            assert parameter.help
            assert "/" in parameter.help
