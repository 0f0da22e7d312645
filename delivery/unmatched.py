"""An answer that fits no request: kept aside until a person has looked at it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kernel.ids import Canonical, RequestId, UnmatchedId


class UnmatchedState(StrEnum):
    """Life of an unmatched answer; the last two are final."""

    WAITING = "waiting"
    ASSIGNED = "assigned"
    DISCARDED = "discarded"


@dataclass(frozen=True, slots=True)
class UnmatchedResponse:
    """One answer in the tray; what was answered stays sealed until it is assigned.

    Args:
        channel: that signed it.
        questionnaire: `url|version`.
        received_at: aware UTC.
        request_id: the request that it was assigned to.
        closed_by: id of the person who assigned or discarded it.
    """

    id: UnmatchedId
    channel: str
    questionnaire: Canonical
    received_at: datetime
    state: UnmatchedState
    request_id: RequestId | None = None
    closed_by: str | None = None
    closed_at: datetime | None = None
