"""What is kept for a while only: each class goes when its time is over, and neither a day before nor against a hold."""

import json
from datetime import timedelta

import pytest

from delivery.retention import RetentionClass
from flow.forget import Forget
from flow.patient_data import PatientData
from flow.unmatched import SortUnmatched
from kernel.errors import NotFoundError
from security.actor import Role
from store.sealing import ShreddedError
from tests.builders import CLINIC_ID, an_actor
from tests.builders import NANCY as IDENTIFIER
from tests.contract.doors import cat
from tests.unit.flow.lists import NANCY, listed, told
from tests.way import CONTENT

OPERATOR = an_actor(Role.OPERATOR)
MOMENT = timedelta(microseconds=1)


@pytest.fixture
def forget(way):
    return Forget(way.store, CONTENT, way.clock)


@pytest.fixture
def data(way):
    return PatientData(way.store, CONTENT.retention.lives[RetentionClass.RECORD])


@pytest.fixture
def drafted(way):
    """Enrol a patient with a draft, saved now."""
    enrolled = way.enrolled()
    way.open_due()
    request = way.asked(enrolled)["cat"]
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.drafts.save(request.id, b'{"half": "filled"}', 0)
    return request


def draft(way, request):
    with way.look() as tx:
        return tx.drafts.get(request.id)


def audited(way):
    with way.look() as tx:
        return [event.action for event in tx.audit.events() if event.purpose == "retention"]


def test_a_draft_stays_for_thirty_days_and_then_goes_with_a_row_of_the_audit(way, drafted, forget):
    way.clock.at += timedelta(days=30)

    assert forget() == 0
    assert draft(way, drafted) is not None

    way.clock.at += MOMENT
    assert forget() == 1
    assert draft(way, drafted) is None
    assert audited(way) == ["forget-draft"]


def test_what_a_legal_hold_stands_on_is_kept_until_it_is_lifted(way, drafted, forget, data):
    data.hold(OPERATOR, drafted.patient_ref, "complaint")
    way.clock.at += timedelta(days=400)

    assert forget() == 0
    data.lift(OPERATOR, drafted.patient_ref)
    assert forget() == 1


def test_where_nothing_is_over_nothing_is_written(way, drafted, forget):
    with way.look() as tx:
        before = len(tx.audit.events())

    assert forget() == 0

    with way.look() as tx:
        assert len(tx.audit.events()) == before


def test_of_a_signed_call_only_the_hash_stays_and_it_still_counts_once(way, forget):
    raw = b'{"type": "receipt"}'
    with way.store.write(CLINIC_ID, an_actor(Role.CHANNEL)) as tx:
        tx.events.add("webpatient", "msg-1", raw)
    assert forget() == 0
    way.clock.at += MOMENT

    assert forget() == 1

    with way.store.write(CLINIC_ID, an_actor(Role.CHANNEL)) as tx:
        assert tx.events.raw("webpatient", "msg-1") is None
        assert not tx.events.add("webpatient", "msg-1", raw)
    assert forget() == 0


def test_an_answer_in_the_tray_stays_while_it_waits_and_thirty_days_after_it_was_sorted(way, forget):
    raw = json.dumps(cat("none")).encode()
    with way.store.write(CLINIC_ID, an_actor(Role.CHANNEL)) as tx:
        tx.unmatched.add("webpatient", "https://svarbro.example/fhir/Questionnaire/cat|2.0.0", raw)
    way.clock.at += timedelta(days=400)
    assert forget() == 0
    with way.look() as tx:
        (waiting,) = tx.unmatched.waiting()
    SortUnmatched(way.store, CONTENT, way.receive).discard(way.doctor, waiting.id, "nobody here")
    way.clock.at += timedelta(days=30)
    assert forget() == 0
    way.clock.at += MOMENT

    assert forget() == 1

    with way.look() as tx, pytest.raises(NotFoundError):
        tx.unmatched.raw(waiting.id)


def test_who_was_on_a_list_and_left_unenrolled_is_destroyed_after_seven_days(way, bring, candidates, forget):
    bring(NANCY)
    way.clock.at += timedelta(days=400)
    assert forget() == 0, "who waits is still needed"
    (patient_ref,) = [one.candidate.patient_ref for one in listed(way, candidates)]
    told(way, "moved")
    way.clock.at += timedelta(days=7)
    assert forget() == 0
    way.clock.at += MOMENT

    assert forget() == 1

    with way.look() as tx:
        assert tx.patients.find(IDENTIFIER) is None
        with pytest.raises(ShreddedError):
            tx.patients.identity(patient_ref)
    assert (forget(), audited(way)) == (0, ["forget-contact"])
    bring(NANCY)
    assert len(listed(way, candidates)) == 1, "a new list begins anew"


@pytest.mark.parametrize("needed", ["enrolled", "held"])
def test_who_is_needed_for_something_else_is_not_destroyed(way, bring, candidates, forget, data, needed):
    bring(NANCY)
    (patient_ref,) = [one.candidate.patient_ref for one in listed(way, candidates)]
    if needed == "enrolled":
        way.enrolled()
    else:
        data.hold(OPERATOR, patient_ref, "complaint")
    told(way, "moved")
    way.clock.at += timedelta(days=400)

    forget()

    with way.look() as tx:
        assert tx.patients.identity(patient_ref).name == "Nancy Berggren"


def test_what_waits_is_counted_class_by_class(way, drafted, forget):
    way.clock.at += timedelta(days=31)

    shown = {one.kind: (one.life.days, one.over) for one in forget.shown()}

    assert shown[RetentionClass.DRAFT] == (30, 1)
    assert shown[RetentionClass.RECORD] == (3653, None)
    assert shown[RetentionClass.AUDIT] == (1827, 0)
    assert set(shown) == set(RetentionClass)
