"""The population: who is in a package, how they stand, and how one patient's programme is arranged."""

import pytest

from delivery.patient_status import StatusKind
from delivery.population import Standing, Wish
from delivery.schedule import EnrolmentState
from flow.actions import MoveAction
from flow.enrol import EnrolmentOrder
from flow.enrolment_state import ChangeEnrolmentState
from flow.population import ShowPopulation
from flow.programme import RunProgramme
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import AccessError, ConflictError, InvalidInputError
from security.actor import Role
from store.repositories.enrolments import ENROLMENT
from tests.builders import CLINIC_ID, an_actor
from tests.unit.flow.two_patients import ANNUAL_CHECK, SVERRE
from tests.way import CONTENT


@pytest.fixture
def look_at(way):
    show = ShowPopulation(way.store, CONTENT, way.clock)
    return lambda wish=Wish(), **page: show(way.doctor, wish, **page)  # noqa: B008 - a value


@pytest.fixture
def two(way):
    """One patient who has answered and was decided on, and one who was only asked."""
    first = way.enrolled()
    second = way.enrol(way.system, EnrolmentOrder(*SVERRE, "KOL"))
    way.open_due()
    way.answer_all(first)
    return first, second


def found(page):
    return [one.name.split()[0] for one in page.patients]


def counts(page):
    (counted,) = page.counted
    return counted.enrolled, {one.value: number for one, number in counted.of.items() if number}


def test_due_answered_level_and_control_stand_beside_each_patient(way, two, look_at):
    decision = way.decided(two[0], "YELLOW", level=2, actions=(ANNUAL_CHECK,))
    MoveAction(way.store)(way.doctor, decision.actions[0].id, "completed")

    nancy, sverre = look_at().patients

    assert (nancy.name, nancy.identifier) == ("Nancy Berggren", "251248-xxxx")
    assert (nancy.standing.colour, nancy.standing.level) == ("YELLOW", 2)
    assert nancy.standing.controlled_at == nancy.standing.decided_at == way.clock.now()
    assert nancy.standing.next_due is not None
    assert nancy.standing.asked_until is None
    assert (sverre.standing.answered_at, sverre.standing.level, sverre.standing.controlled_at) == (None, None, None)
    assert sverre.standing.asked_until is not None
    assert "Nancy" not in repr(nancy)


def test_every_standing_finds_whom_it_counts(way, two, look_at):
    assert counts(look_at()) == (2, {"asked": 1, "no-level": 2, "no-control": 2})
    assert found(look_at(Wish(standing=Standing.ASKED))) == ["Sverre"]

    way.decided(two[0], level=1)
    way.clock.move(days=60)
    way.expire()

    assert counts(look_at()) == (2, {"unanswered": 1, "no-level": 1, "no-control": 2})
    assert found(look_at(Wish("KOL", Standing.UNANSWERED))) == ["Sverre"]
    assert found(look_at(Wish("KOL", Standing.NO_LEVEL))) == ["Sverre"]
    assert found(look_at(Wish("LRS"))) == []


def test_a_level_counts_for_twelve_whole_months(way, two, look_at):
    way.decided(two[0], level=1)
    # Decided in January 2027: all through January 2028 it is within twelve months, by whole months.
    way.clock.move(days=385)
    assert found(look_at(Wish(standing=Standing.NO_LEVEL))) == ["Sverre"]

    way.clock.move(days=2)
    assert found(look_at(Wish(standing=Standing.NO_LEVEL))) == ["Nancy", "Sverre"]


def test_pages_follow_each_other_and_who_left_is_gone(way, two, look_at):
    first = look_at(limit=1)
    rest = look_at(limit=1, after=first.next)
    assert (found(first), found(rest), rest.next) == (["Nancy"], ["Sverre"], None)

    ChangeEnrolmentState(way.store, CONTENT)(way.doctor, two[1].enrolment_id, EnrolmentState.ENDED)

    assert found(look_at()) == ["Nancy"]


def test_whoever_looks_is_on_record_with_all_who_were_seen(way, two, look_at):
    look_at()

    with way.look() as tx:
        (event,) = [one for one in tx.audit.events() if one.entity == "Population"]
    assert set(event.patients) == {one.patient_ref for one in two}


def test_who_may_not_be_written_to_is_marked(way, two, look_at):
    entry = StatusEntry(0, SVERRE[0], "declined", value=True)
    RecordStatus(way.store, way.clock)(way.doctor, StatusDelivery("clinic", (entry,)))

    assert [one.known for one in look_at().patients] == [frozenset(), frozenset({StatusKind.DECLINED})]


def test_another_channel_takes_what_waits(way, enrolled, letter, phone):
    run = RunProgramme(way.store, CONTENT, {"webpatient", "letter"})
    enrolment_id = enrolled.enrolment_id

    run.reach_by(way.doctor, enrolment_id, "letter")
    way.open_due()
    way.dispatch()

    assert run.shown(way.doctor, enrolment_id).enrolment.channel == "letter"
    assert (len(letter.taken), len(phone.taken)) == (1, 0)
    with pytest.raises(InvalidInputError):
        run.reach_by(way.doctor, enrolment_id, "pigeon")


def test_an_ended_programme_has_no_other_channel_and_no_patient_sees_one(way, two):
    run = RunProgramme(way.store, CONTENT, {"webpatient", "letter"})
    ChangeEnrolmentState(way.store, CONTENT)(way.doctor, two[0].enrolment_id, EnrolmentState.ENDED)

    with pytest.raises(ConflictError):
        run.reach_by(way.doctor, two[0].enrolment_id, "letter")
    with pytest.raises(AccessError):
        run.shown(an_actor(Role.PATIENT), two[0].enrolment_id)


def test_the_day_on_which_an_enrolment_ends_is_kept(way, two):
    ChangeEnrolmentState(way.store, CONTENT)(way.doctor, two[0].enrolment_id, EnrolmentState.ENDED)
    entry = StatusEntry(0, SVERRE[0], "dead", value=True)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("cpr", (entry,)))

    with way.store.read(CLINIC_ID, way.system) as tx:
        rows = tx.scope.all(tx.scope.select(ENROLMENT))
    assert [row.ended_at for row in rows] == [way.clock.now()] * 2
