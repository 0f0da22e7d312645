"""Columns: moments stay aware, numbers stay exact, unknown words are refused."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from enum import StrEnum
from fractions import Fraction

import pytest
from sqlalchemy import Column, Connection, Integer, MetaData, Table, insert, select
from sqlalchemy.exc import StatementError

from delivery.schedule import SlotState
from store.engine import open_engine
from store.types import ExactNumber, UtcDateTime, one_of

COPENHAGEN_SUMMER = timezone(timedelta(hours=2))
THINGS = Table(
    "things",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime),
    Column("number", ExactNumber),
    Column("state", one_of(SlotState, check="state")),
)


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    engine = open_engine(database_url)
    with engine.connect() as connection:
        THINGS.create(connection)
        yield connection
        connection.rollback()
    engine.dispose()


@pytest.mark.parametrize(
    "at",
    [
        datetime(2027, 7, 1, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(2027, 7, 1, 14, 0, 0, 123456, tzinfo=COPENHAGEN_SUMMER),
    ],
    ids=["UTC", "summer time"],
)
def test_a_moment_comes_back_as_the_same_moment_in_utc(connection, at):
    connection.execute(insert(THINGS).values(id=1, at=at))

    found = connection.execute(select(THINGS.c.at)).scalar_one()

    assert found == at
    assert found.tzinfo is UTC


def test_a_moment_is_compared_as_a_moment_whatever_its_zone(connection):
    connection.execute(insert(THINGS).values(id=1, at=datetime(2027, 7, 1, 12, 0, tzinfo=UTC)))

    def is_before(at: datetime) -> bool:
        return connection.execute(select(THINGS.c.id).where(THINGS.c.at < at)).first() is not None

    assert not is_before(datetime(2027, 7, 1, 14, 0, tzinfo=COPENHAGEN_SUMMER))
    assert is_before(datetime(2027, 7, 1, 14, 0, 0, 1, tzinfo=COPENHAGEN_SUMMER))


def test_a_moment_without_time_zone_is_refused(connection):
    naive = datetime(2027, 7, 1, 12, 0, tzinfo=UTC).replace(tzinfo=None)

    with pytest.raises(StatementError, match="without time zone"):
        connection.execute(insert(THINGS).values(id=1, at=naive))


@pytest.mark.parametrize("number", [Fraction(160, 7), Fraction(24), 24, Fraction(-1, 3), 0], ids=repr)
def test_a_number_comes_back_exactly(connection, number):
    connection.execute(insert(THINGS).values(id=1, number=number))

    assert connection.execute(select(THINGS.c.number)).scalar_one() == number
    assert connection.exec_driver_sql("SELECT number FROM things").scalar_one() == str(number)


def test_nothing_comes_back_as_nothing(connection):
    connection.execute(insert(THINGS).values(id=1))

    row = connection.execute(select(THINGS)).one()

    assert (row.at, row.number, row.state) == (None, None, None)


def test_a_state_is_stored_as_its_value_and_comes_back_as_a_state(connection):
    connection.execute(insert(THINGS).values(id=1, state=SlotState.PLANNED))

    assert connection.execute(select(THINGS.c.state)).scalar_one() is SlotState.PLANNED
    assert connection.exec_driver_sql("SELECT state FROM things").scalar_one() == "planned"


@pytest.mark.parametrize(
    "asked",
    [THINGS.c.state == SlotState.OPEN, THINGS.c.state.in_({SlotState.PLANNED, SlotState.OPEN})],
    ids=["one", "several"],
)
def test_words_that_a_column_is_compared_with_stand_in_the_statement(connection, asked):
    connection.execute(insert(THINGS), [{"id": 1, "state": SlotState.OPEN}, {"id": 2, "state": SlotState.CANCELLED}])

    compiled = select(THINGS.c.id).where(asked).compile(connection)

    assert not compiled.params
    assert "'open'" in str(compiled)
    assert connection.execute(select(THINGS.c.id).where(asked)).scalars().all() == [1]


def test_the_same_words_in_another_order_are_the_same_statement():
    asked = [THINGS.c.state.in_(words) for words in [tuple(SlotState), tuple(reversed(SlotState))]]

    assert str(asked[0]) == str(asked[1])


def test_a_word_that_could_end_a_statement_is_no_column_s():
    odd = StrEnum("odd", {"QUOTED": "o'clock"})

    with pytest.raises(ValueError, match="odd"):
        one_of(odd)
