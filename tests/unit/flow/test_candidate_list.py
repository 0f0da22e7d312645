"""A population list comes in whole or not at all, and is looked through page by page."""

import pytest

from delivery.candidate import CandidateState
from flow.candidates import OrderOutcome
from kernel.errors import InvalidInputError
from security.actor import Role
from tests.builders import CLINIC_ID, an_actor, an_opt_in
from tests.unit.flow.lists import LATER, NANCY, NIELS, SVERRE, ids, lines, listed, told


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


def test_a_list_is_turned_page_by_page(way, bring, candidates):
    bring(NANCY, SVERRE, NIELS)

    first = candidates.listed(way.doctor, limit=2)
    rest = candidates.listed(way.doctor, limit=2, after=first.next)

    assert [one.name.split()[0] for one in (*first.candidates, *rest.candidates)] == ["Nancy", "Sverre", "Niels"]
    assert (first.next, rest.next) == (first.candidates[-1].candidate.id, None)
