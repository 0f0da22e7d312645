"""The database's errors: told in ours, without a word of the row."""

import pytest
from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, InternalError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kernel.errors import ConflictError, InvalidInputError, UnavailableError
from store.faults import translated


class StandByError(Exception):
    """What PostgreSQL says when a stand-by is asked to write."""

    sqlstate = "25006"


ROW = Exception("Failing row contains (2512489996, Nancy Berggren)")


@pytest.mark.parametrize(
    ("error", "told_as"),
    [
        (IntegrityError("INSERT", {}, ROW), ConflictError),
        (DataError("INSERT", {}, ROW), InvalidInputError),
        (OperationalError("SELECT", {}, Exception("gone")), UnavailableError),
        (InterfaceError("SELECT", {}, Exception("closed")), UnavailableError),
        (PoolTimeoutError("pool"), UnavailableError),
        (InternalError("UPDATE", {}, StandByError("read-only")), UnavailableError),
    ],
    ids=["constraint", "value", "lost", "closed", "pool", "read-only"],
)
def test_an_error_of_the_database_is_told_in_ours(error, told_as):
    with pytest.raises(told_as), translated():
        raise error


@pytest.mark.parametrize("kind", [IntegrityError, DataError])
def test_what_a_database_quotes_of_a_row_is_not_passed_on(kind):
    with pytest.raises((ConflictError, InvalidInputError)) as caught, translated():
        raise kind("INSERT", {}, ROW)

    assert "Nancy" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_an_error_of_our_own_making_stays_what_it_is():
    with pytest.raises(ProgrammingError), translated():
        raise ProgrammingError("SELEC", {}, Exception("syntax"))


def test_another_fault_inside_the_database_stays_what_it_is():
    with pytest.raises(InternalError), translated():
        raise InternalError("UPDATE", {}, Exception("something else"))
