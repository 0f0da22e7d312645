"""DELIVER to plans and practice systems: a report is rendered when claimed, and looked through before it leaves."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from delivery.content import Content
from delivery.operator_alarm import AlarmTarget
from delivery.outbox import Message, MessageKind, MessageState
from delivery.plans.port import PlanReport, PlanTarget, ReportEvent
from delivery.release import policy_of, released
from flow.hand_over_alarm import hand_over_alarm
from flow.handover import Handover
from flow.report import render_report
from flow.schedule import worker_of
from store.database import Store


@dataclass(frozen=True, slots=True)
class HandOverReport:
    """Hands reports to plans, records and inboxes.

    Args:
        public_url: where the clinic's pages are.
        operator: who is told what the clinic alone cannot help; None = the log and the metrics tell it.
    """

    store: Store
    content: Content
    plans: Mapping[str, PlanTarget]
    public_url: str
    operator: AlarmTarget | None = None

    def __call__(self, message: Message) -> Handover:
        """Hand over one claimed report; no transaction is open during the call.

        Raises:
            PlanError: sorted into permanent and try again.
        """
        if message.kind is MessageKind.OPERATOR_ALARM:
            return hand_over_alarm(self.store, self.operator, message)
        with self.store.read(message.clinic_id, worker_of(message.clinic_id)) as tx:
            report = render_report(tx, self.content, message)
            held, now = tx.agreements.hold_of(message.id), tx.now
        if held:
            # The clinic's agreement ended, or it left the package, after the claim: which leaves the message alone.
            return Handover(MessageState.DUE, again_at=now)
        if _is_cured(report):
            return Handover(MessageState.CANCELLED)
        linked = replace(report, link=f"{self.public_url}/clinic/enrolments/{report.enrolment_id}")
        leaving = released(linked, policy_of(message.target))
        if leaving is None:
            return Handover(MessageState.CANCELLED)
        receipt = self.plans[message.target].report(leaving)
        return Handover(MessageState.ACCEPTED, receipt.reference)


def _is_cured(report: PlanReport) -> bool:
    """Tell whether there is nothing to act on any more: somebody has decided or acted, or the form was sent."""
    nothing = {
        ReportEvent.ESCALATION: report.escalation is None,
        ReportEvent.REFUSED: not report.refused_by,
        ReportEvent.UNSENT: report.unsent_since is None,
    }
    return nothing.get(report.event, False)
