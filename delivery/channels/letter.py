"""The channel on paper: one A4 letter with a code, handed to a print service that knows where people live."""

from base64 import b64encode
from urllib.parse import quote

from delivery.channels.port import Capabilities, Idempotency, Invitation, Receipt
from delivery.letter_file import Letter
from delivery.letter_text import letter_pdf
from delivery.transport import Transport
from kernel.errors import DeliveryError
from kernel.ids import MessageId

LETTERS = "/print/v1/letters"
_UNKNOWN = frozenset({404})


class LetterChannel:
    """Hands letters to a print service.

    No print service's interface is assumed to be this one; it is the contract that we propose and that the simulator
    speaks. `POST {base}/print/v1/letters` with `Authorization: Bearer`, `Idempotency-Key: <letter id>` and the body

        {"letterId": "...",
         "recipient": {"identifier": {"kind": "cpr", "value": "..."}, "name": "..."},
         "sender": {"sor": "...", "name": "..."},
         "document": {"contentType": "application/pdf", "data": "<base64>"}}

    is answered 201 (or 200 when the key is known) with `{"reference": "...", "duplicate": false}`. The service finds
    the address by the identifier, as Danish remote printing does, so that we keep none.
    Source: docs/adapters/letter.md; assumption register.
    """

    name = "letter"
    capabilities = Capabilities(
        Idempotency.KEY,
        lookup=True,
        max_rate=5.0,
        max_in_flight=2,
        max_payload=1024 * 1024,
        withdraws=True,
        reminds=True,
    )

    def __init__(self, base_url: str, token: str, letter: Letter, *, timeout_s: float = 10) -> None:
        """Bind to the service's address with our credentials; `timeout_s` bounds the whole exchange.

        Args:
            letter: what every letter says, and how it looks.
        """
        self._letter = letter
        self._transport = Transport(
            base_url, token, timeout_s=timeout_s, error=DeliveryError, receiver="the print service"
        )

    def send(self, invitation: Invitation) -> Receipt:
        """Hand over one letter; the same key twice is printed once.

        Raises:
            DeliveryError: sorted into permanent and try again.
        """
        patient, clinic = invitation.patient, invitation.clinic
        body = {
            "letterId": invitation.key,
            "recipient": {"identifier": {"kind": patient.kind, "value": patient.identifier}, "name": patient.name},
            "sender": {"sor": clinic.sor_id, "name": clinic.name},
            "document": {
                "contentType": "application/pdf",
                "data": b64encode(letter_pdf(self._letter, invitation)).decode("ascii"),
            },
        }
        taken = self._transport.hand_over(LETTERS, invitation.key, body)
        return Receipt(taken.reference, taken.duplicate)

    def lookup(self, key: MessageId) -> Receipt | None:
        """Ask for a letter: `GET .../letters/<key>` is answered as the letter itself was, or 404.

        Raises:
            DeliveryError: it could not be asked.
        """
        answer = self._transport.exchange("GET", _place(key), expected=_UNKNOWN)
        if answer.status in _UNKNOWN:
            return None
        return Receipt(self._transport.taken(answer).reference, duplicate=True)

    def withdraw(self, key: MessageId) -> None:
        """Stop a letter that is not printed yet: `DELETE .../letters/<key>` is answered 204, also where it is too late.

        Raises:
            DeliveryError: sorted into permanent and try again.
        """
        self._transport.exchange("DELETE", _place(key), headers={"Idempotency-Key": key})


def _place(key: MessageId) -> str:
    return f"{LETTERS}/{quote(key, safe='')}"
