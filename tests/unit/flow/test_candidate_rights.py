"""Who brings a list in, orders, excludes and looks, and what is written down of it."""

import pytest

from kernel.errors import AccessError, NotFoundError
from security.actor import Role
from tests.builders import OTHER_CLINIC_ID, a_clinic, an_actor
from tests.unit.flow.lists import LATER, NANCY, ids, listed


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
