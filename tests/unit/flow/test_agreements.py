"""Agreements: nothing leaves without one, nothing of a package that was left, and leaving deletes nothing."""

from datetime import date, timedelta

import pytest

from delivery.backlog import Wanted
from delivery.outbox import MessageState
from delivery.patient_status import Hold
from delivery.schedule import RequestState
from flow.agreements import AgreeWithClinic, Choice
from flow.enrol import EnrolmentOrder
from flow.operate import OperateOutbox
from flow.patient_data import PatientData
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from kernel.ids import ClinicId, new_id
from security.actor import Role
from tests.builders import NOW, a_clinic, an_actor
from tests.way import CONTENT, NANCY

OPERATOR = an_actor(Role.OPERATOR)
KOL = Choice("KOL", "kol", "webpatient", "flp")


@pytest.fixture
def papers(way):
    return AgreeWithClinic(way.store, CONTENT, frozenset({"webpatient"}), frozenset({"flp"}))


def holds(way):
    return [one.held_because for one in OperateOutbox(way.store).listed(OPERATOR, Wanted())]


def test_nobody_is_asked_while_no_agreement_stands(way, papers):
    way.enrolled()
    papers.end(OPERATOR)

    assert way.open_due() == 0
    papers.agree(OPERATOR, "DBA-2027-1", NOW.date(), "Lise Holm")
    assert (way.open_due(), way.dispatch()) == (1, 1)


@pytest.mark.parametrize("leave", ["end", "opt_out"])
def test_whoever_left_is_not_even_looked_at_by_the_tick(way, papers, leave):
    way.enrolled()
    with way.store.survey() as survey:
        assert len(survey.due_patients(way.clock.now(), 10)) == 1

    papers.end(OPERATOR) if leave == "end" else papers.opt_out(OPERATOR, "KOL")

    with way.store.survey() as survey:
        assert survey.due_patients(way.clock.now(), 10) == ()


@pytest.mark.parametrize("leave", ["end", "opt_out"])
def test_what_waits_to_leave_is_held_and_leaves_when_the_clinic_is_back(way, papers, leave):
    way.enrolled()
    way.open_due()
    if leave == "end":
        papers.end(OPERATOR)
    else:
        papers.opt_out(OPERATOR, "KOL")

    assert way.dispatch() == 0
    assert holds(way) == [Hold.NO_AGREEMENT if leave == "end" else Hold.OPTED_OUT]

    if leave == "end":
        papers.agree(OPERATOR, "DBA-2027-2", NOW.date(), "Lise Holm")
    else:
        papers.opt_in(OPERATOR, KOL)
    assert (way.dispatch(), holds(way)) == (1, [])


def test_a_message_that_was_claimed_before_the_clinic_left_is_not_handed_over(way, papers):
    way.enrolled()
    way.open_due()
    with way.store.queue() as queue:
        (message,) = queue.claim("worker", way.clock.now(), way.clock.now(), 10)
    papers.opt_out(OPERATOR, "KOL")

    handed = way.dispatch.hand_over(message)

    assert (handed.outcome, handed.again_at) == (MessageState.DUE, way.clock.now())


def test_reports_of_a_package_that_was_left_stay_here_too(way, papers, answered):
    way.dispatch()
    way.decided(answered)
    papers.opt_out(OPERATOR, "KOL")

    assert way.dispatch() == 0
    assert set(holds(way)) == {Hold.OPTED_OUT}


def test_a_report_that_was_claimed_before_the_clinic_left_is_not_handed_over(way, papers, answered):
    with way.store.queue() as queue:
        claimed = queue.claim("worker", way.clock.now(), way.clock.now(), 10)
    reports = [message for message in claimed if not message.kind.goes_to_channel]
    papers.opt_out(OPERATOR, "KOL")

    handed = [way.dispatch.hand_over(message) for message in reports]

    assert {(one.outcome, one.again_at) for one in handed} == {(MessageState.DUE, way.clock.now())}
    assert (way.plan.taken, way.inbox.taken) == ([], [])


def test_leaving_a_package_deletes_nothing_and_names_whose_records_are_to_be_given_out(way, papers, answered):
    before = dict(PatientData(way.store, timedelta(days=3653)).export(OPERATOR, answered.patient_ref))

    assert papers.opt_out(OPERATOR, "KOL") == (answered.patient_ref,)

    after = dict(PatientData(way.store, timedelta(days=3653)).export(OPERATOR, answered.patient_ref))
    assert {name: rows for name, rows in after.items() if name != "audit_event"} == {
        name: rows for name, rows in before.items() if name != "audit_event"
    }


def test_an_answer_to_what_was_asked_before_is_still_received(way, papers):
    enrolled = way.enrolled()
    way.open_due()
    way.dispatch()
    papers.opt_out(OPERATOR, "KOL")

    way.answer_all(enrolled)

    assert {request.state for request in way.asked(enrolled).values()} == {RequestState.COMPLETED}


def test_nobody_enters_a_package_that_was_left_or_a_clinic_without_an_agreement(way, papers):
    papers.opt_out(OPERATOR, "KOL")
    with pytest.raises(InvalidInputError) as left:
        way.enrol(way.system, EnrolmentOrder(*NANCY, "KOL"))
    papers.opt_in(OPERATOR, KOL)
    papers.end(OPERATOR)
    with pytest.raises(InvalidInputError) as unsigned:
        way.enrol(way.system, EnrolmentOrder(*NANCY, "KOL"))

    assert [one.value.issues[0].rule for one in (left, unsigned)] == ["no-agreement"] * 2


def test_a_package_is_left_once_and_taken_up_once(way, papers):
    with pytest.raises(ConflictError):
        papers.opt_in(OPERATOR, KOL)
    papers.opt_out(OPERATOR, "KOL")
    with pytest.raises(NotFoundError):
        papers.opt_out(OPERATOR, "KOL")
    assert [one.opted_out_at for one in papers.shown(OPERATOR).packages] == [way.clock.now()]


def test_without_an_agreement_no_package_is_taken_up(way, papers):
    papers.opt_out(OPERATOR, "KOL")
    papers.end(OPERATOR)

    with pytest.raises(ConflictError):
        papers.opt_in(OPERATOR, KOL)
    with pytest.raises(ConflictError):
        papers.end(OPERATOR)


def test_every_fault_of_a_choice_is_named(papers):
    with pytest.raises(InvalidInputError) as refused:
        papers.opt_in(OPERATOR, Choice("LRS", "kol", "pigeon", "nowhere"))
    with pytest.raises(InvalidInputError) as unknown:
        papers.opt_in(OPERATOR, Choice("KOL", "nothing", "webpatient", "flp"))

    assert [one.rule for one in refused.value.issues] == ["another-package", "unknown-channel", "unknown-plan-target"]
    assert [one.rule for one in unknown.value.issues] == ["unknown-programme"]


@pytest.mark.parametrize(
    ("reference", "signed_on", "signed_by", "places"),
    [
        pytest.param("", date(2027, 1, 11), " ", ["reference", "signed-by"], id="empty"),
        pytest.param("A" * 201, date(2027, 1, 11), "L", ["reference"], id="too-long"),
        pytest.param("A", date(2027, 1, 12), "L", ["signed-on"], id="tomorrow"),
    ],
)
def test_an_agreement_without_reference_signer_or_day_is_refused(papers, reference, signed_on, signed_by, places):
    with pytest.raises(InvalidInputError) as refused:
        papers.agree(OPERATOR, reference, signed_on, signed_by)

    assert [one.expression for one in refused.value.issues] == places


def test_a_newer_agreement_takes_the_place_of_the_older(papers):
    papers.agree(OPERATOR, "DBA-2027-3", NOW.date(), "Lise Holm")

    assert papers.shown(OPERATOR).agreement.reference == "DBA-2027-3"


def test_a_clinic_is_added_without_any_agreement(way, papers):
    other = ClinicId(new_id())
    operator = an_actor(Role.OPERATOR, other)

    papers.add(operator, a_clinic(other))

    assert (papers.shown(operator).agreement, papers.shown(operator).packages) == (None, ())


@pytest.mark.parametrize("region", ["1082", "Midtjylland", "", "skaane"])
def test_a_clinic_of_a_region_whose_patients_could_not_be_told_whom_to_call_is_refused(way, papers, region):
    other = ClinicId(new_id())

    with pytest.raises(InvalidInputError) as refused:
        papers.add(an_actor(Role.OPERATOR, other), a_clinic(other, region=region))

    assert [issue.expression for issue in refused.value.issues] == ["region"]
    assert other not in way.store.clinics()


def test_only_whoever_runs_the_service_records_agreements(papers):
    doctor = an_actor(Role.CLINICIAN)
    for call in (
        lambda: papers.shown(doctor),
        lambda: papers.add(doctor, a_clinic()),
        lambda: papers.agree(doctor, "x", NOW.date(), "y"),
        lambda: papers.end(doctor),
        lambda: papers.opt_in(doctor, KOL),
        lambda: papers.opt_out(doctor, "KOL"),
        lambda: papers.enrolled(doctor, "KOL"),
    ):
        with pytest.raises(AccessError):
            call()


def test_each_act_is_in_the_audit(way, papers):
    papers.opt_out(OPERATOR, "KOL")
    papers.opt_in(OPERATOR, KOL)
    papers.end(OPERATOR)
    papers.agree(OPERATOR, "DBA", NOW.date(), "Lise Holm")

    with way.look() as tx:
        acts = [event.action for event in tx.audit.events()]
    assert acts[-4:] == ["opt-out", "opt-in", "end-agreement", "agree"]
