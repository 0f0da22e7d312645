"""The channel to the app WebPatient."""

from delivery.channels.app_order import AppChannel


class WebPatientChannel(AppChannel):
    """Hands invitations to WebPatient, which tells of `accepted`, `notified`, `opened`, `completed`, `rejected`."""

    name = "webpatient"
    receiver = "WebPatient"
