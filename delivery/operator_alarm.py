"""The port to the operator: what an operator is told when the clinic alone cannot help; ids only, nobody's data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from delivery.capabilities import Capabilities
from delivery.escalation import Why
from delivery.outbox import MessageKind
from kernel.ids import ClinicId, EnrolmentId, MessageId

TARGET = "operator"


@dataclass(frozen=True, slots=True)
class RefusedReport:
    """A report that a target did not take."""

    message_id: MessageId
    target: str
    kind: MessageKind


@dataclass(frozen=True, slots=True)
class OperatorAlarm:
    """What waits for the operator in one enrolment; rendered when it is sent.

    Args:
        key: idempotency key.
        red_since: when the red came that nobody handles, aware UTC; None = there is none.
        red_why: what did not happen in time; None without a red.
        refused: reports that a target did not take.
    """

    key: MessageId
    clinic_id: ClinicId
    enrolment_id: EnrolmentId
    red_since: datetime | None
    red_why: Why | None
    refused: tuple[RefusedReport, ...]


class AlarmTarget(Protocol):
    """Tells an operator."""

    name: str
    capabilities: Capabilities

    def tell(self, alarm: OperatorAlarm) -> str:
        """Tell; the same key twice is one alarm; return the receiver's name for it.

        Raises:
            PlanError: sorted into permanent and try again.
        """
        ...
