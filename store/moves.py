"""Changes of a message's state as parts of an UPDATE: the condition it starts from, the columns it ends with."""

from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, FromClause

from delivery.outbox import MessageState
from delivery.transitions import CHANGES, OPEN_STATES, Change
from store.base import table_of
from store.tables.outbox import OutboxRow

OUTBOX = table_of(OutboxRow)


def starts(change: Change, outbox: FromClause = OUTBOX) -> ColumnElement[bool]:
    """Make the condition that a message is where a change may start.

    Args:
        outbox: the outbox, or an alias of it.
    """
    first, *others = sorted(CHANGES[change].starts)
    # SQLite finds the partial indexes of a state by `state = 'due'`; with `state IN ('due')` it reads the whole outbox.
    return outbox.c.state.in_((first, *others)) if others else outbox.c.state == first


def is_open(outbox: FromClause = OUTBOX) -> ColumnElement[bool]:
    """Make the condition that a message may still be sent.

    Args:
        outbox: the outbox, or an alias of it.
    """
    return outbox.c.state.in_(OPEN_STATES)


def ends(change: Change, at: datetime | BindParameter[datetime], state: MessageState | None = None) -> dict[str, Any]:
    """Make what a change writes: the new state, no lease any more, and when it ended for good.

    Args:
        at: when it happens; a parameter of the same kind in a prepared statement.
        state: where it ends; None where the table knows one end only.

    Raises:
        ValueError: the table does not know this end of the change.
    """
    allowed = CHANGES[change].ends
    if state is None:
        (state,) = allowed
    if state not in allowed:
        raise ValueError(f"A message cannot end as {state} by {change}.")
    lease = {} if state is MessageState.LEASED else {"lease_owner": None, "lease_until": None}
    # A person who sends a message again has found out that it did not arrive, or takes it upon himself.
    doubt = {"in_doubt": False} if change is Change.RETRY else {}
    return {"state": state, "closed_at": None if state in OPEN_STATES else at, **lease, **doubt}
