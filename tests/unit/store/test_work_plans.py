"""Each tab and order of the worklist is read from the index that is in its order."""

import pytest

from delivery.work_query import Order, Tab, Wanted
from tests.builders import NOW
from tests.databases import run
from tests.stored import store_clinic
from tests.unit.store.work_list import DAY, TODAY, List


@pytest.fixture
def rows(store):
    return List(store, store_clinic(store))


def plan(rows: List, database_url: str, wanted: Wanted) -> str:
    """Tell how the database finds a page."""
    told: list[str] = []

    def explained(tx):
        connection = tx.scope.connection
        query = tx.work_pages.statement(wanted).limit(51)
        text = query.compile(connection, compile_kwargs={"literal_binds": True})
        if connection.dialect.name == "postgresql":
            # So few rows are sooner sorted than looked up; what is asked is whether the index can serve the page.
            for way in ("seqscan", "bitmapscan", "sort"):
                connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
        prefix = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        told.extend(str(row[-1]) for row in connection.exec_driver_sql(f"{prefix} {text}".replace("%", "%%")))

    rows.act(explained)
    return "\n".join(told)


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "ix_work_due"),
        (Wanted(after=("1", "2027-01-11", "1", "1", NOW.isoformat(), "x")), "ix_work_due"),
        (Wanted(order=Order.COLOUR), "ix_work_colour"),
        (Wanted(Tab.WISHES), "ix_work_wished"),
        (Wanted(Tab.UNANSWERED), "ix_work_unanswered"),
        (Wanted(Tab.UNDELIVERED), "ix_work_undelivered"),
        (Wanted(Tab.POSTPONED), "ix_work_postponed"),
    ],
    ids=["due", "due, next page", "colour", "wishes", "unanswered", "undelivered", "postponed"],
)
def test_a_page_is_read_from_the_index_in_its_order(rows, database_url, wanted, index):
    for number in range(60):
        rows.put(
            str(number),
            **dict.fromkeys(("wished_at", "unanswered_at", "undelivered_at", "answered_at"), NOW + number * DAY),
            postponed_until=TODAY + number * DAY,
            postponement_id="p",
        )
    if database_url.startswith("postgresql"):
        run(database_url, "ANALYZE work")

    told = plan(rows, database_url, wanted)

    assert index in told, told
    assert "TEMP B-TREE" not in told
    if database_url.startswith("sqlite") and wanted.tab is Tab.ASSESS:
        # The other tabs are short, and PostgreSQL has counted that they are few here.
        assert "SEARCH other USING INDEX ix_work_clinic_id_patient_ref (clinic_id=? AND patient_ref=?)" in told, told
