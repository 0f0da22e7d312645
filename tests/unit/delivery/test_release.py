"""Release, as a pure function over every target: what may leave before a decision, and after it."""

from dataclasses import replace
from datetime import date

import pytest

from delivery.parties import PatientIdentity
from delivery.plans.port import PlanReport, ReportedDecision, ReportedSuggestion, ReportEvent
from delivery.release import INBOX, POLICIES, STRICTEST, BeforeDecision, policy_of, released
from kernel.ids import DecisionId, EnrolmentId, MessageId, PatientRef, SuggestionId
from tests.builders import NOW, a_clinic
from tests.way import CONTENT

TARGETS = [*POLICIES, "a target that nobody listed"]
SUGGESTION = ReportedSuggestion(SuggestionId("s"), "RED", "same-day", ("Mere åndenød",), "Ring i dag", complete=True)
DECISION = ReportedDecision(DecisionId("d"), SuggestionId("s"), "YELLOW", 2, "Karen Holm", NOW, date(2027, 5, 1))
REPORT = PlanReport(
    key=MessageId("report-1"),
    sequence=1,
    enrolment_id=EnrolmentId("enrolment-1"),
    package="LRS",
    clinic=a_clinic(),
    patient=PatientIdentity(PatientRef("patient-1"), "2512489996", "cpr", "Nancy Berggren"),
    enrolled_at=NOW,
    awaiting=True,
    answers=(),
    suggestion=SUGGESTION,
    contact_wished_at=NOW,
)


@pytest.mark.parametrize("package", sorted({programme.package for programme in CONTENT.programmes.all()}))
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("event", ReportEvent)
def test_before_a_decision_only_the_clinics_inbox_gets_the_suggestion(target, event, package):
    report = replace(REPORT, event=event, package=package)

    leaving = released(report, policy_of(target))

    if target == INBOX:
        assert leaving == report
    else:
        assert leaving is None or (
            leaving.suggestion,
            leaving.decision,
            leaving.contact_wished_at,
        ) == (None, None, None)


@pytest.mark.parametrize("target", TARGETS)
def test_after_a_decision_the_decision_leaves_and_the_suggestion_stays(target):
    report = replace(REPORT, decision=DECISION)

    leaving = released(report, policy_of(target))

    assert leaving == (report if target == INBOX else replace(report, suggestion=None, contact_wished_at=None))


def test_a_plan_is_told_that_an_answer_awaits_and_a_record_nothing():
    assert released(REPORT, policy_of("flp")) == replace(REPORT, suggestion=None, contact_wished_at=None)
    assert released(REPORT, policy_of("lps-note")) is None


def test_every_target_that_a_programme_names_has_a_policy_of_its_own():
    named = {programme.plan_target for programme in CONTENT.programmes.all()}

    assert named
    assert named <= set(POLICIES)


def test_a_target_that_nobody_listed_gets_the_strictest_policy():
    assert policy_of(TARGETS[-1]) is STRICTEST
    assert STRICTEST.before is BeforeDecision.NOTHING
    assert released(REPORT, STRICTEST) is None


def test_only_the_inbox_may_be_given_a_suggestion():
    given = [target for target, policy in POLICIES.items() if policy.before is BeforeDecision.SUGGESTION]

    assert given == [INBOX]
