"""The figures of a large outbox are found by indexes: what ended long ago, and what is settled, is not walked over."""

import pytest

from tests.builders import NOW


@pytest.fixture
def visited(sqlite_store):
    """Give the plans of what a survey asks of SQLite, which chooses without having counted."""

    def visited(ask):
        with sqlite_store.survey() as survey:
            connection = survey.connection
            asked: list[str] = []
            connection.connection.set_trace_callback(asked.append)
            ask(survey)
            connection.connection.set_trace_callback(None)
            return [
                row.detail
                for text in asked
                for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text.replace('%', '%%')}")
            ]

    return visited


def test_what_was_passed_on_is_looked_up_by_the_hour_and_by_the_occasion(visited):
    plan = visited(lambda survey: survey.passed_on_since(NOW))

    assert any("ix_outbox_closed (closed_at>" in step for step in plan), plan
    assert any("ix_outbox_clinic_id_occasion_id_id (clinic_id=? AND occasion_id=?)" in step for step in plan), plan


def test_strays_are_counted_among_those_that_wait(visited):
    plan = visited(lambda survey: survey.strays())

    assert all("ix_stray_receipt_waiting" in step for step in plan), plan
    assert plan
