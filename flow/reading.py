"""ANSWER: when the clinic of a transaction reads what is sent now."""

from delivery.content import Content
from delivery.escalation import Clocks
from delivery.reading import Reading, Within, opening_hours, reading_at
from store.transaction import Tx


def reading_now(tx: Tx, content: Content) -> Reading:
    """Tell when the clinic reads an answer of this moment, by its hours, its closures and its own limit for reds."""
    decided = Clocks(content.escalation, tx.reds.choice(), tx.window).decided
    pages, hours = content.patient_pages, opening_hours(content.contact, tx.window)
    within = Within(pages.read_within, min(decided, pages.read_within))
    return reading_at(tx.now, within, tx.window, hours, unsent=pages.unsent_danger)
