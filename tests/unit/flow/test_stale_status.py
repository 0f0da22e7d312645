"""A source of patients' status that fell silent: nobody is written to until it speaks again, and the reason is told."""

from datetime import timedelta

import pytest

from delivery.backlog import Wanted
from delivery.outbox import MessageKind, MessageState
from delivery.patient_status import Hold
from flow.clinic_hours import ArrangeClinic
from flow.operate import OperateOutbox
from flow.schedule_open import Opening
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import AccessError, InvalidInputError
from security.actor import Role
from tests.builders import NOW, an_actor
from tests.way import CONTENT, NANCY


@pytest.fixture
def clinic(way):
    return ArrangeClinic(way.store)


@pytest.fixture
def operator():
    return an_actor(Role.OPERATOR)


@pytest.fixture
def speak(way):
    record = RecordStatus(way.store, way.clock, frozenset({"webpatient"}))
    return lambda source="cpr", *entries: record(way.system, StatusDelivery(source, entries))


def held(way, enrolled):
    with way.look() as tx:
        return tx.freshness.held_because(MessageKind.INVITATION, enrolled.patient_ref, "webpatient")


def silent(clinic):
    return [demand.source for demand in clinic.shown(an_actor(Role.OPERATOR)).stale]


def outbox(way, enrolled):
    with way.look() as tx:
        return [(one.kind, one.state) for one in tx.outbox.of_occasion(way.occasion(enrolled).id)]


def test_without_a_demand_no_source_needs_to_speak(way, clinic, operator):
    way.enrolled()

    assert (way.open_due(), way.dispatch()) == (1, 1)
    assert clinic.shown(operator).demands == ()


def test_nobody_is_asked_while_a_demanded_source_never_spoke(way, clinic, operator, speak):
    enrolled = way.enrolled()
    clinic.demand_status(operator, "cpr", 24)

    assert way.open_due() == 0
    assert held(way, enrolled) is Hold.STATUS_STALE
    assert silent(clinic) == ["cpr"]

    speak("lps")
    assert way.open_due() == 0, "another source says nothing of what this one knows"
    speak("cpr")
    assert (way.open_due(), way.dispatch()) == (1, 1)
    assert held(way, enrolled) is None


def test_a_status_is_fresh_up_to_its_hours_and_not_a_moment_longer(way, clinic, operator, speak):
    speak()
    clinic.demand_status(operator, "cpr", 24)
    enrolled = way.enrolled()

    way.clock.at = NOW + timedelta(hours=24)
    assert (way.open_due(), held(way, enrolled)) == (0, Hold.STATUS_STALE)
    way.clock.at = NOW + timedelta(hours=24, seconds=-1)
    assert (way.open_due(), held(way, enrolled)) == (1, None)


def test_an_invitation_that_waits_is_held_by_the_claim_and_leaves_when_the_source_speaks(way, clinic, operator, speak):
    enrolled = way.enrolled()
    way.open_due()
    clinic.demand_status(operator, "cpr", 24)

    assert way.dispatch() == 0
    with way.store.survey() as survey:
        assert survey.waits_since(NOW + timedelta(hours=1)) is None, "what a gate holds is not waiting for us"
    speak()
    assert way.dispatch() == 1
    assert outbox(way, enrolled)[0] == (MessageKind.INVITATION, MessageState.ACCEPTED)


def test_a_reminder_is_held_too_and_a_report_is_not(way, clinic, operator):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    clinic.demand_status(operator, "cpr", 24)
    way.clock.move(days=4)

    assert way.dispatch() == 0
    way.answer_all(enrolled)
    assert way.dispatch() > 0
    assert len(way.channel.taken) == 1


def test_a_source_that_falls_silent_between_claim_and_call_stops_the_call(way, clinic, operator):
    enrolled = way.enrolled()
    way.open_due()
    with way.store.queue() as queue:
        (message,) = queue.claim("slow", NOW, NOW + timedelta(seconds=60), 1)
    clinic.demand_status(operator, "cpr", 24)

    handover = way.dispatch.to_patient(message)

    assert (handover.outcome, handover.again_at) == (MessageState.DUE, NOW)
    assert way.channel.taken == {}
    assert way.occasion(enrolled).id


def test_what_is_filled_in_on_the_clinics_own_screen_is_not_held(way, clinic, operator):
    enrolled = way.enrolled()
    clinic.demand_status(operator, "cpr", 24)

    with way.store.write(way.system.clinic_id, way.system) as tx:
        opened = Opening(CONTENT, way.keyring)(tx, enrolled.patient_ref, invite=False)

    assert opened is not None


def test_a_patient_who_declined_is_told_apart_from_a_stale_source(way, speak):
    enrolled = way.enrolled()
    speak("cpr", StatusEntry(0, NANCY[0], "declined", value=True))

    assert held(way, enrolled) is Hold.PATIENT_STATUS
    with way.look() as tx:
        assert tx.freshness.held_because(MessageKind.PLAN_REPORT, enrolled.patient_ref, "flp") is None


def test_a_demand_can_be_changed_and_dropped(way, clinic, operator, speak):
    speak()
    clinic.demand_status(operator, "cpr", 1)
    way.clock.move(hours=2)
    assert silent(clinic) == ["cpr"]

    clinic.demand_status(operator, "cpr", 3)
    assert silent(clinic) == []
    clinic.demand_status(operator, "cpr", None)
    assert clinic.shown(operator).demands == ()


@pytest.mark.parametrize(("source", "hours"), [("", 24), ("x" * 41, 24), ("cpr", 0)], ids=["none", "long", "no hour"])
def test_a_demand_that_makes_no_sense_is_refused(clinic, operator, source, hours):
    with pytest.raises(InvalidInputError):
        clinic.demand_status(operator, source, hours)


def test_only_who_runs_the_clinic_sets_it(way, clinic):
    for actor in (way.doctor, way.system):
        with pytest.raises(AccessError):
            clinic.demand_status(actor, "cpr", 24)


def test_the_clinics_people_are_told_why_and_nobody_else(way, clinic, operator):
    clinic.demand_status(operator, "cpr", 24)

    assert [(demand.source, demand.max_age_h) for demand in clinic.stale(way.doctor)] == [("cpr", 24)]
    with pytest.raises(AccessError):
        clinic.stale(operator)


def test_the_list_of_the_outbox_says_what_holds_a_message(way, clinic, operator):
    way.enrolled()
    way.open_due()
    listed = OperateOutbox(way.store).listed
    (before,) = listed(operator, Wanted())
    clinic.demand_status(operator, "cpr", 24)
    (after,) = listed(operator, Wanted())

    assert (before.held_because, after.held_because) == (None, Hold.STATUS_STALE)
