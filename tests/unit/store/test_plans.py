"""How the databases find what is due, when they plan once for all values and know nothing of the tables yet."""

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from store.dispatch import _taking
from store.engine import open_engine


@pytest.fixture
def connection(database_url):
    engine = open_engine(database_url)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def plan_of(connection, statement):
    """Return the plan that serves every set of values."""
    if connection.dialect.name == "sqlite":
        text = str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))
        values = ("x",) * text.count("?")
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values)
        return "\n".join(row.detail for row in rows)
    text = str(statement.compile(dialect=postgresql.dialect(paramstyle="numeric_dollar")))
    return "\n".join(connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {text}").scalars())


def test_a_claim_walks_the_queue_of_its_clinic_and_looks_each_lane_up(connection):
    plan = plan_of(connection, _taking(frozenset()))

    assert any(index in plan for index in ("ix_outbox_turn", "ix_outbox_target"))
    assert "ix_outbox_open" in plan
    assert "Seq Scan on outbox" not in plan
