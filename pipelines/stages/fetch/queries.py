"""SQL: a query's rows as a CSV, exact as the database has them, in a transaction that only reads.

SQLAlchemy with psycopg and PyMySQL; rows are streamed, and money stays decimal.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipelines.settings import BEIJING
from pipelines.stages.fetch.declared import SqlPull
from pipelines.stages.fetch.offers import Landed, Offer, Offered, due, within
from pipelines.stages.fetch.rules import PullFailed
from pipelines.stages.fetch.secrets import hidden

if TYPE_CHECKING:
    import sqlalchemy

_DRIVERS = {"postgresql": "postgresql+psycopg", "mysql": "mysql+pymysql"}
_ROWS = 5_000
#: SQLSTATE classes and MySQL's numbers by what they are about. The others may quote a row's values.
_DENIED = ("28", "42501", "1044", "1045", "1142", "1143")
_LOST = ("08", "57", "2003", "2006", "2013", "1040", "1203")
_OF_THE_QUERY = ("42", "3D", "3F", "1049", "1051", "1054", "1064", "1146", "25006", "1792")


class Database:
    """A database. `today` is the Beijing day on which it is asked."""

    def __init__(self, pull: SqlPull, today: date) -> None:
        import sqlalchemy

        self._pull, self._today = pull, today
        self._secrets = pull.secrets()
        address = sqlalchemy.URL.create(
            _DRIVERS[pull.dialect],
            username=pull.user,
            password=self._secrets.get("password"),
            host=pull.host,
            port=pull.port,
            database=pull.database,
        )
        with self._said():
            self._engine = sqlalchemy.create_engine(
                address,
                poolclass=sqlalchemy.NullPool,
                hide_parameters=True,
                connect_args=self._limits() | dict(pull.options),
            )

    def _limits(self) -> dict[str, Any]:
        seconds = max(int(self._pull.timeout), 1)
        if self._pull.dialect == "postgresql":
            most = int(self._pull.minutes * 60_000)
            return {"connect_timeout": seconds, "options": f"-c statement_timeout={most}"}
        whole = int(self._pull.minutes * 60) + 1
        return {"connect_timeout": seconds, "read_timeout": whole, "charset": "utf8mb4"}

    @contextmanager
    def _said(self) -> Iterator[None]:
        """Turns what the drivers raise into PullFailed. Values of rows are not repeated."""
        import sqlalchemy

        try:
            yield
        except ImportError as error:
            raise PullFailed("pull.library", hidden(error)) from None
        except (sqlalchemy.exc.SQLAlchemyError, OSError) as error:
            raise self._failure(error) from None

    def _failure(self, error: Exception) -> PullFailed:
        origin: Any = getattr(error, "orig", None) or error
        code = str(getattr(origin, "sqlstate", None) or next(iter(origin.args), ""))
        said = hidden(origin, self._secrets.values())
        if code.startswith(_DENIED) or "authentication failed" in said:
            return PullFailed("pull.not_authenticated", said)
        if code.startswith(_OF_THE_QUERY):
            return PullFailed("pull.query", said)
        is_lost = isinstance(origin, OSError) or "connection" in said.lower()
        if code.startswith(_LOST) or is_lost:
            return PullFailed("pull.unreachable", said)
        return PullFailed("pull.query", f"{type(origin).__name__} {code if code.isalnum() else ''}")

    @contextmanager
    def _connection(self) -> Iterator[sqlalchemy.Connection]:
        """A transaction that cannot write."""
        import sqlalchemy

        opened = within(self._pull.timeout + 1, self._engine.connect)
        with opened as connection:
            if self._pull.dialect == "postgresql":
                connection.execute(sqlalchemy.text("set transaction read only"))
            else:
                connection.execute(sqlalchemy.text("start transaction read only"))
            yield connection

    def listing(self, landed: Landed) -> Offered:
        """What is due; the connection is tried."""
        by_day = self._pull.asks != "all"
        with self._said(), self._connection():
            offers = [
                Offer(f"{stem}.csv", self._pull.place, day=day, may_be_empty=by_day)
                for stem, day in due(self._pull, landed, self._today)
            ]
        return Offered(offers)

    def read(self, offer: Offer, start: int) -> Iterator[bytes]:
        """The rows as CSV in UTF-8 under the columns' names; nothing where there are none."""
        import sqlalchemy

        day = offer.day or self._today
        days = {"day": day, "next_day": day + timedelta(days=1), "since": day}
        statement = sqlalchemy.text(self._pull.query)
        bound = {name: days[name] for name in statement.compile().params if name in days}
        with self._said(), self._connection() as connection:
            result = connection.execution_options(stream_results=True, yield_per=_ROWS).execute(
                statement, bound
            )
            if not result.returns_rows:
                raise PullFailed("pull.query", "it gives no rows")
            heading: list[str] | None = list(result.keys())
            for rows in result.partitions(_ROWS):
                text = io.StringIO()
                out = csv.writer(text, lineterminator="\n")
                if heading:
                    out.writerow(heading)
                    heading = None
                out.writerows([_cell(value) for value in row] for row in rows)
                yield text.getvalue().encode("utf-8")

    def again(self, offer: Offer) -> Offer:
        """One statement sees one state."""
        return offer

    def check_end(self, offer: Offer, size: int) -> None:
        """Its end is where reading ends."""

    def close(self) -> None:
        """Lets go of the engine."""
        self._engine.dispose()


def _cell(value: Any) -> str:
    """A value as text, exactly. Raises PullFailed for bytes: they mean nothing in a table."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case datetime():
            told = value.astimezone(BEIJING).replace(tzinfo=None) if value.tzinfo else value
            return told.isoformat(sep=" ")
        case bytes() | bytearray() | memoryview():
            raise PullFailed("pull.answer", "a column of bytes")
    return str(value)
