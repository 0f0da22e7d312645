"""Patients: one per person and clinic, found by identifier, named only when asked."""

import pytest

from delivery.parties import PatientIdentity
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import PatientRef
from security.cpr import Identifier
from tests.builders import CLINIC_ID, NANCY, OTHER_CLINIC_ID, SVERRE
from tests.stored import store_clinic, store_patient

REPLACEMENT = Identifier("x-ecpr", "0101901AB2")


def test_a_patient_is_found_by_identifier_and_known_by_a_pseudonym(store):
    actor = store_clinic(store)

    ref = store_patient(store, actor, NANCY, "Nancy Berggren")

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.patients.find(NANCY) == ref
        assert tx.patients.find(SVERRE) is None
        assert tx.patients.identity(ref) == PatientIdentity(ref, NANCY.value, "cpr", "Nancy Berggren")
    assert NANCY.value not in ref


def test_a_replacement_number_is_an_identifier_like_any_other(store):
    actor = store_clinic(store)

    ref = store_patient(store, actor, REPLACEMENT, "Schwendlund")

    with store.read(CLINIC_ID, actor) as tx:
        assert tx.patients.find(REPLACEMENT) == ref
        assert tx.patients.identity(ref).kind == "x-ecpr"


def test_a_person_is_one_patient_in_each_clinic(store):
    one, other = store_clinic(store), store_clinic(store, OTHER_CLINIC_ID)

    refs = {store_patient(store, one, NANCY), store_patient(store, other, NANCY)}

    assert len(refs) == 2
    with pytest.raises(ConflictError):
        store_patient(store, one, NANCY)


def test_an_unknown_pseudonym_is_nobody(store):
    actor = store_clinic(store)

    with store.read(CLINIC_ID, actor) as tx, pytest.raises(NotFoundError):
        tx.patients.identity(PatientRef("unknown"))


def test_a_patient_of_no_clinic_is_refused(store):
    actor = store_clinic(store)

    with pytest.raises(ConflictError), store.write(OTHER_CLINIC_ID, actor) as tx:
        tx.patients.add(NANCY, "Nancy Berggren")
