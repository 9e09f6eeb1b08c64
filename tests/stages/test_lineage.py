"""From which columns a query makes its own: through expressions, joins and names of its own."""

from pipelines.stages.build.lineage import ColumnRead, columns_read
from pipelines.stages.build.tables import Described

TABLES = {
    ("star", "gifts"): [Described("order_no", "VARCHAR", None), Described("fen", "BIGINT", None)],
    ("star", "days"): [Described("order_no", "VARCHAR", None), Described("paid_on", "DATE", None)],
}


def test_columns_of_tables_behind_columns() -> None:
    """What is computed names all it is computed from; a constant nothing."""
    query = """
        with paid as (select g.order_no, g.fen / 100 as yuan, d.paid_on
                      from "juandi"."star"."gifts" g join "juandi"."star"."days" d using (order_no))
        select year(paid_on) as year, sum(yuan) as gross, 'x' as kind from paid group by all
    """
    assert columns_read(query, TABLES) == {
        "year": [ColumnRead("star", "days", "paid_on")],
        "gross": [ColumnRead("star", "gifts", "fen")],
        "kind": [],
    }


def test_what_cannot_be_read_has_no_lineage() -> None:
    """It is left out, not guessed."""
    assert columns_read("select from where", TABLES) == {}
