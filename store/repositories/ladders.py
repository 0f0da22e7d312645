"""Ladders of the clinic's packages, and the one place where an occasion goes a step on."""

from collections.abc import Sequence
from dataclasses import dataclass

from delivery.ladder import Step
from delivery.outbox import Message, MessageKind, NewMessage
from store.base import table_of
from store.dialect import take_turns
from store.repositories.outbox import Outbox
from store.scope import Scope
from store.tables.ladder_step import LadderStepRow
from store.values import to_value

LADDER = table_of(LadderStepRow)


@dataclass(frozen=True, slots=True)
class Ladders:
    """Reads and sets ladders."""

    scope: Scope

    def of(self, package: str) -> tuple[Step, ...]:
        """Return the ladder of a package, its first step first; empty where the clinic has set none."""
        query = self.scope.select(LADDER, LADDER.c.package == package).order_by(LADDER.c.position)
        return tuple(to_value(Step, row) for row in self.scope.all(query))

    def set(self, package: str, steps: Sequence[Step]) -> None:
        """Put a ladder in the place of the package's old one; the package must be one that the clinic runs."""
        self.scope.delete(LADDER, LADDER.c.package == package)
        rows = [
            {"package": package, "position": n, "channel": step.channel, "wait_days": step.wait_days}
            for n, step in enumerate(steps, start=1)
        ]
        self.scope.insert_all(LADDER, rows)

    def step(self, last: Message, message: NewMessage) -> bool:
        """Add the invitation through the next channel; False where somebody has gone on from the last one already.

        Args:
            last: the invitation that did not reach the patient.
        """
        take_turns(self.scope.connection, f"{self.scope.clinic_id}/ladder/{last.occasion_id}")
        if not self.is_last(last):
            return False
        Outbox(self.scope).add(message)
        return True

    def is_last(self, invitation: Message) -> bool:
        """Tell whether no other channel was asked after this invitation."""
        if invitation.occasion_id is None:
            return True
        messages = Outbox(self.scope).of_occasion(invitation.occasion_id)
        return [one.id for one in messages if one.kind is MessageKind.INVITATION][-1:] == [invitation.id]
