"""What is around the patient's form, as one whole: leaving it, what was not sent, and what comes afterwards."""

from dataclasses import dataclass

from delivery.content import Content
from flow.afterwards import MyAnswers, ReleaseDecision
from flow.attachment import OpenAttachment
from flow.leave import EndPauses, LeaveForm
from flow.paper import PrintForm
from flow.unsent import UnsentDangers
from kernel.clock import Clock
from security.keys import Keys
from store.database import Store


@dataclass(frozen=True, slots=True)
class AroundForm:
    """The use cases around the form."""

    leave: LeaveForm
    end_pauses: EndPauses
    unsent: UnsentDangers
    answers: MyAnswers
    release: ReleaseDecision
    paper: PrintForm
    attachment: OpenAttachment


def around_form(store: Store, content: Content, clock: Clock, *, keys: Keys, public_url: str) -> AroundForm:
    """Make them; `public_url` is where personal links begin."""
    return AroundForm(
        leave=LeaveForm(store, content),
        end_pauses=EndPauses(store, clock),
        unsent=UnsentDangers(store, content, clock),
        answers=MyAnswers(store, content),
        release=ReleaseDecision(store),
        paper=PrintForm(store, content, keys, public_url),
        attachment=OpenAttachment(store, content),
    )
