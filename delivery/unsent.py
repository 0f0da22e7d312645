"""A danger answer that was given and not sent, as a value."""

from dataclasses import dataclass
from datetime import datetime

from kernel.ids import PatientRef, RequestId, UnsentId


@dataclass(frozen=True, slots=True)
class UnsentDanger:
    """A request whose draft raised a danger notice.

    Args:
        since: when the answer was saved, aware UTC.
        told_at: when the clinic was told, aware UTC; None = not yet.
    """

    id: UnsentId
    patient_ref: PatientRef
    request_id: RequestId
    since: datetime
    told_at: datetime | None
