"""The channel of those who are not asked by an app: the clinic's own call list."""

from delivery.channels.port import Capabilities, Idempotency, Invitation, Receipt

CALL_LIST = "call-list"


class ClinicChannel:
    """Puts invitations on the clinic's call list.

    Nothing leaves the house: the occasion is open, staff see it on their list, call the patient and fill in what the
    patient says. So a message is accepted at once, and the same key again is the same place on the list.
    """

    name = "clinic"
    capabilities = Capabilities(Idempotency.NATURAL)

    def send(self, invitation: Invitation) -> Receipt:  # noqa: ARG002 - the port's signature; the list reads the tables
        """Accept the invitation."""
        return Receipt(CALL_LIST)
