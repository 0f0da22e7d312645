"""CONFIRM: several unchanged greens in one action, each decided by itself and by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from flow.decide import Decide
from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import EnrolmentId, SuggestionId
from security.actor import Actor
from security.policy import Action, allow

MOST_AT_ONCE = 50
"""As many as a page shows: nobody confirms what nobody saw."""


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What came of it.

    Args:
        done: enrolments in which it was confirmed that nothing changed.
        passed: enrolments left as they are, because something has changed or the patient wishes to be contacted.
    """

    done: tuple[EnrolmentId, ...]
    passed: tuple[EnrolmentId, ...]


@dataclass(frozen=True, slots=True)
class ConfirmGreens:
    """The use case; each decision is a transaction of its own, so that one that is refused stops no other."""

    decide: Decide

    def __call__(self, actor: Actor, seen: Sequence[tuple[EnrolmentId, SuggestionId]]) -> Confirmed:
        """Confirm that nothing has changed in enrolments, as it was shown.

        Args:
            seen: enrolment and the suggestion that was shown of it; at most `MOST_AT_ONCE`.

        Raises:
            AccessError: the actor decides nothing, or names no clinician in whose delegation it does.
            InvalidInputError: they are too many.
            NotFoundError: no such enrolment or suggestion in this clinic.
        """
        allow(actor, Action.DECIDE)
        if len(seen) > MOST_AT_ONCE:
            raise InvalidInputError(f"At most {MOST_AT_ONCE} at once.")
        done: list[EnrolmentId] = []
        passed: list[EnrolmentId] = []
        for enrolment_id, suggestion_id in dict.fromkeys(seen):
            (done if self._confirm(actor, enrolment_id, suggestion_id) else passed).append(enrolment_id)
        return Confirmed(tuple(done), tuple(passed))

    def _confirm(self, actor: Actor, enrolment_id: EnrolmentId, suggestion_id: SuggestionId) -> bool:
        try:
            self.decide.confirm(actor, enrolment_id, suggestion_id, calm=True)
        except (InvalidInputError, ConflictError):
            return False
        return True
