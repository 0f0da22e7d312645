"""The clinic sees what became of each report: delivered when, refused and why, or still on its way."""

import re
from datetime import timedelta

import pytest

from delivery.outbox import MessageState
from store.settlement import Settlement
from tests.unit.web_pages.desk import Desk


@pytest.fixture
def decided(world):
    invited = world.invite()
    world.answer(invited)
    world.decide(invited, "GREEN")
    return invited.enrolment_id


def page_of(world, enrolment_id):
    text = Desk(world).get(f"/clinic/enrolments/{enrolment_id}").partition('id="deliveries"')[2]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def settle(world, outcome, error=None, **more):
    """Let everything that waits for the plan end so."""
    now = world.services.clock.now()
    with world.services.store.queue() as queue:
        for message in queue.claim("test", now, now + timedelta(minutes=1), 8):
            is_plan = message.target == "flp"
            end = outcome if is_plan else MessageState.ACCEPTED
            told = {"error": error, **more} if is_plan else {}
            queue.settle(Settlement(message.id, message.clinic_id, message.fence, end, now, **told))


def test_a_report_that_arrived_says_when(world, decided):
    settle(world, MessageState.ACCEPTED)

    assert re.search(r"Til patientens plan \(flp\) Leveret \d+\. \w+ \d{4} kl\. \d\d\.\d\d", page_of(world, decided))


def test_a_report_that_was_refused_says_why(world, decided):
    settle(world, MessageState.DEAD, "the plan answers 422")

    assert re.search(
        r"Til patientens plan \(flp\) Afvist .* kl\. \d\d\.\d\d: the plan answers 422", page_of(world, decided)
    )


def test_a_report_that_is_tried_again_says_what_went_wrong_last(world, decided):
    later = world.services.clock.now() + timedelta(minutes=5)
    settle(world, MessageState.DUE, "the plan is away", retry_at=later)

    assert "venter på at blive sendt (sidst: the plan is away)" in page_of(world, decided)


def test_what_was_replaced_by_a_newer_report_stands_below(world, decided):
    text = page_of(world, decided)

    assert text.index("Vis ældre og erstattede") < text.index("erstattet af en nyere")
    assert "Til patientens plan (flp)" in text.partition("Vis ældre")[0]
