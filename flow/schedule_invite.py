"""SCHEDULE: what an occasion consists of beside its slots: requests, and the invitation that tells the patient."""

from collections.abc import Iterable
from datetime import datetime

from delivery.content import Content
from delivery.outbox import MessageKind, NewMessage
from delivery.schedule import Enrolment, Occasion, Request, RequestState
from kernel.ids import RequestId, new_id


def requests_of(
    content: Content, occasion: Occasion, asked: Iterable[str], *, at: datetime, position: int = 0
) -> list[Request]:
    """Make the requests by which an occasion asks questionnaires.

    Args:
        asked: their ids, in order.
        at: the moment of asking, aware UTC.
        position: of the first of them.
    """
    return [
        Request(
            id=RequestId(new_id()),
            occasion_id=occasion.id,
            patient_ref=occasion.patient_ref,
            questionnaire=content.questionnaires.newest(name).canonical,
            position=place,
            state=RequestState.REQUESTED,
            requested_at=at,
            expires_at=occasion.expires_at,
        )
        for place, name in enumerate(asked, start=position)
    ]


def invitation(occasion: Occasion, enrolment: Enrolment, *, at: datetime) -> NewMessage:
    """Make the outbox row of an occasion's invitation.

    Args:
        at: inside the clinic's window, aware UTC.
    """
    return NewMessage(
        kind=MessageKind.INVITATION,
        lane=f"{enrolment.channel}:{occasion.id}",
        target=enrolment.channel,
        due_at=at,
        patient_ref=occasion.patient_ref,
        expires_at=occasion.expires_at,
        occasion_id=occasion.id,
    )
