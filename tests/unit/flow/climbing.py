"""A clinic with a ladder, and channels that take back what they were given."""

from delivery.channels.port import Capabilities, Idempotency
from delivery.ladder import Step
from delivery.outbox import MessageKind
from flow.ladder import ClimbLadders
from tests.builders import CLINIC_ID
from tests.way import FakeChannel

LADDER = (Step("webpatient", 10), Step("letter", 14), Step("clinic"))


class WithdrawingChannel(FakeChannel):
    """Takes messages back, or fails as told."""

    capabilities = Capabilities(Idempotency.KEY, withdraws=True)

    def __init__(self, name):
        super().__init__(name)
        self.withdrawn = []
        self.broken = []

    def withdraw(self, key):
        if self.broken:
            raise self.broken.pop(0)
        self.withdrawn.append(key)


def set_ladder(way, steps):
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.ladders.set("KOL", steps)


def messages(way, enrolled, *kinds):
    kinds = kinds or (MessageKind.INVITATION,)
    with way.look() as tx:
        found = tx.outbox.of_occasion(way.occasion(enrolled).id)
    return [(one.target, one.state) for one in found if one.kind in kinds]


def climb(way):
    return ClimbLadders(way.store, way.clock)()


def run(way):
    while way.dispatch():
        pass


def enrolled_with_ladder(way, phone, letter):
    """Enrol a patient whose invitation is due through the first step."""
    way.speak({"webpatient": phone, "letter": letter, "clinic": FakeChannel("clinic")})
    set_ladder(way, LADDER)
    enrolled = way.enrolled()
    way.open_due()
    return enrolled
