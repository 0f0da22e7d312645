"""The channel to the app Min Læge."""

from delivery.channels.app_order import AppChannel


class MinLaegeChannel(AppChannel):
    """Hands invitations to Min Læge, which tells of `accepted`, `opened`, `completed`, `rejected`.

    It sends a push, and nobody can say whether the phone showed it: there is no `notified`.
    """

    name = "minlaege"
    receiver = "Min Læge"
