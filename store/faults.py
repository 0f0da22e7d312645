"""The database's own errors, told in ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kernel.errors import ConflictError, InvalidInputError, UnavailableError


@contextmanager
def translated() -> Iterator[None]:
    """Tell errors of the database in ours while the block runs.

    The first two are told without their cause: PostgreSQL quotes the offending row, and a row holds answers.

    Raises:
        ConflictError: a constraint said no.
        InvalidInputError: a value does not fit its column.
        UnavailableError: the database cannot be reached or is busy; try again.
    """
    try:
        yield
    except IntegrityError:
        raise ConflictError("It exists already, or belongs to something that does not.") from None
    except DataError:
        raise InvalidInputError("A value is too long or has characters that cannot be stored.") from None
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise UnavailableError("The database cannot be reached or is busy.") from error
