"""The ladder over real HTTP: refused by the app, written by letter, answered, and taken back at the print service."""

import pytest

from delivery.channels.clinic import ClinicChannel
from delivery.channels.letter import LetterChannel
from delivery.channels.minlaege import MinLaegeChannel
from delivery.channels.webpatient import WebPatientChannel
from delivery.ladder import Step
from delivery.outbox import MessageKind, MessageState
from delivery.simulator.scenario import scenario_of
from flow.event import ReceiveEvent
from flow.ladder import ClimbLadders
from flow.receipts import PollReceipts
from tests.builders import CLINIC_ID
from tests.fault.simulated import TOKENS, simulated
from tests.pdf_text import text_of_pdf
from tests.released import RELEASED
from tests.way import Way

LADDER = (Step("webpatient", 3), Step("letter", 5), Step("clinic"))


@pytest.fixture
def way(store, clock, keyring):
    way = Way(store, clock, keyring)
    way.add_clinic()
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.ladders.set("KOL", LADDER)
    return way


def speak(there):
    channels = (
        WebPatientChannel(there.url, TOKENS["webpatient"], timeout_s=2),
        MinLaegeChannel(there.url, TOKENS["minlaege"], timeout_s=2),
        LetterChannel(there.url, "print-token", RELEASED.letter, timeout_s=5),
        ClinicChannel(),
    )
    there.way.speak({channel.name: channel for channel in channels})


def run(way):
    while way.dispatch():
        pass


def states(way, enrolled, kind):
    with way.look() as tx:
        found = tx.outbox.of_occasion(way.occasion(enrolled).id)
    return {one.target: one.state for one in found if one.kind is kind}


def test_who_is_refused_by_the_app_gets_a_letter_which_leads_to_the_answer(way):
    with simulated(way, scenario_of({"receivers": {"webpatient": {"first": ["refused"]}}})) as there:
        speak(there)
        enrolled = way.enrolled()
        way.open_due()
        run(way)
        (letter,) = there.simulator.letters.all()
        page = text_of_pdf(letter.pdf or b"")
        way.answer_all(enrolled)
        run(way)

        assert states(way, enrolled, MessageKind.INVITATION) == {
            "webpatient": MessageState.DEAD,
            "letter": MessageState.ACCEPTED,
        }
        assert letter.name in page
        assert states(way, enrolled, MessageKind.WITHDRAWAL) == {}


def test_the_answer_takes_back_what_the_app_and_the_print_service_still_have(way):
    with simulated(way, scenario_of({})) as there:
        speak(there)
        enrolled = way.enrolled()
        way.open_due()
        run(way)
        way.clock.move(days=3)
        ClimbLadders(way.store, way.clock)()
        run(way)
        way.answer_all(enrolled)
        way.clock.move(minutes=1)
        run(way)

        assert {message.state for message in there.simulator.messages.all()} == {"withdrawn"}
        assert [letter.is_withdrawn for letter in there.simulator.letters.all()] == [True]
        assert states(way, enrolled, MessageKind.WITHDRAWAL) == dict.fromkeys(
            ("webpatient", "letter"), MessageState.ACCEPTED
        )


def test_who_opens_nothing_climbs_to_the_clinic_and_who_opened_does_not(way):
    with simulated(
        way, scenario_of({"receivers": {"webpatient": {"first": ["receipts-lost", "receipts-lost"]}}})
    ) as there:
        speak(there)
        enrolled = way.enrolled()
        way.open_due()
        run(way)
        climb = ClimbLadders(way.store, way.clock)
        for days in (3, 5):
            way.clock.move(days=days)
            assert climb() == 1
            run(way)

        assert set(states(way, enrolled, MessageKind.INVITATION)) == {"webpatient", "letter", "clinic"}
        with way.look() as tx:
            assert len(tx.calls.waiting()) == 1


def test_an_opening_that_no_call_told_is_fetched_before_the_ladder_goes_on(way):
    with simulated(way, scenario_of({"receivers": {"webpatient": {"first": ["receipts-lost"]}}})) as there:
        speak(there)
        enrolled = way.enrolled()
        way.open_due()
        run(way)
        (message,) = there.simulator.messages.all()
        there.simulator.messages.advance(message.reference, "opened")
        there.simulator.telling.tell("webpatient", message.key, message.reference, ("opened",))
        poll = PollReceipts(
            way.store, way.clock, ReceiveEvent(way.store, way.clock, way.keyring, way.receive), way.channels
        )
        fetched = poll()
        way.clock.move(days=4)

        assert fetched == 3
        assert ClimbLadders(way.store, way.clock)() == 0
        assert set(states(way, enrolled, MessageKind.INVITATION)) == {"webpatient"}
