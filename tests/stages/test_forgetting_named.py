"""How somebody who asked to be forgotten is named: understood, judged, and kept nowhere."""

from __future__ import annotations

import shutil

import polars as pl
import pytest

from pipelines.cli.console import Exit
from pipelines.dictionary.donors import FORGOTTEN
from pipelines.settings import SettingsError
from pipelines.stages.load.keys import held_key, take_new_key
from pipelines.stages.load.unnaming import found_rows
from pipelines.stages.receive.forgetting import (
    CannotForget,
    NamedPerson,
    cases_to_name,
    check_cases,
    check_words,
    read_named,
    unnamed,
)
from pipelines.stages.store.catalog import Catalog
from pipelines.stages.store.forgotten import entries
from tests.cli.conftest import Juandi, juandi
from tests.stages.forgetting_landing import (
    GIFTS,
    NAMED,
    OTHER,
    WHO,
    applied,
    forgotten,
    landing,
    orders,
    request,
)
from tests.stages.landings import Landing

__all__ = ["juandi", "landing"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("", "nobody was named"),
        (WHO, "column=value"),
        ("捐款人ID=", "column=value"),
        ("捐款人昵称=爱心人士", "tells nobody"),
        ("项目编号=224328", "no such column"),
        ("tencent_matching.捐款人ID=u00000001", "no such column"),
        ("pseudonym=u00000001", "32 hex"),
        (f"pseudonym={'0' * 32}", "no row"),
    ],
)
def test_whom_nobody_can_tell(landing: Landing, line: str, told: str) -> None:
    """Said with its reason, without what was typed, and nothing is kept."""
    with pytest.raises(CannotForget, match=told) as fault:
        forgotten(landing, line)
    assert WHO not in str(fault.value)
    assert entries(Catalog(landing.settings)) == []


@pytest.mark.parametrize(
    ("case", "by"),
    [
        ("DSR-13800000001", "privacy"),
        ("DSR-u00000001", "privacy"),
        ("张三-1", "privacy"),
        ("case", "privacy"),
        ("DSR-1", "张三"),
        ("DSR-1", "13800000001"),
        ("DSR-1", "a@b.cn"),
        ("DSR-1", " "),
    ],
)
def test_words_that_may_name_somebody_are_not_kept(landing: Landing, case: str, by: str) -> None:
    """Neither in the case's number nor in the role."""
    person = read_named([NAMED], held_key(landing.settings))
    check_words("DSR-2024/017", "个人信息保护岗", person)
    with pytest.raises(CannotForget):
        check_words(case, by, person)


def test_weaker_names_are_told(landing: Landing) -> None:
    """By phone only rows without an id are found, and who asks is to know."""
    key = held_key(landing.settings)
    assert read_named([NAMED], key).weaker == ()
    person = read_named(["手机号=138 0000 0001"], key)
    assert person.weaker == ("tencent_donations.phone",)
    assert found_rows(landing.settings, person.pseudonyms, key) == []


def test_under_a_new_key_each_case_is_named_again(landing: Landing) -> None:
    """Until then nothing is read: those people would come back."""
    settings = landing.settings
    forgotten(landing, NAMED)
    forgotten(landing, f"捐款人ID={OTHER}", case="DSR-2024-2")
    applied(landing)
    (settings.secrets / "pseudonym.key").unlink()
    shutil.rmtree(settings.lake)
    take_new_key(settings)
    key = held_key(settings)
    with pytest.raises(SettingsError, match="DSR-2024-1, DSR-2024-2"):
        applied(landing)
    forgotten(landing, NAMED)
    with pytest.raises(SettingsError, match="DSR-2024-2"):
        check_cases(settings, key)
    with pytest.raises(CannotForget):
        unnamed(settings, request("DSR-2024-1"), key)
    unnamed(settings, request("DSR-2024-2"), key)
    assert cases_to_name(settings, key) == []
    assert len(applied(landing)) == 2
    kinds = {number: kind for number, (_, kind) in orders(landing).items()}
    assert kinds == {1: FORGOTTEN, 2: "person", 3: FORGOTTEN, 5: "person"}


def test_names_are_read_as_files_are(landing: Landing) -> None:
    """The same number in other letters is the same person."""
    key = held_key(landing.settings)
    plain = read_named([NAMED], key)
    assert read_named([f"tencent_donations.donor_id＝ {WHO} "], key).pseudonyms == plain.pseudonyms
    lake = landing.lake(GIFTS).filter(pl.col("order_no") == f"{10**19 + 1}")
    assert plain.pseudonyms == {GIFTS: frozenset(lake["donor_key"])}
    assert isinstance(plain, NamedPerson)


def test_a_case_is_given_up_only_where_that_is_confirmed(landing: Landing, juandi: Juandi) -> None:
    """`--unnamed` keeps an entry for good: it can be looked at first, and has to be meant."""
    settings = landing.settings
    forgotten(landing, NAMED)
    applied(landing)
    (settings.secrets / "pseudonym.key").unlink()
    shutil.rmtree(settings.lake)
    take_new_key(settings)
    key = held_key(settings)

    def give_up(*options: str) -> int:
        words = ("forget", "--case", "DSR-2024-1", "--unnamed", *options)
        return juandi(*words, JUANDI_WAREHOUSE=str(settings.warehouse)).returncode

    assert give_up("--dry-run") == Exit.DONE
    assert give_up() == Exit.USAGE
    assert cases_to_name(settings, key) == ["DSR-2024-1"]
    assert give_up("--yes") == Exit.DONE
    assert cases_to_name(settings, key) == []
    assert give_up("--yes") == Exit.USAGE
