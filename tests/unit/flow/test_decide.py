"""A decision is a named clinician's, on the suggestion that was seen."""

import pytest

from flow.decide import DecisionOrder
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from kernel.ids import EnrolmentId, SuggestionId
from security.actor import Role
from tests.builders import OTHER_CLINIC_ID, an_actor
from tests.unit.flow.results import decisions, newest


def test_a_decision_names_its_clinician_and_the_suggestion_that_was_seen(way, answered):
    decision = way.decided(answered, "YELLOW", level=2)

    assert decisions(way, answered) == (decision,)
    assert decision.author_name == "Lise Læge"
    assert decision.suggestion_id == newest(way, answered).id
    assert decision.valid_until == decision.decided_at.replace(year=2028)


def test_a_decided_severity_is_not_alerted_again(way, answered):
    way.decided(answered, "YELLOW", level=3)
    way.clock.at = way.clock.at.replace(month=4, day=12)
    way.open_due()

    way.answer_all(answered, points=3)

    alert = newest(way, answered).alert
    assert (alert.colour, [row.id for row in alert.rows]) == ("GREEN", ["K99"])


def test_the_same_decision_twice_is_one_decision(way, answered):
    first = way.decided(answered, "YELLOW", level=2)
    second = way.decided(answered, "YELLOW", level=2)

    assert second == first
    assert len(decisions(way, answered)) == 1


def test_a_changed_mind_is_a_second_decision_linked_to_the_first(way, answered):
    first = way.decided(answered, "YELLOW", level=2)
    second = way.decided(answered, "RED", reason="Ringet op, har det værre.")

    assert second.previous_id == first.id
    assert second.level == 2, "a level stays until another one is decided"
    assert len(decisions(way, answered)) == 2


@pytest.mark.parametrize(
    ("order", "element", "rule"),
    [
        ({"colour": "UNKNOWN"}, "colour", "not-a-decision"),
        ({"colour": "BLUE"}, "colour", "not-a-decision"),
        ({"colour": "GREEN", "reason": " "}, "reason", "reason-missing"),
        ({"colour": "YELLOW", "level": 0}, "level", "not-a-level"),
        ({"colour": "YELLOW", "level": 4}, "level", "not-a-level"),
    ],
)
def test_an_unusable_decision_names_its_element_and_changes_nothing(way, answered, order, element, rule):
    with pytest.raises(InvalidInputError) as refused:
        way.decided(answered, **order)

    assert [(issue.expression, issue.rule) for issue in refused.value.issues] == [(element, rule)]
    assert decisions(way, answered) == ()


def test_an_answer_that_arrived_meanwhile_is_a_conflict(way, answered):
    seen = newest(way, answered)
    way.clock.at = way.clock.at.replace(month=7, day=12)
    way.open_due()
    way.answer_all(answered, points=4)

    with pytest.raises(ConflictError) as refused:
        way.decide(way.doctor, DecisionOrder(answered.enrolment_id, seen.id, "YELLOW"))

    assert refused.value.issues[0].rule == "newer-answer"
    assert decisions(way, answered) == ()


def test_nobody_decides_about_another_clinics_patient(way, answered):
    seen = newest(way, answered)

    for stranger in (an_actor(Role.CLINICIAN, OTHER_CLINIC_ID), way.doctor):
        with pytest.raises(NotFoundError):
            way.decide(
                stranger,
                DecisionOrder(
                    answered.enrolment_id if stranger != way.doctor else EnrolmentId("nobody"),
                    seen.id if stranger != way.doctor else SuggestionId("nothing"),
                    "YELLOW",
                ),
            )


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.PATIENT, Role.CHANNEL, Role.CLINIC_ADMIN, Role.CLINIC_STAFF])
def test_only_a_clinician_or_delegated_staff_decides(way, answered, role):
    with pytest.raises(AccessError):
        way.decide(an_actor(role), DecisionOrder(answered.enrolment_id, newest(way, answered).id, "YELLOW"))


def test_delegated_staff_decides_on_behalf_of_a_named_clinician(way, answered):
    nurse = an_actor(Role.CLINIC_STAFF, on_behalf_of="doctor-1", display="Nete, sygeplejerske")
    order = DecisionOrder(answered.enrolment_id, newest(way, answered).id, "YELLOW")

    decision = way.decide(nurse, order)

    assert (decision.author_name, decision.on_behalf_of) == ("Nete, sygeplejerske", "doctor-1")
