"""SQL: pulled from PostgreSQL and MariaDB that the test starts; skipped where they are absent."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy

from tests.fetch.conftest import NOW, Declare, free_port, landed, pulled, rules
from tests.servers import PASSWORD, make_database, own_folder, start_postgres, unprivileged

TABLE = """
create table gifts (order_no varchar(32), amount numeric(18,2), paid_at timestamp, note text);
insert into gifts values
 ('A1', 12345678901234.10, '2024-08-02 10:00:00', '涓滴, "quoted"'),
 ('A2', 0.10, '2024-08-02 23:59:59', null),
 ('A3', 5.00, '2024-08-04 00:00:00', '')
"""
QUERY = (
    "select order_no, amount, paid_at, note from gifts"
    " where paid_at >= :day and paid_at < :next_day order by order_no"
)


@dataclass
class Server:
    """A server on the loopback."""

    dialect: str
    port: int
    user: str

    def toml(self, query: str = QUERY, more: str = "first_day = 2024-08-02\n") -> str:
        """A pull of it."""
        return (
            f'[pull.crm]\nsource = "tencent_donations"\nkind = "sql"\ndialect = "{self.dialect}"\n'
            f'host = "127.0.0.1"\nport = {self.port}\ndatabase = "juandi"\nuser = "{self.user}"\n'
            f'password = {{ env = "DB_PASSWORD" }}\nquery = """{query}"""\n'
            f"first_wait = 0\nattempts = 2\ntimeout = 10\n{more}"
        )

    def run(self, *statements: str) -> None:
        """As its owner."""
        driver = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}[self.dialect]
        url = sqlalchemy.URL.create(driver, self.user, PASSWORD, "127.0.0.1", self.port, "juandi")
        engine = sqlalchemy.create_engine(url, poolclass=sqlalchemy.NullPool)
        with engine.begin() as db:
            for statement in statements:
                db.execute(sqlalchemy.text(statement.replace(":", "\\:")))


def _postgres(home: Path) -> tuple[Server, subprocess.Popen[bytes]]:
    port, process = start_postgres(home)
    return Server("postgresql", port, "juandi"), process


def _mariadb(home: Path) -> tuple[Server, subprocess.Popen[bytes]]:
    server = shutil.which("mariadbd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    if server is None:
        pytest.skip("needs MariaDB's server: apt-get install mariadb-server")
    data, first, port = home / "data", home / "first.sql", free_port()
    first.write_text(
        f"create user 'juandi'@'localhost' identified by '{PASSWORD}';\n"
        "grant all on *.* to 'juandi'@'localhost';\n"
    )
    first.chmod(0o644)
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db",
         "--auth-root-authentication-method=normal"],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=home, timeout=100,
        **unprivileged(),
    )  # fmt: skip
    with (home / "log").open("wb") as log:
        process = subprocess.Popen(
        [server, "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
         f"--socket={home}/s", f"--pid-file={home}/pid", f"--init-file={first}",
         "--innodb-flush-log-at-trx-commit=0"],
        cwd=home, stderr=log, **unprivileged(),
        )  # fmt: skip
    url = sqlalchemy.URL.create("mysql+pymysql", "juandi", PASSWORD, "127.0.0.1", port, "")
    make_database(url, process, home, "character set utf8mb4")
    return Server("mysql", port, "juandi"), process


@pytest.fixture(scope="module", params=["postgresql", "mysql"])
def database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """A server with a table of gifts."""
    home = own_folder(tmp_path_factory.mktemp("db") / request.param)
    started, process = {"postgresql": _postgres, "mysql": _mariadb}[request.param](home)
    try:
        started.run(*TABLE.split(";"))
        yield started
    finally:
        process.terminate()
        process.wait(30)


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)


def test_a_day_a_file(database: Server, declare: Declare) -> None:
    """Exact amounts, quoted texts, null as nothing; a day without rows is no file."""
    settings = declare(database.toml())
    report = pulled(settings)
    print(f"SQL ({database.dialect}): {report.pulls[0]}")
    assert report.faults == []
    files = landed(settings)
    assert {name.rpartition("-")[2]: text.decode() for name, text in files.items()} == {
        "20240802.csv": "order_no,amount,paid_at,note\n"
        'A1,12345678901234.10,2024-08-02 10:00:00,"涓滴, ""quoted"""\n'
        "A2,0.10,2024-08-02 23:59:59,\n",
        "20240804.csv": "order_no,amount,paid_at,note\nA3,5.00,2024-08-04 00:00:00,\n",
    }
    again = pulled(settings)
    assert (again.new, again.pulls[0].offered, again.pulls[0].unchanged) == (0, 1, 1)
    assert pulled(settings, NOW + timedelta(days=1)).pulls[0].empty == 1


def test_a_whole_table(database: Server, declare: Declare) -> None:
    """A file of the day for a dated source; one without rows is a fault."""
    settings = declare(database.toml("select order_no from gifts order by 1", ""))
    pulled(settings)
    assert landed(settings) == {"tencent_donations/crm/crm-20240805.csv": b"order_no\nA1\nA2\nA3\n"}
    settings = declare(database.toml("select order_no from gifts where 1 = 0", ""))
    assert rules(pulled(settings)) == [("crm-20240805.csv", "pull.empty")]
    assert len(landed(settings)) == 1


@pytest.mark.parametrize(
    ("query", "rule"),
    [
        ("delete from gifts", "pull.query"),
        ("select nothing from gifts", "pull.query"),
        ("select * from no_such_table", "pull.query"),
    ],
)
def test_what_the_database_refuses(
    database: Server, declare: Declare, query: str, rule: str
) -> None:
    """The transaction only reads; a wrong query is told by name."""
    settings = declare(database.toml(query, ""))
    assert [found for _, found in rules(pulled(settings))] == [rule]
    assert landed(settings) == {}
    again = declare(database.toml("select count(*) as n from gifts", ""))
    pulled(again)
    assert list(landed(again).values()) == [b"n\n3\n"]


def test_no_value_and_no_secret_in_what_is_told(
    database: Server, declare: Declare, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A conversion that fails quotes the value in the server's words: not in ours."""
    monkeypatch.setenv("DB_PASSWORD", "wrong one")
    report = pulled(declare(database.toml()))
    assert rules(report) == [("", "pull.not_authenticated")]
    assert "wrong one" not in report.faults[0].sentence
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)
    cast = "cast(note as integer)" if database.dialect == "postgresql" else "1 div note"
    report = pulled(declare(database.toml(f"select {cast} from gifts where note > ''", "")))
    assert not any("涓滴" in fault.sentence for fault in report.faults)
    monkeypatch.setenv("DB_PASSWORD", PASSWORD)
    unreached = declare(database.toml().replace(f"port = {database.port}", "port = 9"))
    report = pulled(unreached)
    assert rules(report) == [("", "pull.unreachable")]
    assert PASSWORD not in report.faults[0].sentence
