"""Wrong usage ends with status 2 and a sentence that says what to do."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Juandi


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("refresh", "--as-of", "5.8.2024"), "write it as 2024-08-05"),
        (("refresh", "--engine", "flink"), "--engine"),
        (("refresh",), "juandi demo"),
        (("demo", "--faults", "plenty"), "none"),
        (("sample", "--out", "{here}", "--campaign", "nothing"), "known:"),
        (("sample", "--out", "{file}"), "empty folder"),
        (("quarantine", "show", "x"), "juandi demo"),
        (("sql",), "SQL"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_says_what_to_do(
    juandi: Juandi, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    """On stderr, without a traceback."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("")
    places = {"here": tmp_path / "new", "file": tmp_path / "full"}
    done = juandi(
        *(argument.format(**places) for argument in arguments),
        JUANDI_WAREHOUSE=str(tmp_path / "warehouse"),
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_spark_that_cannot_run_is_told_before_anything_is_pulled(
    juandi: Juandi, tmp_path: Path, how: str
) -> None:
    """Without the extra it says `make spark`; with it, and without Java, where it looked."""
    file = tmp_path / "warehouse" / "landing" / "tencent_donations" / "20240802.csv"
    file.parent.mkdir(parents=True)
    file.write_text("订单号\n")
    nowhere = str(tmp_path / "no-java")
    flag = ("--engine", "spark") if how == "flag" else ()
    told = {"JUANDI_ENGINE": "spark"} if how == "variable" else {}
    done = juandi(
        "refresh", *flag, JUANDI_WAREHOUSE=str(tmp_path / "warehouse"), JAVA_HOME=nowhere, **told
    )
    assert done.returncode == 2
    assert "make spark" in done.stderr or f"no Java at JAVA_HOME={nowhere}" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "warehouse" / "archive").exists()


def test_a_demo_keeps_out_of_real_files(juandi: Juandi, tmp_path: Path) -> None:
    """Samples are never mixed into somebody's own landing folder."""
    mine = tmp_path / "warehouse" / "landing" / "tencent_donations" / "20240802.csv"
    mine.parent.mkdir(parents=True)
    mine.write_text("订单号\n")
    done = juandi("demo", "--warehouse", str(tmp_path / "warehouse"))
    assert done.returncode == 2
    assert "files of yours" in done.stderr
    assert [p.name for p in mine.parent.iterdir()] == [mine.name]


def test_json_alone_on_stdout(juandi: Juandi, tmp_path: Path) -> None:
    """A script reads the refusal as it reads a success."""
    done = juandi("refresh", "--json", "--warehouse", str(tmp_path / "none"))
    told = json.loads(done.stdout)
    assert told["status"] == "refused"
    assert told["exit_code"] == done.returncode == 2
    assert told["errors"]
