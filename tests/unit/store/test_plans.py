"""How the databases find messages when they plan once for all values."""

import pytest
from sqlalchemy.dialects import postgresql, sqlite

from store.dispatch import SETTLE, _taking
from tests.crowd import crowd
from tests.databases import run

CLAIM = _taking(frozenset())
MESSAGES = 600
QUEUES = ("ix_outbox_turn", "ix_outbox_target")
LANES = ("ix_outbox_open", "uq_outbox_clinic_id_lane_sequence")
KEYS = ("pk_outbox", "ix_outbox_id", "sqlite_autoindex_outbox_1")


@pytest.fixture
def plan_of(store, database_url):
    """Give the plan that serves every set of values, with a filled outbox that PostgreSQL has measured, as it does.

    What earlier tests deleted still swells its indexes, each by another measure, and so changes what it chooses. Only
    the owner of a table may measure it, and the store's transactions act as somebody else.
    """
    crowd(store, MESSAGES, lanes=MESSAGES // 4)
    if database_url.startswith("postgresql"):
        run(database_url, "VACUUM (FULL, ANALYZE) outbox")

    def plan(statement):
        with store.queue() as queue:
            connection = queue.connection
            if connection.dialect.name == "sqlite":
                text = str(statement.compile(dialect=sqlite.dialect(paramstyle="qmark")))
                rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", ("x",) * text.count("?"))
                return "\n".join(row.detail for row in rows)
            text = str(statement.compile(dialect=postgresql.dialect(paramstyle="numeric_dollar")))
            return "\n".join(connection.exec_driver_sql(f"EXPLAIN (GENERIC_PLAN) {text}").scalars())

    return plan


def test_a_claim_walks_the_queue_and_looks_each_lane_and_each_message_up(plan_of):
    plan = plan_of(CLAIM)

    assert any(index in plan for index in QUEUES)
    assert any(index in plan for index in LANES)
    assert any(index in plan for index in KEYS)
    assert not any(walk in plan for walk in ("Seq Scan on outbox", "SCAN outbox"))


def test_the_result_of_one_call_is_found_by_its_key_or_among_what_is_under_way(plan_of):
    plan = plan_of(SETTLE)

    assert any(index in plan for index in (*KEYS, "ix_outbox_leased"))
