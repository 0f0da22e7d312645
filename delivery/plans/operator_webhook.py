"""The operator's own alarm system: a webhook signed by Standard Webhooks; see docs/adapters/operator.md."""

import json
from typing import Any

from delivery.capabilities import Capabilities, Idempotency
from delivery.instants import instant
from delivery.operator_alarm import TARGET, OperatorAlarm
from delivery.transport import Transport
from kernel.clock import Clock
from kernel.errors import PlanError
from security.webhooks import ID_HEADER, SIGNATURE_HEADER, TIMESTAMP_HEADER, sign


class OperatorWebhook:
    """Posts to one address; ids only, nothing of a patient."""

    name = TARGET
    capabilities = Capabilities(Idempotency.KEY)

    def __init__(self, url: str, secret: str, clock: Clock, *, timeout_s: float = 10) -> None:
        """Bind to the operator's address with the secret that both sides hold.

        Args:
            secret: `whsec_<base64>`.
            clock: dates the signature.
            timeout_s: bounds each exchange.
        """
        self._secret = secret
        self._clock = clock
        self._transport = Transport(url, None, timeout_s=timeout_s, error=PlanError, receiver="the operator's webhook")

    def tell(self, alarm: OperatorAlarm) -> str:
        """Post one alarm; the id of the webhook is the alarm's key at each attempt.

        Raises:
            PlanError: sorted into permanent and try again.
        """
        now = self._clock.now()
        body = {"type": "svarbro.attention", "timestamp": instant(now), "data": _data(alarm)}
        raw, timestamp = json.dumps(body, separators=(",", ":")).encode(), int(now.timestamp())
        headers = {
            "Content-Type": "application/json",
            ID_HEADER: alarm.key,
            TIMESTAMP_HEADER: str(timestamp),
            SIGNATURE_HEADER: sign(self._secret, alarm.key, timestamp, raw),
        }
        self._transport.exchange("POST", "", body=raw, headers=headers)
        return alarm.key


def _data(alarm: OperatorAlarm) -> dict[str, Any]:
    # No colour leaves the clinic before the decision: the operator learns that somebody waits, and for what.
    unhandled = None
    if alarm.red_since is not None:
        unhandled = {"since": instant(alarm.red_since), "why": alarm.red_why}
    refused = [{"messageId": one.message_id, "target": one.target, "kind": one.kind} for one in alarm.refused]
    return {"clinicId": alarm.clinic_id, "enrolmentId": alarm.enrolment_id, "unhandled": unhandled, "refused": refused}
