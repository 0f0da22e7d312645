"""What feeds tell of patients, and that nobody is written to who may not be."""

from datetime import date, timedelta

import pytest

from delivery.patient_status import StatusKind, StatusReport
from delivery.schedule import EnrolmentState, OccasionState, RequestState, SlotState
from flow.enrol import EnrolmentOrder
from flow.schedule_open import Opening
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import AccessError, InvalidInputError
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor, an_opt_in
from tests.way import CONTENT, NANCY

TODAY = date(2027, 1, 11)


@pytest.fixture
def record(way):
    use_case = RecordStatus(way.store, way.clock, frozenset({"webpatient", "clinic"}))

    def record(kind, *, value=True, since=None, source="cpr"):
        entry = StatusEntry(0, NANCY[0], kind, value, since)
        return use_case(way.system, StatusDelivery(source, (entry,)))

    return record


def messages(way, occasion):
    with way.look() as tx:
        return [(message.state.value, message.target) for message in tx.outbox.of_occasion(occasion.id)]


def states(way, enrolled):
    with way.look() as tx:
        slots = tx.schedule.slots_of(enrolled.enrolment_id)
        return tx.enrolments.get(enrolled.enrolment_id).state, sorted(slot.state for slot in slots)


@pytest.mark.parametrize("kind", ["dead", "moved"])
def test_death_and_a_move_end_the_packages_and_all_that_was_planned(way, record, kind):
    enrolled = way.enrolled()
    way.open_due()
    occasion = way.occasion(enrolled)

    assert record(kind).changed == 1

    state, slots = states(way, enrolled)
    assert (state, set(slots)) == (EnrolmentState.ENDED, {SlotState.CANCELLED})
    assert way.occasion(enrolled).state is OccasionState.CANCELLED
    assert {request.state for request in way.asked(enrolled).values()} == {RequestState.CANCELLED}
    assert {state for state, _ in messages(way, occasion)} == {"cancelled"}
    with way.look() as tx:
        assert tx.schedule.running_series(enrolled.enrolment_id) == ()
    way.clock.move(days=400)
    assert (way.open_due(), way.dispatch()) == (0, 0)


@pytest.mark.parametrize("kind", ["declined", "protected"])
def test_who_declines_or_is_protected_stays_in_the_package_and_is_left_in_peace(way, record, kind):
    enrolled = way.enrolled()
    way.open_due()
    occasion = way.occasion(enrolled)

    record(kind)

    state, slots = states(way, enrolled)
    assert (state, set(slots)) == (EnrolmentState.ACTIVE, {SlotState.CANCELLED, SlotState.PLANNED})
    assert {state for state, _ in messages(way, occasion)} == {"cancelled"}
    way.clock.move(days=200)
    assert (way.open_due(), way.dispatch()) == (0, 0)

    record(kind, value=False)
    assert (way.open_due(), way.dispatch()) == (1, 1)


def test_nobody_is_written_to_from_the_moment_on_in_which_it_is_known(way, record):
    way.enrolled()
    record("declined")

    assert (way.open_due(), way.dispatch()) == (0, 0)
    assert way.channel.taken == {}


def test_a_decided_answer_still_reaches_the_plan_of_a_patient_who_died(way, record):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    way.answer_all(enrolled)

    record("dead")
    way.dispatch()

    assert len(way.plan.taken) >= 1


def test_who_is_not_digital_is_asked_by_the_clinic_and_back_again(way, record):
    enrolled = way.enrolled()
    way.open_due()
    occasion = way.occasion(enrolled)

    record("digital", value=False)
    assert messages(way, occasion) == [("due", "clinic")]
    with way.look() as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).channel == "clinic"

    record("digital")
    assert messages(way, occasion) == [("due", "webpatient")]
    with way.look() as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).channel == "webpatient"


def test_without_a_channel_of_the_clinic_who_is_not_digital_waits(way):
    way.enrolled()
    entry = StatusEntry(0, NANCY[0], "digital", value=False)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("lps", (entry,)))

    assert (way.open_due(), way.dispatch()) == (0, 0)


def test_the_other_packages_of_the_patient_are_ended_too(way, record):
    first = way.enrolled()
    with way.store.write(CLINIC_ID, an_actor(Role.OPERATOR)) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs", plan_target="lps-note"))
    second = way.enrol(way.system, EnrolmentOrder(*NANCY, "LRS"))

    record("dead")

    assert {states(way, one)[0] for one in (first, second)} == {EnrolmentState.ENDED}


def test_what_is_known_already_or_older_changes_nothing(way, record):
    enrolled = way.enrolled()
    assert record("declined", since=date(2027, 1, 9)).changed == 1
    assert record("declined", since=date(2027, 1, 10)).changed == 0
    assert record("declined", value=False, since=date(2027, 1, 8)).changed == 0
    assert record("dead", value=False).unchanged == 1
    assert record("digital").unchanged == 1

    with way.look() as tx:
        (status,) = tx.statuses.history(enrolled.patient_ref)
    assert (status.kind, status.source, status.since) == (StatusKind.DECLINED, "cpr", date(2027, 1, 9))


def test_entries_about_nobody_of_the_clinic_are_told_by_their_place(way):
    way.enrolled()
    entries = tuple(
        StatusEntry(place, identifier, "dead", value=True)
        for place, identifier in ((3, "0104909995"), (7, NANCY[0]), (9, "3001749995"))
    )

    outcome = RecordStatus(way.store, way.clock)(way.system, StatusDelivery("cpr", entries))

    assert (outcome.received, outcome.changed, outcome.unchanged, outcome.unknown) == (3, 1, 0, (3, 9))


def test_a_feed_that_tells_nothing_is_heard_all_the_same(way):
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("cpr", ()))

    with way.look() as tx:
        (feed,) = tx.statuses.feeds()
    assert (feed.source, feed.received_at, feed.entries) == ("cpr", way.clock.now(), 0)


def test_every_fault_is_named_and_nothing_is_recorded(way):
    enrolled = way.enrolled()
    entries = (
        StatusEntry(0, NANCY[0], "dead", value=True),
        StatusEntry(1, "251248", "dead", value=True),
        StatusEntry(2, NANCY[0], "asleep", value=True, since=date(2027, 1, 12)),
    )

    with pytest.raises(InvalidInputError) as refused:
        RecordStatus(way.store, way.clock)(way.system, StatusDelivery(" ", entries))

    assert [(issue.expression, issue.rule) for issue in refused.value.issues] == [
        ("source", "required"),
        ("statuses.1.identifier", "not-an-identifier"),
        ("statuses.2.status", "unknown-status"),
        ("statuses.2.since", "in-the-future"),
    ]
    assert "251248" not in str(refused.value.issues)
    with way.look() as tx:
        assert tx.statuses.history(enrolled.patient_ref) == ()
        assert tx.statuses.feeds() == ()


def test_today_is_not_the_future(way, record):
    way.enrolled()

    assert record("dead", since=TODAY).changed == 1


def test_what_is_recorded_is_audited(way, record):
    enrolled = way.enrolled()
    record("dead")

    with way.look() as tx:
        acts = {event.action: event.patients for event in tx.audit.events()}
    assert acts["status"] == (enrolled.patient_ref,)
    assert "status-feed" in acts


@pytest.mark.parametrize("role", [Role.PATIENT, Role.CHANNEL, Role.WORKER])
def test_nobody_else_tells_of_patients(way, role):
    with pytest.raises(AccessError):
        RecordStatus(way.store, way.clock)(an_actor(role), StatusDelivery("cpr", ()))


def test_an_order_to_send_waits_for_who_declined_and_one_to_fill_in_here_does_not(way, record):
    enrolled = way.enrolled()
    record("declined")

    with way.store.write(CLINIC_ID, way.system) as tx:
        opening = Opening(CONTENT, way.keyring)
        assert opening(tx, enrolled.patient_ref) is None
        assert opening(tx, enrolled.patient_ref, invite=False) is not None


def test_a_gate_that_closes_between_claim_and_call_is_seen(way, record):
    way.enrolled()
    way.open_due()
    lock = way.clock.now() + timedelta(minutes=2)
    with way.store.queue() as queue:
        (claimed,) = queue.claim("test", way.clock.now(), lock, 1)
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.statuses.record(claimed.patient_ref, StatusReport(StatusKind.DEAD, value=True, since=TODAY), "cpr")

    way.dispatch.hand_over(claimed)

    assert way.channel.taken == {}
