"""The database's own errors, told in ours."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DataError, IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from kernel.errors import ConflictError, InvalidInputError, UnavailableError

READ_ONLY = "25006"
"""PostgreSQL's state of a transaction that would write on a stand-by."""


@contextmanager
def translated() -> Iterator[None]:
    """Tell errors of the database in ours while the block runs.

    The first two are told without their cause: PostgreSQL quotes the offending row, and a row holds answers.

    Raises:
        ConflictError: a constraint said no.
        InvalidInputError: a value does not fit its column.
        UnavailableError: the database cannot be reached, is busy or takes no changes now; try again.
    """
    try:
        yield
    except IntegrityError:
        raise ConflictError("It exists already, or belongs to something that does not.") from None
    except DataError:
        raise InvalidInputError("A value is too long or has characters that cannot be stored.") from None
    except (OperationalError, InterfaceError, PoolTimeoutError) as error:
        raise UnavailableError("The database cannot be reached or is busy.") from error
    except InternalError as error:
        if getattr(error.orig, "sqlstate", None) != READ_ONLY:
            raise
        raise UnavailableError("The database can only be read at this moment.") from error
