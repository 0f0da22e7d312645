"""Candidates: a list comes in whole or not at all, and a named clinician orders or excludes."""

from datetime import date

import pytest
from sqlalchemy import event

from delivery.candidate import CandidateState
from delivery.patient_status import StatusKind
from flow.candidate_import import ImportCandidates
from flow.candidates import Candidates, OrderOutcome
from flow.enrol import EnrolmentOrder
from flow.entry import Entry
from flow.status import RecordStatus, StatusDelivery, StatusEntry
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from kernel.ids import CandidateId
from security.actor import Role
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, a_clinic, an_actor, an_opt_in
from tests.way import CONTENT

HEADER = "identifier;name;package;diagnosis;own_patient\n"
NANCY = "2512489996;Nancy Berggren;KOL;R95;ja\n"
SVERRE = "010490-9995;Sverre Mosebryggeren;kol;r95;nej\n"
NIELS = "3001749995;Niels Vendelboe;KOL;R95;ja\n"
LATER = date(2027, 3, 1)


@pytest.fixture
def bring(way):
    def bring(*lines, actor=None, **options):
        return ImportCandidates(way.store)(actor or way.system, (HEADER + "".join(lines)).encode(), **options)

    return bring


@pytest.fixture
def candidates(way):
    return Candidates(way.store, way.clock, Entry(CONTENT, frozenset({"webpatient"})))


def listed(way, candidates, state=CandidateState.WAITING):
    return candidates.listed(way.doctor, state).candidates


def ids(way, candidates, state=CandidateState.WAITING):
    return [one.candidate.id for one in listed(way, candidates, state)]


def told(way, kind):
    entry = StatusEntry(0, NANCY[:10], kind, value=True)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("cpr", (entry,)))


def lines(outcome):
    return {came.value: numbers for came, numbers in outcome.lines.items() if numbers}


# The list


def test_a_list_becomes_candidates_with_sealed_names(way, bring, candidates):
    outcome = bring(NANCY, SVERRE)

    assert (outcome.read, lines(outcome)) == (2, {"added": (2, 3)})
    shown = listed(way, candidates)
    assert [(one.name, one.identifier) for one in shown] == [
        ("Nancy Berggren", "251248-xxxx"),
        ("Sverre Mosebryggeren", "010490-xxxx"),
    ]
    assert [(one.candidate.package, one.candidate.diagnosis, one.candidate.own_patient) for one in shown] == [
        ("KOL", "R95", True),
        ("KOL", "R95", False),
    ]
    assert "Nancy" not in repr(shown)


def test_nobody_is_doubled_and_who_is_known_is_told(way, bring, candidates):
    bring(NANCY, SVERRE)
    first, second = ids(way, candidates)
    candidates.order(way.doctor, [first])
    candidates.exclude(way.doctor, second, reason="Bor på plejehjem.", review_on=LATER)

    assert lines(bring(NANCY, SVERRE, NIELS)) == {"enrolled": (2,), "excluded": (3,), "added": (4,)}
    assert lines(bring(NIELS)) == {"waiting": (2,)}


def test_who_left_the_clinic_is_told_and_leaves_the_list(way, bring, candidates):
    bring(NANCY)
    told(way, "dead")

    assert ids(way, candidates) == []
    assert [one.candidate.state for one in listed(way, candidates, CandidateState.LEFT)] == [CandidateState.LEFT]
    assert lines(bring(NANCY)) == {"left": (2,)}


def test_one_patient_may_be_a_candidate_for_two_packages(way, bring, candidates):
    with way.store.write(CLINIC_ID, an_actor(Role.OPERATOR)) as tx:
        tx.clinics.add_opt_in(an_opt_in("LRS", programme="lrs", plan_target="lps-note"))

    outcome = bring(NANCY, NANCY.replace("KOL;R95", "LRS;L86"))

    assert lines(outcome) == {"added": (2, 3)}
    ordered = candidates.order(way.doctor, ids(way, candidates))
    assert {one.outcome for one in ordered} == {OrderOutcome.ORDERED}
    assert len({one.candidate.patient_ref for one in listed(way, candidates, CandidateState.ORDERED)}) == 1


def test_every_faulty_line_is_named_and_nothing_is_imported(way, bring, candidates):
    with pytest.raises(InvalidInputError) as refused:
        bring(
            NANCY,
            "2512489;Bo;KOL;R95;ja\n",
            "0104909995;;DM2;en lang historie;måske\n",
            NANCY.replace("Nancy", "Maren"),
            "3001749995;Niels\n",
        )

    assert {(issue.expression, issue.rule) for issue in refused.value.issues} == {
        ("line 3, identifier", "not-an-identifier"),
        ("line 4, name", "not-a-name"),
        ("line 4, package", "unknown-package"),
        ("line 4, diagnosis", "not-a-code"),
        ("line 4, own_patient", "not-yes-or-no"),
        ("line 5, identifier", "twice"),
        ("line 6", "columns"),
    }
    assert not any(word in str(refused.value.issues) for word in ("2512489", "Bo", "DM2", "Maren", "måske"))
    assert ids(way, candidates) == []


@pytest.mark.parametrize(("length", "is_a_name"), [(200, True), (201, False)])
def test_a_name_has_a_length(bring, length, is_a_name):
    line = NANCY.replace("Nancy Berggren", "x" * length)
    if is_a_name:
        assert bring(line).read == 1
    else:
        with pytest.raises(InvalidInputError):
            bring(line)


def test_an_empty_list_is_a_list(bring):
    assert bring().read == 0


def test_the_progress_is_told(bring):
    steps = []
    bring(NANCY, SVERRE, told=lambda done, every: steps.append((done, every)))

    assert steps == [(2, 2)]


# Order


def test_ordering_enrols_and_tells_when_the_first_invitation_is_due(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)

    (ordered,) = candidates.order(way.doctor, [candidate_id, candidate_id], start=date(2027, 2, 1))

    assert ordered.outcome is OrderOutcome.ORDERED
    with way.look() as tx:
        enrolment = tx.enrolments.get(ordered.enrolment_id)
        candidate = tx.candidates.get(candidate_id)
        acts = [(one.action, one.entity) for one in tx.audit.events()]
    assert (enrolment.package, enrolment.patient_ref) == ("KOL", candidate.patient_ref)
    assert (candidate.state, candidate.enrolment_id) == (CandidateState.ORDERED, enrolment.id)
    assert (candidate.assessed_by, candidate.assessed_name) == (way.doctor.id, way.doctor.display)
    assert ("enrol", f"Enrolment/{enrolment.id}") in acts
    assert way.open_due() == 0
    way.clock.at = ordered.first_due_at
    assert way.open_due() == 1


def test_ordering_twice_tells_of_the_first_enrolment(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    (first,) = candidates.order(way.doctor, [candidate_id])
    (second,) = candidates.order(way.doctor, [candidate_id])

    assert (second.outcome, second.enrolment_id) == (OrderOutcome.ALREADY, first.enrolment_id)


def test_who_was_enrolled_through_another_door_is_told_and_waits_no_more(way, bring, candidates):
    bring(NANCY)
    enrolled = way.enrolled()
    (candidate_id,) = ids(way, candidates)

    (told,) = candidates.order(way.doctor, [candidate_id])

    assert (told.outcome, told.enrolment_id) == (OrderOutcome.ALREADY, enrolled.enrolment_id)
    assert ids(way, candidates) == []


def test_who_left_is_not_enrolled(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    told(way, "moved")

    (ordered,) = candidates.order(way.doctor, [candidate_id])

    assert (ordered.outcome, ordered.enrolment_id) == (OrderOutcome.LEFT, None)


def test_who_declined_is_enrolled_and_left_in_peace(way, bring, candidates):
    bring(NANCY)
    told(way, StatusKind.DECLINED.value)

    (ordered,) = candidates.order(way.doctor, ids(way, candidates))

    assert ordered.outcome is OrderOutcome.ORDERED
    assert (way.open_due(), way.dispatch()) == (0, 0)


def test_an_unknown_candidate_stops_the_whole_order(way, bring, candidates):
    bring(NANCY)

    with pytest.raises(NotFoundError):
        candidates.order(way.doctor, [*ids(way, candidates), CandidateId("nobody")])

    assert len(ids(way, candidates)) == 1


# Exclude


def test_an_exclusion_keeps_who_why_and_until_when(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)

    candidates.exclude(way.doctor, candidate_id, reason=" Bor på plejehjem. ", review_on=LATER)

    assert ids(way, candidates) == []
    (shown,) = listed(way, candidates, CandidateState.EXCLUDED)
    assert (shown.candidate.reason, shown.candidate.review_on) == ("Bor på plejehjem.", LATER)
    assert shown.candidate.assessed_name == way.doctor.display
    assert "plejehjem" not in repr(shown)
    (ordered,) = candidates.order(way.doctor, [candidate_id])
    assert ordered.outcome is OrderOutcome.EXCLUDED


@pytest.mark.parametrize(("days", "is_for_review"), [(48, False), (49, True)], ids=["the day before", "on the day"])
def test_an_exclusion_comes_back_on_its_day(way, bring, candidates, days, is_for_review):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    candidates.exclude(way.doctor, candidate_id, reason="Venter.", review_on=LATER)

    way.clock.move(days=days)

    assert [one.is_for_review for one in listed(way, candidates)] == [True] * is_for_review
    (ordered,) = candidates.order(way.doctor, [candidate_id])
    assert ordered.outcome is (OrderOutcome.ORDERED if is_for_review else OrderOutcome.EXCLUDED)


def test_a_clinician_may_change_their_mind(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    candidates.exclude(way.doctor, candidate_id, reason="Venter.", review_on=LATER)
    candidates.exclude(way.doctor, candidate_id, reason="Venter endnu.", review_on=date(2027, 4, 1))

    (ordered,) = candidates.order(way.doctor, [candidate_id], despite_exclusion=True)

    assert ordered.outcome is OrderOutcome.ORDERED


@pytest.mark.parametrize(
    ("reason", "review_on", "rules"),
    [
        ("", LATER, ["no-reason"]),
        ("x" * 501, LATER, ["no-reason"]),
        ("Venter.", date(2027, 1, 11), ["not-later"]),
        (" ", date(2027, 1, 10), ["no-reason", "not-later"]),
    ],
)
def test_an_exclusion_needs_a_reason_and_a_later_day(way, bring, candidates, reason, review_on, rules):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)

    with pytest.raises(InvalidInputError) as refused:
        candidates.exclude(way.doctor, candidate_id, reason=reason, review_on=review_on)

    assert [issue.rule for issue in refused.value.issues] == rules
    assert ids(way, candidates) == [candidate_id]


def test_who_is_enrolled_cannot_be_excluded(way, bring, candidates):
    bring(NANCY, SVERRE)
    ordered, waiting = ids(way, candidates)
    candidates.order(way.doctor, [ordered])
    way.enrol(way.system, EnrolmentOrder(SVERRE[:11], "Sverre", "KOL"))

    for candidate_id in (ordered, waiting):
        with pytest.raises(ConflictError):
            candidates.exclude(way.doctor, candidate_id, reason="Venter.", review_on=LATER)


# Who may


@pytest.mark.parametrize("role", [Role.PATIENT, Role.CHANNEL, Role.WORKER])
def test_nobody_else_brings_a_list_in(bring, role):
    with pytest.raises(AccessError):
        bring(NANCY, actor=an_actor(role))


@pytest.mark.parametrize(
    "actor",
    [
        an_actor(Role.SYSTEM),
        an_actor(Role.OPERATOR),
        an_actor(Role.CLINIC_ADMIN),
        an_actor(Role.CLINIC_STAFF),
        an_actor(Role.CLINICIAN, display=" "),
    ],
    ids=["system", "operator", "administrator", "staff-without-delegation", "nobody-named"],
)
def test_only_a_named_clinician_orders_and_excludes(way, bring, candidates, actor):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)

    with pytest.raises(AccessError):
        candidates.order(actor, [candidate_id])
    with pytest.raises(AccessError):
        candidates.exclude(actor, candidate_id, reason="Venter.", review_on=LATER)


def test_a_nurse_orders_in_the_delegation_of_a_clinician(way, bring, candidates):
    bring(NANCY)
    nurse = an_actor(Role.CLINIC_STAFF, id="nurse-1", display="Nete Bruun", on_behalf_of="doctor-1")

    (ordered,) = candidates.order(nurse, ids(way, candidates))

    with way.look() as tx:
        candidate = tx.candidates.get(ordered.candidate_id)
    assert (candidate.assessed_by, candidate.on_behalf_of) == ("nurse-1", "doctor-1")


def test_an_administrator_sees_no_candidates(candidates):
    with pytest.raises(AccessError):
        candidates.listed(an_actor(Role.CLINIC_ADMIN))


def test_looking_is_audited_with_whom_was_seen(way, bring, candidates):
    bring(NANCY)
    (shown,) = listed(way, candidates)

    with way.look() as tx:
        reads = [one.patients for one in tx.audit.events() if (one.action, one.entity) == ("read", "Candidates")]
    assert reads == [(shown.candidate.patient_ref,)]


def test_another_clinic_s_candidates_are_none(way, bring, candidates):
    bring(NANCY)
    (candidate_id,) = ids(way, candidates)
    stranger = an_actor(clinic_id=OTHER_CLINIC_ID)
    with way.store.write(OTHER_CLINIC_ID, stranger) as tx:
        tx.clinics.add(a_clinic(OTHER_CLINIC_ID))

    assert candidates.listed(stranger).candidates == ()
    with pytest.raises(NotFoundError):
        candidates.order(stranger, [candidate_id])
    with pytest.raises(NotFoundError):
        candidates.exclude(stranger, candidate_id, reason="Venter.", review_on=LATER)


# Many


def test_a_list_is_turned_page_by_page(way, bring, candidates):
    bring(NANCY, SVERRE, NIELS)

    first = candidates.listed(way.doctor, limit=2)
    rest = candidates.listed(way.doctor, limit=2, after=first.next)

    assert [one.name.split()[0] for one in (*first.candidates, *rest.candidates)] == ["Nancy", "Sverre", "Niels"]
    assert (first.next, rest.next) == (first.candidates[-1].candidate.id, None)


def test_a_thousand_candidates_come_in_by_a_few_statements_and_are_ordered_by_a_few_each(way, bring, candidates):
    counted = []
    event.listen(way.store._engine, "before_cursor_execute", lambda *args: counted.append(args[2]))
    # Replacement numbers: a made-up CPR number might be somebody's.
    numbers = [f"{n % 28 + 1:02}{n // 28 % 12 + 1:02}00-1ZZ{n // 336}" for n in range(1000)]
    thousand = [f"{number};Person {n};KOL;R95;ja\n" for n, number in enumerate(numbers)]

    assert lines(bring(*thousand)) == {"added": tuple(range(2, 1002))}
    imported = len(counted)
    waiting = []
    page = candidates.listed(way.doctor, limit=500)
    while page.candidates:
        waiting += [one.candidate.id for one in page.candidates]
        page = candidates.listed(way.doctor, limit=500, after=waiting[-1])
    counted.clear()
    ordered = candidates.order(way.doctor, waiting)

    assert {one.outcome for one in ordered} == {OrderOutcome.ORDERED}
    assert imported <= 60, "set by set, not one by one"
    assert len(counted) <= 15 * 1000, "a bound for each enrolment"
    with way.look() as tx:
        assert len(tx.enrolments.all(limit=2000)) == 1000
