"""Actions that a clinician agrees with a patient: the list to choose from, and the life of one that was agreed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from kernel.ids import ActionId, DecisionId, EnrolmentId
from questionnaires.model import Text
from scoring.result import RuleVersion


class ActionState(StrEnum):
    """Life of an agreed action; the last two are final. Named as in FHIR Task.status."""

    REQUESTED = "requested"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        """Something is still to be done."""
        return self in (ActionState.REQUESTED, ActionState.IN_PROGRESS)

    @property
    def next_states(self) -> tuple["ActionState", ...]:
        """The states that it may be moved to."""
        return NEXT[self]


NEXT: Mapping[ActionState, tuple[ActionState, ...]] = MappingProxyType(
    {
        ActionState.REQUESTED: (ActionState.IN_PROGRESS, ActionState.COMPLETED, ActionState.CANCELLED),
        ActionState.IN_PROGRESS: (ActionState.COMPLETED, ActionState.CANCELLED),
        ActionState.COMPLETED: (),
        ActionState.CANCELLED: (),
    }
)


@dataclass(frozen=True, slots=True)
class AgreedAction:
    """One action that was agreed with a decision.

    Args:
        id: also the FHIR id of its Task.
        enrolment_id: in whose plan it stands.
        decision_id: with which it was agreed.
        code: of the list of actions.
        due: Danish date by which it should be done; None without one.
        note: free text, may name the patient.
        state: see `ActionState`.
        agreed_at: aware UTC.
        changed_at: when it came into this state, aware UTC.
    """

    id: ActionId
    enrolment_id: EnrolmentId
    decision_id: DecisionId
    code: str
    due: date | None
    note: str = field(repr=False)
    state: ActionState
    agreed_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class ActionKind:
    """One action of the list.

    Args:
        code: kept with every agreed action.
        label: as people read it.
        packages: care packages that offer it.
    """

    code: str
    label: Text
    packages: frozenset[str]


@dataclass(frozen=True, slots=True)
class ActionList:
    """The newest list of actions; an older code keeps its words, because lists only grow.

    Args:
        version: id, version and hash of the file.
        kinds: code -> action, in order.
    """

    version: RuleVersion
    kinds: Mapping[str, ActionKind]

    def of_package(self, package: str) -> tuple[ActionKind, ...]:
        """List what one care package offers, in order."""
        return tuple(kind for kind in self.kinds.values() if package in kind.packages)

    def label(self, code: str) -> Text:
        """Return an action's words; a code that is no longer listed stands for itself."""
        kind = self.kinds.get(code)
        return kind.label if kind else Text(code, code)
