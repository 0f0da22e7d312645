"""The order that an app for patients takes over HTTP: our proposed contract, the same for every app."""

from typing import Any
from urllib.parse import quote

from delivery.channels.app_receipts import read_receipts
from delivery.channels.port import Capabilities, Idempotency, Invitation, Polled, Receipt, ReceiptWay
from delivery.instants import instant
from delivery.transport import Transport
from kernel.errors import DeliveryError
from kernel.ids import MessageId

_UNKNOWN = frozenset({404})


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
         "deepLink": "https://...",
         "reminds": "..."}                  with a reminder only: the invitation that it repeats

    is answered 201 (or 200 when the key is known) with `{"reference": "...", "duplicate": false}`.
    Source: docs/delivery.md; assumption register.
    """

    name: str
    receiver: str
    capabilities = Capabilities(
        Idempotency.KEY,
        lookup=True,
        receipts=frozenset({ReceiptWay.PUSH, ReceiptWay.POLL}),
        max_rate=250.0,
        max_in_flight=32,
        withdraws=True,
    )

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

    def lookup(self, key: MessageId) -> Receipt | None:
        """Ask for an order: `GET .../orders/<key>` is answered as the order itself was, or 404.

        Raises:
            DeliveryError: it could not be asked.
        """
        answer = self._transport.exchange("GET", self._place(key), expected=_UNKNOWN)
        if answer.status in _UNKNOWN:
            return None
        return Receipt(self._transport.taken(answer).reference, duplicate=True)

    def withdraw(self, key: MessageId) -> None:
        """Take an order back: `DELETE .../orders/<key>` is answered 204, also where the key is new or was withdrawn.

        Raises:
            DeliveryError: sorted into permanent and try again.
        """
        self._transport.exchange("DELETE", self._place(key), headers={"Idempotency-Key": key})

    def poll(self, since: str | None) -> Polled:
        """Fetch receipts: `GET .../receipts?since=<mark>` is answered with the data of the calls that were due.

        Raises:
            DeliveryError: it could not be asked, or the answer cannot be read.
        """
        query = f"?since={quote(since, safe='')}" if since else ""
        answer = self._transport.exchange("GET", f"/{self.name}/v1/receipts{query}")
        polled = read_receipts(answer.raw)
        if polled is None:
            raise self._transport.broken("answered with receipts that cannot be read", maybe_accepted=False)
        return polled

    def _place(self, key: MessageId) -> str:
        return f"/{self.name}/v1/orders/{quote(key, safe='')}"

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
            **({"reminds": invitation.reminds} if invitation.reminds else {}),
        }
