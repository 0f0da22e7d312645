"""Receipts of orders that we do not know, and how far each channel's receipts were fetched: of all clinics."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select, update

from kernel.ids import MessageId
from store.base import table_of
from store.dialect import insert_for
from store.scope import Found
from store.tables.receipt_mark import ReceiptMarkRow
from store.tables.stray_receipt import StrayReceiptRow
from store.values import to_columns, to_value

MARK = table_of(ReceiptMarkRow)
STRAY = table_of(StrayReceiptRow)


class StrayState(StrEnum):
    """Life of a receipt in quarantine."""

    WAITING = "waiting"
    APPLIED = "applied"
    GIVEN_UP = "given-up"


@dataclass(frozen=True, slots=True)
class Stray:
    """One receipt in quarantine.

    Args:
        receipt_id: the channel's name of it; each counts once.
        order_id: what it says that it is about; no order of this channel, as far as we know.
        at: when it happened, as the channel says.
        tries: how often it was looked for again.
    """

    channel: str
    receipt_id: str
    order_id: MessageId
    event: str
    reference: str | None
    at: datetime
    received_at: datetime
    state: StrayState = StrayState.WAITING
    tries: int = 0


@dataclass(frozen=True, slots=True)
class Strays:
    """Keeps, finds and settles receipts that belong to no known order."""

    connection: Connection

    def keep(self, stray: Stray) -> bool:
        """Put a receipt into quarantine; False if it is there already."""
        statement = insert_for(self.connection, STRAY).values(to_columns(stray)).on_conflict_do_nothing()
        return self.connection.execute(statement.returning(STRAY.c.channel)).first() is not None

    def waiting(self, limit: int) -> tuple[Stray, ...]:
        """Return what may still find its order, what was tried least first."""
        query = select(STRAY).where(STRAY.c.state == StrayState.WAITING)
        rows = self.connection.execute(query.order_by(STRAY.c.tries, STRAY.c.received_at).limit(limit))
        return tuple(_stray(row) for row in rows)

    def newest(self, limit: int) -> tuple[Stray, ...]:
        """Return what came last, settled or not."""
        rows = self.connection.execute(select(STRAY).order_by(STRAY.c.received_at.desc()).limit(limit))
        return tuple(_stray(row) for row in rows)

    def count(self) -> dict[StrayState, int]:
        """Count by state."""
        rows = self.connection.execute(select(STRAY.c.state, func.count().label("many")).group_by(STRAY.c.state))
        return {StrayState(row.state): row.many for row in rows}

    def tried(self, stray: Stray, state: StrayState) -> bool:
        """Record one more try and what came of it; False if somebody else has settled the receipt."""
        same = (STRAY.c.channel == stray.channel, STRAY.c.receipt_id == stray.receipt_id)
        change = update(STRAY).where(*same, STRAY.c.state == StrayState.WAITING)
        return self.connection.execute(change.values(state=state, tries=STRAY.c.tries + 1)).rowcount == 1

    def mark(self, channel: str) -> str | None:
        """Return how far a channel's receipts were fetched."""
        return self.connection.execute(select(MARK.c.mark).where(MARK.c.channel == channel)).scalar_one_or_none()

    def set_mark(self, channel: str, mark: str, at: datetime) -> None:
        """Remember how far they are fetched and stored now."""
        statement = insert_for(self.connection, MARK).values(channel=channel, mark=mark, fetched_at=at)
        values = {"mark": mark, "fetched_at": at}
        self.connection.execute(statement.on_conflict_do_update(index_elements=["channel"], set_=values))


def _stray(row: Found) -> Stray:
    return to_value(Stray, row, state=StrayState(row.state))
