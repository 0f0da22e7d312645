"""A clinic keeps its data as long as it chooses, within the bounds of the content file, and for itself alone."""

from datetime import timedelta

import pytest

from delivery.retention import RetentionClass
from flow.forget import Forget
from flow.patient_data import PatientData
from flow.retention_choice import ChooseRetention
from kernel.errors import AccessError, ConflictError, InvalidInputError
from security.actor import Role
from tests.builders import CLINIC_ID, OTHER_CLINIC_ID, an_actor
from tests.stored import store_asked
from tests.way import CONTENT

OPERATOR, OTHER = an_actor(Role.OPERATOR), an_actor(Role.OPERATOR, OTHER_CLINIC_ID)
DRAFT, RECORD, AUDIT = RetentionClass.DRAFT, RetentionClass.RECORD, RetentionClass.AUDIT
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def choice(way):
    return ChooseRetention(way.store, CONTENT)


@pytest.fixture
def forget(way):
    return Forget(way.store, CONTENT, way.clock)


@pytest.fixture
def drafted(way):
    """Enrol a patient with a draft, saved now."""
    enrolled = way.enrolled()
    way.open_due()
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.drafts.save(way.asked(enrolled)["cat"].id, b"{}", 0)
    return enrolled


def refused(choice, *arguments):
    with pytest.raises(InvalidInputError) as caught:
        choice.choose(*arguments)
    return [issue.rule for issue in caught.value.issues]


def test_a_draft_goes_when_the_clinics_own_time_is_over(way, choice, forget, drafted):
    choice.choose(OPERATOR, DRAFT, 10)
    way.clock.at += timedelta(days=10)
    assert forget() == 0
    way.clock.at += MOMENT

    assert {one.kind: one.over for one in forget.shown()}[DRAFT] == 1
    assert forget() == 1


def test_a_longer_time_keeps_what_the_content_file_would_let_go(way, choice, forget, drafted):
    choice.choose(OPERATOR, DRAFT, 90)
    way.clock.at += timedelta(days=90)

    assert forget() == 0
    choice.choose(OPERATOR, DRAFT, None)
    assert forget() == 1


def test_what_one_clinic_chose_changes_nothing_for_another(way, choice, forget, drafted):
    theirs = store_asked(way.store, OTHER_CLINIC_ID)
    with way.store.write(OTHER_CLINIC_ID, theirs.actor) as tx:
        tx.drafts.save(theirs.request.id, b"{}", 0)
    choice.choose(OTHER, DRAFT, 7)
    way.clock.at += timedelta(days=30)

    assert forget() == 1

    with way.look() as tx:
        assert tx.drafts.get(way.asked(drafted)["cat"].id) is not None
    assert {one: life.is_own for one, life in choice.shown(OPERATOR).items() if life.is_own} == {}


def test_the_bounds_are_the_content_files(choice):
    bounds = CONTENT.retention.bounds[AUDIT]

    for days in (bounds.least.days - 1, bounds.most.days + 1):
        assert refused(choice, OPERATOR, AUDIT, days) == ["days-out-of-range"]
    for days in (bounds.least.days, bounds.most.days):
        choice.choose(OPERATOR, AUDIT, days)
        assert choice.shown(OPERATOR)[AUDIT].days == days


def test_what_comes_before_a_clinic_is_known_is_the_same_for_all(choice):
    assert refused(choice, OPERATOR, RetentionClass.WEBHOOK_BODY, 1) == ["no-choice"]
    assert choice.shown(OPERATOR)[RetentionClass.WEBHOOK_BODY].bounds is None


def test_a_record_that_the_clinic_keeps_longer_is_not_destroyed_sooner(way, choice, answered):
    data = PatientData(way.store, CONTENT.retention.lives[RECORD])
    choice.choose(OPERATOR, RECORD, 5000)
    way.clock.at += timedelta(days=4999)

    with pytest.raises(ConflictError, match="5000 days"):
        data.shred(OPERATOR, answered.patient_ref)
    way.clock.at += timedelta(days=1)
    data.shred(OPERATOR, answered.patient_ref)


def test_a_choice_is_the_operators_to_record_and_stands_in_the_audit(way, choice):
    with pytest.raises(AccessError):
        choice.choose(way.doctor, DRAFT, 10)

    choice.choose(OPERATOR, DRAFT, 10)

    with way.look() as tx:
        assert [one.purpose for one in tx.audit.events() if one.action == "choose-retention-draft"] == ["setup"]
