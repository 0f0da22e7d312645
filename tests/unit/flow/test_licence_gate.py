"""Licences and approvals on the way: nothing is sent without them, and nothing of a patient's plan is lost."""

from datetime import date, timedelta

import pytest

from delivery.content import Content
from delivery.outbox import MessageState
from delivery.schedule import EnrolmentState, OccasionState, RequestState, SlotState
from flow.content_refresh import RefreshContent
from flow.content_return import ReturnHeld
from flow.enrol import EnrolmentOrder
from flow.enrolment_state import ChangeEnrolmentState
from flow.order import OrderOccasion, When
from flow.schedule_changes import Changes
from flow.schedule_open import Opening
from flow.schedule_series import Timing, rest_of
from flow.schedule_slots import slot_of
from kernel.errors import ConflictError, InvalidInputError
from scoring.levels import Colour
from tests.builders import CLINIC_ID, an_opt_in
from tests.governed import approve, word
from tests.released import RELEASED
from tests.way import NANCY, Way

PROGRAMMES = ("kol|2.1.0", "kol-free|2.0.0")
TABLES = ("alert/kol|2.0.0", "alert/kol-free|2.0.0", "needs/generic|2.0.0")


@pytest.fixture
def content():
    return Content(RELEASED, governed=True)


@pytest.fixture
def way(store, clock, keyring, content):
    way = Way(store, clock, keyring, content=content)
    way.add_clinic()
    return way


def slots(way, enrolled):
    with way.look() as tx:
        return tx.schedule.slots_of(enrolled.enrolment_id)


def opened(way):
    way.open_due()
    way.dispatch()


def test_nobody_enters_a_programme_that_two_people_have_not_approved(way):
    with pytest.raises(InvalidInputError) as refused:
        way.enrolled()

    assert [issue.rule for issue in refused.value.issues] == ["awaiting-approval"]


def test_without_a_licence_the_variant_asks_and_the_enrolment_stays_what_it_was(way):
    approve(way, *PROGRAMMES)
    enrolled = way.enrolled()

    opened(way)

    assert list(way.asked(enrolled)) == ["kol-status", "mmrc", "shk-draft"]
    assert len(way.channel.taken) == 1
    with way.look() as tx:
        enrolment = tx.enrolments.get(enrolled.enrolment_id)
    assert (enrolment.programme, enrolment.programme_version) == ("kol", "2.1.0")
    assert {slot.asked_by for slot in slots(way, enrolled)} == {"kol-free|2.0.0", None}


def test_the_variants_tables_read_the_answers(way):
    approve(way, *PROGRAMMES, *TABLES)
    enrolled = way.enrolled()
    opened(way)

    for request in way.asked(enrolled).values():
        way.fill(request)

    with way.look() as tx:
        suggestion = tx.suggestions.newest(enrolled.enrolment_id)
    assert (suggestion.alert.table.id, suggestion.alert.colour) == ("alert/kol-free", Colour.GREEN)
    assert suggestion.needs.part == "kol-free"
    assert [one.id for one in suggestion.made_with] == ["kol-free", "gold-abe"]


def test_with_the_licence_the_enrolment_goes_back_and_with_its_end_it_falls_back(way, clock):
    approve(way, *PROGRAMMES)
    enrolled = way.enrolled()
    opened(way)
    for request in way.asked(enrolled).values():
        way.fill(request)
    word(way, expires_on=date(2027, 12, 31))
    clock.move(days=200)
    opened(way)
    second = list(way.asked(enrolled))
    clock.move(days=190)
    way.expire()
    opened(way)

    assert second == ["kol-status", "mmrc", "cat"]
    assert "cat" not in way.asked(enrolled)


def test_without_variant_and_licence_the_slots_wait_from_day_to_day_and_are_not_lost(way, clock):
    approve(way, PROGRAMMES[0])
    enrolled = way.enrolled()

    opened(way)
    clock.move(days=3)
    opened(way)

    (start, *_) = slots(way, enrolled)
    assert (start.state, way.channel.taken) == (SlotState.PLANNED, {})
    assert start.due_at > clock.now()
    word(way)
    clock.move(days=1)
    opened(way)
    assert "cat" in way.asked(enrolled)


def test_a_licence_that_ends_before_the_invitation_left_puts_the_occasion_back(way, clock):
    approve(way, *PROGRAMMES)
    word(way, expires_on=clock.now().date())
    enrolled = way.enrolled()
    way.open_due()
    first = way.occasion(enrolled)
    before = [(slot.series_id, slot.k) for slot in slots(way, enrolled)]
    clock.move(days=1)

    way.dispatch()
    sent = dict(way.channel.taken)
    opened(way)

    assert sent == {}
    assert list(way.asked(enrolled)) == ["kol-status", "mmrc", "shk-draft"]
    assert len(way.channel.taken) == 1
    assert sorted((slot.series_id, slot.k) for slot in slots(way, enrolled)) == sorted(before)
    with way.look() as tx:
        assert tx.occasions.get(first.id).state is OccasionState.CANCELLED
        assert {one.state for one in tx.requests.of_occasion(first.id)} == {RequestState.CANCELLED}
        assert {one.state for one in tx.outbox.of_occasion(first.id)} == {MessageState.CANCELLED}
        assert "return" in {event.action for event in tx.audit.events()}


def test_what_had_no_room_in_an_occasion_that_is_put_back_is_planned_once(way, clock):
    approve(way, *PROGRAMMES)
    word(way, expires_on=clock.now().date())
    enrolled = way.enrolled()
    way.open_due()
    with way.store.write(CLINIC_ID, way.system) as tx:
        (start,) = tx.schedule.of_occasion(way.occasion(enrolled).id)
        enrolment, series = tx.enrolments.get(enrolled.enrolment_id), tx.schedule.series(start.series_id)
        rest = rest_of(enrolment, series, start, Timing(clock.now().date(), "", ask=("shk-draft",)))
        changes = Changes(series=[rest])
        changes.add([slot_of(enrolment, rest, 0, tx.window)])
        changes.write(tx)
    clock.move(days=1)

    ReturnHeld(way.store, way.content, clock)()

    with way.look() as tx:
        assert not [one for one in tx.schedule.running_series(enrolled.enrolment_id) if one.reason.startswith("rest:")]


def test_a_pause_leaves_open_what_another_package_asks_by_its_variant(way):
    approve(way, *PROGRAMMES, "lrs|2.0.0", "lrs-free|2.0.0")
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs", channel="webpatient", plan_target="lps-note"))
    back, lungs = way.enrolled(package="LRS"), way.enrolled()
    way.open_due()

    ChangeEnrolmentState(way.store, way.content)(way.doctor, lungs.enrolment_id, EnrolmentState.PAUSED)

    still = {name for name, request in way.asked(back).items() if request.state.is_open}
    assert still == {"lrs-flags", "nrs-pain", "psfs", "shk-draft"}


def test_the_gate_holds_right_before_the_call_too(way, clock):
    approve(way, *PROGRAMMES)
    word(way, expires_on=clock.now().date())
    way.enrolled()
    way.open_due()
    with way.store.queue() as queue:
        (message,) = queue.claim("w1", clock.now(), clock.now() + timedelta(minutes=1), 1)
    clock.move(days=1)

    handover = way.dispatch.to_patient(message)

    assert (handover.outcome, handover.again_at) == (MessageState.DUE, clock.now())
    assert way.channel.taken == {}


def test_what_a_patient_was_invited_to_stays_open_when_the_licence_ends(way, clock):
    approve(way, *PROGRAMMES)
    word(way, expires_on=clock.now().date())
    enrolled = way.enrolled()
    opened(way)
    clock.move(days=1)

    returned = ReturnHeld(way.store, way.content, clock)()

    assert returned == 0
    assert "cat" in way.asked(enrolled)
    assert way.occasion(enrolled).state is OccasionState.OPEN


def test_what_was_begun_to_be_answered_is_not_put_back(way, clock):
    approve(way, *PROGRAMMES)
    word(way, expires_on=clock.now().date())
    enrolled = way.enrolled()
    way.open_due()
    way.fill(way.asked(enrolled)["mmrc"])
    clock.move(days=1)

    assert ReturnHeld(way.store, way.content, clock)() == 0


def test_an_order_asks_the_variant_or_is_refused_while_nothing_may_be_sent(way, keyring):
    approve(way, PROGRAMMES[0])
    enrolled = way.enrolled()
    order = OrderOccasion(way.store, way.content, Opening(way.content, keyring), "https://svarbro.example")

    with pytest.raises(ConflictError) as refused:
        order(way.doctor, enrolled.enrolment_id, When.SEND_NOW)
    approve(way, PROGRAMMES[1])
    way.open_due()
    order(way.doctor, enrolled.enrolment_id, When.FILL_NOW)

    assert [issue.rule for issue in refused.value.issues] == ["not-sendable"]
    assert "cat" not in way.asked(enrolled)


def test_while_a_table_awaits_approval_answers_are_unknown_and_say_so(way):
    approve(way, *PROGRAMMES)
    enrolled = way.enrolled()
    opened(way)

    way.fill(way.asked(enrolled)["kol-status"])

    with way.look() as tx:
        suggestion = tx.suggestions.newest(enrolled.enrolment_id)
    assert suggestion.alert.colour is Colour.UNKNOWN
    assert [row.id for row in suggestion.alert.rows] == ["awaiting-approval"]
    assert suggestion.alert.inputs["danger"].value == "no"
    assert {one.colour for one in suggestion.needs.dimensions} == {Colour.UNKNOWN}
    assert suggestion.needs.level is None


def test_a_response_keeps_definition_and_wording(way):
    approve(way, *PROGRAMMES)
    (wording,) = word(way)
    enrolled = way.enrolled()
    opened(way)

    for request in way.asked(enrolled).values():
        way.fill(request)

    with way.look() as tx:
        filed = {one.questionnaire: one for one in tx.responses.of_occasion(way.occasion(enrolled).id)}
    cat = way.content.questionnaires.newest("cat")
    (used,) = filed[cat.canonical].wording
    assert (used.language, used.sha256, used.licence_id) == ("da", wording.sha256, wording.licence_id)
    assert filed[cat.canonical].definition_sha256 == cat.sha256
    assert filed[way.content.questionnaires.newest("mmrc").canonical].wording == ()


def test_another_process_puts_in_force_what_this_one_imported(way):
    other = Content(RELEASED, governed=True)
    refresh = RefreshContent(way.store, other)
    approve(way, *PROGRAMMES)
    word(way)

    seen = [refresh(), refresh()]

    assert seen == [True, False]
    assert other.adopted == way.content.adopted
    assert other.questionnaires.newest("cat").items[0].text.da == "ejer: cat-1, text"


def test_in_demo_everything_is_sent_without_any_of_it(store, clock, keyring):
    demo = Way(store, clock, keyring)
    demo.add_clinic()
    enrolled = demo.enrol(demo.system, EnrolmentOrder(*NANCY, "KOL"))

    opened(demo)

    assert "cat" in demo.asked(enrolled)
