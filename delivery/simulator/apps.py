"""The apps on the simulated phone: their names, and what each can tell of a message."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class App:
    """One app.

    Args:
        channel: name of the channel that speaks to it.
        title: as it stands on the phone.
        prefix: of its own references.
        tells: the events that it reports; the others happen without a word.
    """

    channel: str
    title: str
    prefix: str
    tells: frozenset[str]


APPS = (
    App("webpatient", "WebPatient", "WP", frozenset({"accepted", "notified", "opened", "completed"})),
    App("minlaege", "Min Læge", "ML", frozenset({"accepted", "opened", "completed"})),
)
"""A push may never be shown, so Min Læge says nothing of `notified`."""

BY_CHANNEL = {app.channel: app for app in APPS}
