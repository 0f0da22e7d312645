"""REFUSED: what a target did not take reaches a person: the clinic, or the operator where its inbox refuses."""

from delivery.outbox import Message
from delivery.release import INBOX
from flow.report import enqueue_alarm, enqueue_refused
from kernel.log import logger
from store.transaction import Tx

log = logger(__name__)


def tell_refused(tx: Tx, message: Message) -> None:
    """Tell the clinic's inbox of a plan or record that refused; an inbox that refuses is the operator's.

    The clinic's pages show both until somebody says that it was handled. An alarm that could not be told is left to the
    log and the metrics.
    """
    if message.enrolment_id is None:
        return
    log.error("refused", message_id=message.id, kind=message.kind, channel=message.target)
    enrolment = tx.enrolments.get(message.enrolment_id)
    if message.target == INBOX:
        enqueue_alarm(tx, enrolment)
    else:
        enqueue_refused(tx, enrolment)
