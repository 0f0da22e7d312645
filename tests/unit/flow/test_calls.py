"""The clinic's call list: who is on it, since when, who was not reached, and who leaves it."""

from datetime import timedelta

import pytest

from delivery.channels.clinic import ClinicChannel
from flow.calls import CallList
from flow.enrol import EnrolmentOrder
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import AccessError, NotFoundError, NotOpenError
from kernel.ids import ClinicId, OccasionId
from security.actor import Role
from tests.builders import CLINIC_ID, a_clinic, an_actor, an_agreement, an_opt_in
from tests.way import CONTENT, NANCY, Way

SVERRE = ("0104909995", "Sverre Mosebryggeren")


@pytest.fixture
def way(store, clock, keyring):
    """A clinic that asks all its patients by telephone."""
    way = Way(store, clock, keyring)
    way.speak({"clinic": ClinicChannel()})
    with store.write(CLINIC_ID, an_actor(Role.OPERATOR)) as tx:
        tx.clinics.add(a_clinic())
        tx.agreements.agree(an_agreement())
        tx.clinics.add_opt_in(an_opt_in(channel="clinic"))
    return way


@pytest.fixture
def calls(way):
    return CallList(way.store, CONTENT)


@pytest.fixture
def nancy(way):
    """A patient whose start occasion came on the list at this moment."""
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    return enrolled


def names(way, calls):
    return [entry.name for entry in calls.listed(way.doctor)]


def test_the_list_says_whom_since_when_until_when_and_about_what(way, calls, nancy):
    (entry,) = calls.listed(way.doctor)

    assert (entry.name, entry.identifier) == ("Nancy Berggren", "251248-xxxx")
    assert entry.since == way.clock.now()
    assert entry.occasion.expires_at - entry.since == timedelta(days=21)
    assert [one.id for one in entry.enrolments] == [nancy.enrolment_id]
    assert entry.forms[0].da == CONTENT.questionnaires.newest("kol-status").title.da
    assert entry.attempts is None
    assert "Nancy" not in repr(entry)
    assert calls.waiting(way.doctor) == 1


def test_what_is_answered_already_is_not_named_and_who_answered_all_leaves_the_list(way, calls, nancy):
    first, *rest = way.asked(nancy).values()
    way.fill(first)

    assert len(calls.listed(way.doctor)[0].forms) == len(rest)

    for request in rest:
        way.fill(request)
    assert calls.listed(way.doctor) == ()
    assert calls.waiting(way.doctor) == 0


def test_before_it_is_handed_over_nobody_is_called(way, calls):
    way.enrolled()
    way.open_due()

    assert calls.listed(way.doctor) == ()


def test_who_is_asked_by_an_app_is_not_called(way, calls, nancy):
    with way.store.write(CLINIC_ID, way.doctor) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs", channel="webpatient"))
    way.enrol(way.system, EnrolmentOrder(*SVERRE, "LRS"))
    way.speak()
    way.open_due()
    assert way.dispatch() == 1

    assert names(way, calls) == ["Nancy Berggren"]


def test_after_the_deadline_nobody_is_called(way, calls, nancy):
    way.clock.at = calls.listed(way.doctor)[0].occasion.expires_at - timedelta(seconds=1)
    assert calls.waiting(way.doctor) == 1

    way.clock.move(seconds=1)

    assert calls.waiting(way.doctor) == 0


@pytest.mark.parametrize("kind", ["dead", "moved", "protected", "declined"])
def test_who_is_to_be_left_in_peace_leaves_the_list(way, calls, nancy, kind):
    entry = StatusEntry(0, NANCY[0], kind, value=True, since=None)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("cpr", (entry,)))

    assert calls.listed(way.doctor) == ()


def test_the_nearest_deadline_comes_first(way, calls, nancy):
    way.clock.move(days=2)
    way.enrol(way.system, EnrolmentOrder(*SVERRE, "KOL"))
    way.open_due()
    way.dispatch()

    assert names(way, calls) == ["Nancy Berggren", "Sverre Mosebryggeren"]


def test_a_call_in_vain_is_counted_with_its_time(way, calls, nancy):
    occasion = way.occasion(nancy)
    for _ in range(2):
        way.clock.move(hours=1)
        calls.not_reached(way.doctor, occasion.id)

    (entry,) = calls.listed(way.doctor)
    assert (entry.attempts.count, entry.attempts.last_at) == (2, way.clock.now())
    with way.look() as tx:
        acts = [one for one in tx.audit.events() if one.action == "not-reached"]
    assert [(one.entity, one.patients) for one in acts] == [(f"Occasion/{occasion.id}", (nancy.patient_ref,))] * 2


def test_nobody_was_called_about_what_is_closed_or_is_not_there(way, calls, nancy):
    with pytest.raises(NotFoundError):
        calls.not_reached(way.doctor, OccasionId("unknown"))
    occasion = way.occasion(nancy)
    stranger = an_actor(clinic_id=ClinicId("another"))
    with pytest.raises(NotFoundError):
        calls.not_reached(stranger, occasion.id)
    way.answer_all(nancy)
    with pytest.raises(NotOpenError):
        calls.not_reached(way.doctor, occasion.id)


def test_another_clinic_sees_nobody_of_this_list(way, calls, nancy):
    calls.not_reached(way.doctor, way.occasion(nancy).id)
    stranger = an_actor(clinic_id=ClinicId("another"))

    assert (calls.listed(stranger), calls.waiting(stranger)) == ((), 0)
    with way.store.read(stranger.clinic_id, stranger) as tx:
        assert tx.calls.attempts([way.occasion(nancy).id]) == {}
        assert not tx.calls.holds(way.occasion(nancy).id)


def test_looking_leaves_a_trace_and_counting_none(way, calls, nancy):
    calls.waiting(way.doctor)
    calls.listed(way.doctor)

    with way.look() as tx:
        reads = [(one.entity, one.patients) for one in tx.audit.events() if one.action == "read"]
    assert reads == [("Calls", (nancy.patient_ref,))]


@pytest.mark.parametrize("role", [Role.CLINIC_ADMIN, Role.SYSTEM, Role.PATIENT, Role.CHANNEL])
def test_only_those_who_treat_see_the_list(way, calls, nancy, role):
    actor = an_actor(role)

    assert calls.waiting(actor) == 0
    with pytest.raises(AccessError):
        calls.listed(actor)
    with pytest.raises(AccessError):
        calls.not_reached(actor, way.occasion(nancy).id)
