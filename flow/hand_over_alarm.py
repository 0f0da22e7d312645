"""DELIVER to the operator: an alarm is rendered when it is claimed; what was cured meanwhile is told no more."""

from delivery.escalation import Step
from delivery.operator_alarm import AlarmTarget, OperatorAlarm, RefusedReport
from delivery.outbox import Message, MessageState
from flow.handover import Handover
from flow.schedule import worker_of
from store.database import Store
from store.transaction import Tx

LOGGED = "log"
"""Reference of an alarm in an installation without an address of its operator: the log and the metrics tell it."""


def hand_over_alarm(store: Store, operator: AlarmTarget | None, message: Message) -> Handover:
    """Hand over one claimed alarm; no transaction is open during the call.

    Raises:
        PlanError: sorted into permanent and try again.
    """
    with store.read(message.clinic_id, worker_of(message.clinic_id)) as tx:
        alarm = _alarm(tx, message)
    if alarm.red_since is None and not alarm.refused:
        return Handover(MessageState.CANCELLED)
    return Handover(MessageState.ACCEPTED, LOGGED if operator is None else operator.tell(alarm))


def _alarm(tx: Tx, message: Message) -> OperatorAlarm:
    if message.enrolment_id is None:
        raise ValueError("An alarm names its enrolment.")
    red = tx.reds.open_of(message.enrolment_id)
    told = [step for step in tx.reds.steps(red.id) if step.step is Step.OPERATOR] if red else []
    refused = tx.backlog.refused(message.enrolment_id)
    return OperatorAlarm(
        key=message.id,
        clinic_id=message.clinic_id,
        enrolment_id=message.enrolment_id,
        red_since=red.since if red and told else None,
        red_why=told[0].why if told else None,
        refused=tuple(RefusedReport(one.id, one.target, one.kind) for one in refused),
    )
