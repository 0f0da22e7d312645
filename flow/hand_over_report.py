"""DELIVER to plans and practice systems: a report is rendered when claimed, and looked through before it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from delivery.content import Content
from delivery.outbox import Message, MessageState
from delivery.plans.port import PlanTarget
from delivery.release import policy_of, released
from flow.handover import Handover
from flow.report import render_report
from flow.schedule import worker_of
from store.database import Store


@dataclass(frozen=True, slots=True)
class HandOverReport:
    """Hands reports to plans, records and inboxes.

    Args:
        public_url: where the clinic's pages are.
    """

    store: Store
    content: Content
    plans: Mapping[str, PlanTarget]
    public_url: str

    def __call__(self, message: Message) -> Handover:
        """Hand over one claimed report; no transaction is open during the call.

        Raises:
            PlanError: sorted into permanent and try again.
        """
        with self.store.read(message.clinic_id, worker_of(message.clinic_id)) as tx:
            report = render_report(tx, self.content, message)
        linked = replace(report, link=f"{self.public_url}/clinic/enrolments/{report.enrolment_id}")
        leaving = released(linked, policy_of(message.target))
        if leaving is None:
            return Handover(MessageState.CANCELLED)
        receipt = self.plans[message.target].report(leaving)
        return Handover(MessageState.ACCEPTED, receipt.reference)
