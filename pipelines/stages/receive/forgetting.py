"""People who asked to be forgotten, as they are named to the command: read, judged, and kept.

    tencent_donations.捐款人ID=…     a column that tells donors apart, of one source or of all
    手机号=…
    pseudonym=…                      or the pseudonym itself

What names them ends here: it becomes pseudonyms, and of those only keyed marks are kept
(`store.forgotten`). Which rows are theirs is `load.unnaming`'s to find.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from pipelines.cleaning.identities import mask_text
from pipelines.cleaning.name_parts import is_person
from pipelines.publishing.releases import newest_release
from pipelines.settings import Settings, SettingsError
from pipelines.sources import SOURCES, Column, Source
from pipelines.stages.load.donors import pseudonym
from pipelines.stages.load.forgotten import marks_of
from pipelines.stages.load.keys import mark_of
from pipelines.stages.load.unnaming import PersonRows
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import ForgottenEntry, entries, keep

PSEUDONYM_WORDS = ("pseudonym", "化名")
_PSEUDONYM = re.compile("[0-9a-f]{32}")
_CASE = re.compile("[0-9A-Za-z][0-9A-Za-z._/-]{2,39}")
#: A mark that is nobody's: of a case that cannot be named again under a new key.
_UNNAMED = "unnamed:"


class CannotForget(ValueError):  # noqa: N818 - reads as what it says
    """What was named or said is not taken; the message says why, and repeats none of it."""


@dataclass(frozen=True)
class NamedPerson:
    """Somebody as pseudonyms by namespace. `weaker` are columns they were named by that lines
    without a stronger one go by; `texts` is what was typed, kept nowhere."""

    pseudonyms: Mapping[str, frozenset[str]]
    weaker: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()

    def marks(self, key: str) -> set[tuple[str, str]]:
        """(namespace, mark) of each pseudonym."""
        return {
            (namespace, str(mark))
            for namespace, some in self.pseudonyms.items()
            for mark in marks_of(pl.Series(sorted(some)), key)
        }


def namespaces() -> frozenset[str]:
    """Those of the sources whose rows can lose a person."""
    return frozenset(s.namespace for s in SOURCES.values() if s.identity)


def read_named(lines: Iterable[str], key: str) -> NamedPerson:
    """Raises CannotForget with every fault."""
    found: dict[str, set[str]] = defaultdict(set)
    weaker: dict[str, None] = {}
    texts, faults = [], []
    for number, line in enumerate((one.strip() for one in lines), 1):
        if not line:
            continue
        name, sign, text = (part.strip() for part in line.replace("＝", "=", 1).partition("="))
        texts.append(text)
        try:
            pseudonyms = _pseudonyms(name, text if sign else "", key)
        except CannotForget as fault:
            faults.append(f"第 {number} 行 line {number}：{fault}")
            continue
        for source, column, made in pseudonyms:
            found[source].add(made)
            if column is not None:
                weaker[column] = None
    if faults:
        raise CannotForget("\n".join(faults))
    if not found:
        raise CannotForget("没有写明是谁 / nobody was named")
    named = {namespace: frozenset(some) for namespace, some in found.items()}
    return NamedPerson(named, tuple(weaker), tuple(texts))


def _pseudonyms(name: str, text: str, key: str) -> list[tuple[str, str | None, str]]:
    """(namespace, the column if it is not the strongest, pseudonym) of what a line names."""
    if not text:
        raise CannotForget("须写成 列=值 / write column=value")
    if name in PSEUDONYM_WORDS:
        if not _PSEUDONYM.fullmatch(text):
            raise CannotForget("化名是32位十六进制数 / a pseudonym has 32 hex digits")
        return [(namespace, None, text) for namespace in sorted(namespaces())]
    columns = list(_columns(name))
    if not columns:
        known = sorted(f"{s.name}.{c}" for s in SOURCES.values() if s.identity for c in _names(s))
        raise CannotForget(
            f"没有这样的列；现有：{', '.join(known)}、pseudonym / "
            f"no such column tells people apart; there are {', '.join(known)}, pseudonym"
        )
    made = []
    for source, column in columns:
        if (own := pseudonym(source, column, text, key)) is None:
            raise CannotForget(
                "该值不指向任何人，如“爱心人士” / the value tells nobody: it is a word for donors "
                "without a name"
            )
        is_weaker = column.name != _names(source)[0]
        made.append((source.namespace, f"{source.name}.{column.name}" if is_weaker else None, own))
    return made


def _columns(name: str) -> Iterable[tuple[Source, Column]]:
    """The columns of identities that a name means, of a source or of all that have it."""
    of, dot, own = name.partition(".")
    for source in SOURCES.values():
        if source.identity and (not dot or source.name == of):
            for column in _names(source):
                if (own if dot else name) in source.by_name[column].accepted:
                    yield source, source.by_name[column]


def _names(source: Source) -> tuple[str, ...]:
    return source.identity.columns if source.identity else ()


def check_words(case_no: str, by: str, person: NamedPerson) -> None:
    """Raises CannotForget where a case number or a role may name somebody."""
    if not _CASE.fullmatch(case_no) or not any(c.isdigit() for c in case_no):
        raise CannotForget(
            "--case：案件编号为3至40个字母、数字、. _ / -，须含数字 / "
            "--case: 3 to 40 letters, digits and . _ / -, with a digit among them"
        )
    for word, text in (("--case", case_no), ("--by", by)):
        is_named = any(len(typed) > 1 and typed.lower() in text.lower() for typed in person.texts)
        if is_named or mask_text(text) != text or "@" in text or is_person(text.strip()):
            raise CannotForget(
                f"{word}：像是个人的号码、邮箱或姓名，不予保存 / "
                f"{word} looks like a person's number, e-mail or name, which is not kept"
            )
    if not by.strip() or len(by) > 40:
        raise CannotForget(
            "--by：请写明角色，至多40字 / --by: say in what role, in up to 40 letters"
        )


@dataclass(frozen=True)
class ForgetRequest:
    """What is kept of a request beside its marks."""

    case_no: str
    ground: str
    by: str
    at: str
    lets_releases_go: bool = False


def known_before(settings: Settings, person: NamedPerson, key: str) -> set[tuple[str, str]]:
    """(namespace, mark) of a person's that were kept before."""
    return person.marks(key) & {(e.namespace, e.mark) for e in entries(Catalog(settings))}


def forget_person(
    settings: Settings,
    person: NamedPerson,
    found: Sequence[PersonRows],
    request: ForgetRequest,
    key: str,
) -> list[ForgottenEntry]:
    """Keeps an entry for each mark that has none, under the lock that the caller holds, and returns
    the new ones. Rows lose their person once they are let go (`unname`) and read again."""
    catalog = Catalog(settings)
    before = {entry.mark for entry in entries(catalog)}
    lines: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for rows in found:
        for mark, (count, fen) in rows.lines_by_mark.items():
            lines[mark] = (lines[mark][0] + count, lines[mark][1] + fen)
    last = newest_release(settings)
    new = [
        ForgottenEntry(
            mark, namespace, request.case_no, request.ground, request.by, request.at,
            mark_of(key), *lines[mark], last.number if last else 0, request.lets_releases_go,
        )
        for namespace, mark in sorted(person.marks(key))
        if mark not in before
    ]  # fmt: skip # a record
    if new:
        keep(catalog, new)
    return new


def of_sources(
    person: NamedPerson,
    found: Sequence[PersonRows],
    before: Collection[tuple[str, str]],
    key: str,
) -> NamedPerson:
    """The person, with pseudonyms that were given as such only where a source has them.

    Raises CannotForget where nobody is left: a pseudonym that no row has tells nothing.
    """
    held = {(SOURCES[r.source].namespace, mark) for r in found for mark in r.lines_by_mark}
    kept = {
        namespace: frozenset(
            p
            for p in some
            if p not in person.texts
            or (namespace, str(marks_of(pl.Series([p]), key)[0])) in held | set(before)
        )
        for namespace, some in person.pseudonyms.items()
    }
    if not any(kept.values()):
        raise CannotForget("没有哪一行用此化名 / no row goes by that pseudonym")
    return NamedPerson({n: some for n, some in kept.items() if some}, person.weaker, person.texts)


def unnamed(settings: Settings, request: ForgetRequest, key: str) -> ForgottenEntry:
    """Keeps that a case of an earlier key can no longer be named: its person comes back.

    Raises CannotForget where there is no such case.
    """
    check_waits(settings, request.case_no, key)
    entry = ForgottenEntry(
        f"{_UNNAMED}{mark_of(key)}:{request.case_no}", "", request.case_no, request.ground,
        request.by, request.at, mark_of(key),
    )  # fmt: skip # a record
    keep(Catalog(settings), [entry])
    return entry


def check_waits(settings: Settings, case_no: str, key: str) -> None:
    """Raises CannotForget where no such case waits to be named again under a new key."""
    if case_no not in cases_to_name(settings, key):
        raise CannotForget(
            "没有待重新指明的这一案件 / no case of that number waits to be named again"
        )


def cases_to_name(settings: Settings, key: str) -> list[str]:
    """Cases that were kept under an earlier key, and have no entry under this one."""
    own = mark_of(key)
    kept = entries(Catalog(settings))
    here = {entry.case_no for entry in kept if entry.under_key == own}
    return sorted({entry.case_no for entry in kept} - here)


def check_cases(settings: Settings, key: str) -> None:
    """Raises SettingsError while people of an earlier key would come back."""
    if cases := cases_to_name(settings, key):
        listed = ", ".join(cases)
        raise SettingsError(
            f"密钥已换，此前遗忘的 {len(cases)} 人认不出来了：请按案卷用 `juandi forget --case "
            f"编号` 逐一重新指明，无从查起的加 --unnamed；案件：{listed} / "
            f"under the new pseudonym key {len(cases)} people who were forgotten are no longer "
            "recognised: name them again from the case files with `juandi forget --case NUMBER` "
            f"(with --unnamed where nobody can say any more who it was); cases: {listed}"
        )
