"""What a submit may cost, in counts: they are the same on every machine, so they guard what `make bench` measures."""

import pytest

from tests.contract.doors import cat, kol_status
from tests.statements import counted, of_the_way

MOST_STATEMENTS = 16
"""Of the transaction that files an answer in the midst of an occasion, its beginning and end aside."""


@pytest.fixture
def submitted(way):
    asked = way.asked(enrolled) if (enrolled := way.enrolled()) and way.open_due() else {}
    way.answer(kol_status(asked["kol-status"].id))
    with counted(way.store) as told:
        way.answer(cat(asked["cat"].id))
    return told


def test_a_submit_asks_the_database_no_more_than_it_must(submitted):
    assert len(of_the_way(submitted)) <= MOST_STATEMENTS


def test_a_submit_is_one_transaction(submitted):
    assert submitted["commits"] == ["commit"]


def test_no_statement_of_a_submit_is_sent_twice(submitted):
    assert len(set(of_the_way(submitted))) == len(of_the_way(submitted))
