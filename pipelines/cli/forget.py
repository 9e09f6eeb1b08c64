"""`juandi forget`: somebody asked to be deleted; their rows keep the money and lose the person.

Whom it is about is never an argument, for shells keep those: it is asked for, or read from standard
input or a file. Shown are counts and money. What is kept and what follows is
`stages.receive.forgetting`'s and the next refresh's.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import Exit, Trouble, complain, print_json, print_rows
from pipelines.cli.options import Json, Warehouse
from pipelines.settings import BEIJING, load_settings

if TYPE_CHECKING:
    from pipelines.stages.load.unnaming import PersonRows
    from pipelines.stages.receive.forgetting import NamedPerson


class Ground(StrEnum):
    """Why: the cases of article 47 of the Personal Information Protection Law. No free text, in
    which a name could stand."""

    purpose_served = "purpose_served"
    service_ended = "service_ended"
    consent_withdrawn = "consent_withdrawn"
    unlawful = "unlawful"
    other_law = "other_law"


_HEADINGS = (
    "来源 source",
    "文件 files",
    "行 lines",
    "笔或条 records",
    "金额 CNY",
    "计为组织 as an organisation",
    "隔离行 refused",
)
_ASKED = "列=值，空行结束 column=value, a blank line ends"


def forget(
    case_no: Annotated[
        str,
        typer.Option(
            "--case",
            envvar="JUANDI_CASE",
            metavar="NUMBER",
            help="案件编号，一人一件 / Number of the request's file: one for each person.",
        ),
    ],
    ground: Annotated[
        Ground,
        typer.Option(
            "--ground",
            envvar="JUANDI_GROUND",
            help="依据：个人信息保护法第四十七条之各项 / Which case of PIPL article 47 it is.",
        ),
    ] = Ground.consent_withdrawn,
    by: Annotated[
        str,
        typer.Option(
            "--by",
            envvar="JUANDI_BY",
            metavar="ROLE",
            help="处理人的角色，不写姓名 / In what role you decide; no name.",
        ),
    ] = "privacy",
    named_in: Annotated[
        Path | None,
        typer.Option(
            "--from",
            envvar="JUANDI_FROM",
            metavar="FILE",
            help="写明是谁的文件，- 为标准输入 / Where it says who: a file, - for standard input "
            "[default: you are asked].",
            show_default=False,
        ),
    ] = None,
    lets_releases_go: Annotated[
        bool,
        typer.Option(
            "--releases",
            envvar="JUANDI_RELEASES",
            help="旧发布一并删除 / With the next release, delete the kept ones that hold them.",
        ),
    ] = False,
    is_unnamed: Annotated[
        bool,
        typer.Option(
            "--unnamed",
            envvar="JUANDI_UNNAMED",
            help="换密钥后已无从查起 / After a new key: nobody can say any more who the case is.",
        ),
    ] = False,
    dry_run: Annotated[
        bool,
        typer.Option(
            "--dry-run",
            envvar="JUANDI_DRY_RUN",
            help="只看不改 / Show what is found, keep nothing.",
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", envvar="JUANDI_YES", help="不再询问 / Do not ask again.")
    ] = False,
    warehouse: Warehouse = None,
    as_json: Json = False,
) -> None:
    """遗忘一人 / Forget a person who asked for it (PIPL 47): rows keep the money, lose the person.

    It cannot be taken back. The next refresh applies it, and it holds for every file to come.
    """
    from polars.exceptions import PolarsError

    from pipelines.publishing.lock import RefreshRunning, refresh_lock
    from pipelines.stages.load.keys import held_key
    from pipelines.stages.load.unnaming import found_rows, unname
    from pipelines.stages.receive.forgetting import (
        CannotForget,
        ForgetRequest,
        NamedPerson,
        check_waits,
        check_words,
        forget_person,
        known_before,
        of_sources,
        read_named,
        unnamed,
    )

    settings = load_settings(warehouse)
    if not settings.archive.is_dir():  # do not create a mistyped folder
        raise Trouble(
            f"{settings.warehouse} 中没有归档，请检查 --warehouse / "
            f"no archive in {settings.warehouse}; check --warehouse"
        )
    key = held_key(settings)
    now = datetime.now(BEIJING).isoformat(timespec="seconds")
    request = ForgetRequest(case_no.strip(), ground.value, by.strip(), now, lets_releases_go)
    try:
        if is_unnamed:
            check_words(request.case_no, request.by, NamedPerson({}))
            check_waits(settings, request.case_no, key)
            if not dry_run:
                _confirm(yes=yes)
                with refresh_lock(settings):
                    unnamed(settings, request, key)
                complain(f"已记 kept: {request.case_no}")
            if as_json:
                print_json({"is_dry_run": dry_run, "given_up": request.case_no})
            return
        person = read_named(_lines(named_in), key)
        check_words(request.case_no, request.by, person)
        found = found_rows(settings, person.pseudonyms, key)
        before = known_before(settings, person, key)
        person = of_sources(person, found, before, key)
        is_done = set(person.marks(key)) <= before
        if not as_json:
            _show(person, found, is_done=is_done)
        files = 0
        if not is_done and not dry_run:
            _confirm(yes=yes)
            with refresh_lock(settings):
                forget_person(settings, person, found, request, key)
                gone = unname(settings, key)
            files = len(gone.read_again) + len(gone.rewritten)
            complain(
                f"已收下，{files} 份文件将去除此人，运行 `juandi refresh` 发布 / "
                f"taken; {files} files will lose this person: run `juandi refresh` to publish it"
            )
    except CannotForget as fault:
        raise Trouble(f"未采纳 nothing was taken:\n{fault}") from None
    except RefreshRunning as running:
        raise Trouble(str(running), Exit.RUNNING) from None
    except PolarsError as error:
        raise Trouble(
            "湖中有读不出的部分，请先运行 `juandi refresh` 修复 / a part of the lake cannot be "
            "read: run `juandi refresh`, which mends it, then this again"
        ) from error
    if as_json:
        print_json(
            {
                "is_done": is_done,
                "is_dry_run": dry_run,
                "files_to_read": files,
                "weaker": person.weaker,
                "found": _counts(found),
            }
        )


def _lines(named_in: Path | None) -> list[str]:
    """What says who it is, a line each. Raises Trouble."""
    if named_in is not None and str(named_in) != "-":
        try:
            return named_in.read_text(encoding="utf-8-sig").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise Trouble(
                f"--from：无法读取 / --from cannot be read: {type(error).__name__}"
            ) from None
    if named_in is not None or not sys.stdin.isatty():
        return sys.stdin.read().splitlines()
    complain(_ASKED)
    lines: list[str] = []
    while line := typer.prompt(f"{len(lines) + 1}", "", hide_input=True, show_default=False):
        lines.append(line)
    return lines


def _confirm(*, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise Trouble(
            "未做改动：确认无误请加 --yes / "
            "nothing was changed: add --yes where all is as it should be"
        )
    if not typer.confirm("不可撤销，继续 it cannot be taken back; go on?", err=True):
        raise Trouble("未做改动 / nothing was changed")


def _counts(found: Sequence[PersonRows]) -> list[dict[str, object]]:
    """Counts and money, and nothing of whom they are."""
    from pipelines.stages.build.accounts import yuan

    return [
        {
            "source": f.source,
            "files": f.files,
            "lines": f.lines,
            "records": f.records,
            "amount_cny": yuan(f.fen),
            "as_organization": f.organizations,
            "refused": f.refused,
        }
        for f in found
    ]


def _show(person: NamedPerson, found: Sequence[PersonRows], *, is_done: bool) -> None:
    if rows := _counts(found):
        print_rows(_HEADINGS, [tuple(row.values()) for row in rows], right=range(1, 7))
    if is_done:
        complain(
            "此人早已遗忘，无事可做 / this person is forgotten already; there is nothing to do"
        )
        return
    if not found:
        complain(
            "没有此人的行；今后的文件亦将去除 / no row of theirs; files to come will lose them"
        )
    if any(f.organizations for f in found):
        complain(
            "其中有计为组织的行，组织名称也将去除 / some of these rows count as an organisation's: "
            "its name goes as well"
        )
    if weaker := ", ".join(person.weaker):
        complain(
            f"按 {weaker} 只找到没有更强标识的行，同名同号者一并去除；如知道平台编号，请一并写明 / "
            f"by {weaker} only rows without a stronger identifier are found, and others of the "
            "same name or number go with them: name the id on the platform too where it is known"
        )
