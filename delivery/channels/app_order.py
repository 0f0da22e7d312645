"""The order that an app for patients takes over HTTP: our proposed contract, the same for every app."""

from typing import Any

from delivery.channels.port import Invitation, Receipt
from delivery.instants import instant
from delivery.transport import Transport
from kernel.errors import DeliveryError


class AppChannel:
    """Hands invitations to one app.

    No app's interface is public; this is the contract that we propose and that the simulator speaks.
    `POST {base}/<app>/v1/orders`, with `Authorization: Bearer`, `Idempotency-Key: <order id>` and the body

        {"orderId": "...",                  the invitation; receipts name it
         "channel": "<app>",
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

    name: str
    receiver: str

    def __init__(self, base_url: str, token: str, *, timeout_s: float = 10) -> None:
        """Bind to the app's address with our credentials; `timeout_s` bounds the whole exchange."""
        self._transport = Transport(
            base_url, token, timeout_s=timeout_s, error=DeliveryError, receiver=f"the {self.receiver} service"
        )

    def send(self, invitation: Invitation) -> Receipt:
        """Hand over one invitation; the same key twice reaches the patient once.

        Raises:
            DeliveryError: sorted into permanent and try again.
        """
        taken = self._transport.hand_over(f"/{self.name}/v1/orders", invitation.key, self._order(invitation))
        return Receipt(taken.reference, taken.duplicate)

    def _order(self, invitation: Invitation) -> dict[str, Any]:
        patient, clinic = invitation.patient, invitation.clinic
        return {
            "orderId": invitation.key,
            "channel": self.name,
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
