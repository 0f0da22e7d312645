"""The channel to the app WebPatient: our proposed order, handed over by HTTP."""

import json
from typing import Any

from delivery.channels.port import Invitation, Receipt
from delivery.instants import instant
from delivery.transport import Answer, Transport
from kernel.errors import DeliveryError

ORDERS = "/webpatient/v1/orders"


class WebPatientChannel:
    """Hands invitations to WebPatient.

    The app's interface is not public; this is the contract that we propose and that the simulator speaks.
    `POST {base}/webpatient/v1/orders`, with `Authorization: Bearer`, `Idempotency-Key: <order id>` and the body

        {"orderId": "...",                  the invitation; receipts name it
         "channel": "webpatient",
         "patient": {"identifier": {"kind": "cpr", "value": "..."}, "name": "..."},
         "requester": {"sor": "...", "providerNumber": "...", "name": "...", "phone": "..."},
         "occasion": {"id": "...", "due": "2026-11-20T08:00:00Z", "expires": "..."},
         "forms": [{"orderId": "...",       our request; the answer names it
                    "questionnaire": "url|version", "title": "..."}],
         "notify": {"text": "...", "language": "da"},
         "deepLink": "https://..."}

    is answered 201 (or 200 when the key is known) with `{"reference": "...", "duplicate": false}`.
    Source: docs/delivery.md; assumption register.
    """

    name = "webpatient"

    def __init__(self, base_url: str, token: str, *, timeout_s: float = 10) -> None:
        """Bind to the app's address with our credentials; `timeout_s` bounds the whole exchange."""
        self._transport = Transport(
            base_url, token, timeout_s=timeout_s, error=DeliveryError, receiver="the WebPatient service"
        )

    def send(self, invitation: Invitation) -> Receipt:
        """Hand over one invitation; the same key twice reaches the patient once.

        Raises:
            DeliveryError: sorted into permanent and try again.
        """
        body = json.dumps(_order(invitation), ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json", "Idempotency-Key": invitation.key}
        return self._receipt(self._transport.exchange("POST", ORDERS, body=body, headers=headers))

    def _receipt(self, answer: Answer) -> Receipt:
        try:
            said = json.loads(answer.raw)
        except ValueError as error:
            raise self._transport.broken("answered with no JSON", maybe_accepted=True) from error
        reference = said.get("reference") if isinstance(said, dict) else None
        if not isinstance(reference, str) or not reference:
            raise self._transport.broken("answered without a reference", maybe_accepted=True)
        return Receipt(reference, duplicate=said.get("duplicate") is True)


def _order(invitation: Invitation) -> dict[str, Any]:
    patient, clinic = invitation.patient, invitation.clinic
    return {
        "orderId": invitation.key,
        "channel": WebPatientChannel.name,
        "patient": {"identifier": {"kind": patient.kind, "value": patient.identifier}, "name": patient.name},
        "requester": {
            "sor": clinic.sor_id,
            "providerNumber": clinic.provider_number,
            "name": clinic.name,
            "phone": clinic.phone,
        },
        "occasion": {
            "id": invitation.occasion_id,
            "due": instant(invitation.due),
            "expires": instant(invitation.expires),
        },
        "forms": [
            {"orderId": form.order_id, "questionnaire": form.questionnaire, "title": form.title}
            for form in invitation.forms
        ],
        "notify": {"text": invitation.text, "language": invitation.language},
        "deepLink": invitation.link,
    }
