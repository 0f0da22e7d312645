"""One patient's data: given out whole, kept by a hold, destroyed for good, and no table forgotten."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import LargeBinary

from delivery.outbox import MessageState
from delivery.retention import RetentionClass
from delivery.schedule import EnrolmentState, OccasionState
from flow.audit_log import AuditLog
from flow.enrol import EnrolmentOrder
from flow.patient_data import PatientData
from flow.record import RecordKind
from flow.records import Records, Span
from flow.rescore import RescoreOrder, RescoreResponses
from flow.seal import SealAudit
from flow.verify_audit import VerifyAudit
from flow.worklist import ListWork
from kernel.errors import AccessError, ConflictError, InvalidInputError, NotFoundError
from security.actor import Role
from store.anchors import AnchorFile
from store.base import Base
from store.patient_data import FATES, Fate, parents
from store.sealing import ShreddedError
from tests.builders import CLINIC_ID, an_actor
from tests.way import CONTENT, NANCY

OPERATOR = an_actor(Role.OPERATOR)
RECORD_DUTY = CONTENT.retention.lives[RetentionClass.RECORD]
NOT_OF_A_PATIENT = {
    *("access_token", "audit_chain", "audit_unsealed", "clinic", "clinic_closure", "clinic_escalation"),
    *("clinic_package", "clinic_turn", "content_approval", "content_revision", "heartbeat", "ladder_step"),
    *("licence_record", "person", "receipt_mark", "receiver_state", "status_demand", "status_feed", "stray_receipt"),
    *("webhook_event", "wording"),
    *("client_key", "oauth_client", "used_assertion", "person_identity", "rate_window"),
    *("processor_agreement", "audit_cut", "clinic_retention", "delegation", "stand_in"),
}
"""Tables that lead to no patient; a new one with a patient in it belongs into `store.patient_data.FATES`."""


@pytest.fixture
def data(way):
    return PatientData(way.store, RECORD_DUTY)


@pytest.fixture
def decided(way, answered):
    way.decided(answered)
    return answered


def test_every_table_that_leads_to_a_patient_has_a_fate_and_no_other_table_is_unknown():
    assert set(parents()) == set(FATES)
    assert set(Base.metadata.tables) - set(FATES) <= NOT_OF_A_PATIENT


def test_whatever_is_sealed_for_a_patient_ends_in_the_suffix_that_the_export_opens():
    for name, fate in FATES.items():
        binary = {column.name for column in Base.metadata.tables[name].c if isinstance(column.type, LargeBinary)}
        assert all(column.endswith("_enc") or (name, column) == ("patient", "data_key") for column in binary), fate


def test_an_export_has_every_table_and_what_is_sealed_is_opened(way, decided, data):
    found = data.export(OPERATOR, decided.patient_ref)

    assert set(found) == set(FATES)
    assert found["patient"][0]["name"] == NANCY[1]
    assert found["patient_identifier"][0]["value"] == NANCY[0]
    assert {json.loads(row["body"])["resourceType"] for row in found["response"]} == {"QuestionnaireResponse"}
    assert found["decision"][0]["reason"] == "Samlet vurdering."
    assert len(found["score"]) > 0
    assert "decide" in {row["action"] for row in found["audit_event"]}
    assert not {"data_key", "cpr_index", "link_hash"} & {
        name for rows in found.values() for row in rows for name in row
    }
    json.dumps(found)


def test_an_export_holds_nothing_of_another_patient(way, decided, data):
    other = way.enrol(way.system, EnrolmentOrder("0104909995", "Sverre Mosebryggeren", package="KOL"))

    text = json.dumps(data.export(OPERATOR, decided.patient_ref))

    assert other.patient_ref not in text
    assert "Sverre" not in text


def test_a_record_is_kept_for_ten_years_unless_a_reason_is_given(way, decided, data):
    with pytest.raises(ConflictError) as caught:
        data.shred(OPERATOR, decided.patient_ref)
    assert caught.value.issues[0].rule == "record-duty"

    way.clock.at += RECORD_DUTY - timedelta(seconds=1)
    with pytest.raises(ConflictError):
        data.shred(OPERATOR, decided.patient_ref)

    way.clock.move(seconds=1)
    data.shred(OPERATOR, decided.patient_ref)


def test_a_legal_hold_stands_against_any_reason_until_it_is_lifted(way, decided, data):
    data.hold(OPERATOR, decided.patient_ref, "Klagesag")

    with pytest.raises(ConflictError) as caught:
        data.shred(OPERATOR, decided.patient_ref, "The patient asked for it.")
    assert caught.value.issues[0].rule == "legal-hold"

    data.lift(OPERATOR, decided.patient_ref)
    with pytest.raises(ConflictError):
        data.lift(OPERATOR, decided.patient_ref)
    data.shred(OPERATOR, decided.patient_ref, "The patient asked for it.")


def test_a_hold_needs_a_reason_and_a_patient(way, decided, data):
    with pytest.raises(InvalidInputError):
        data.hold(OPERATOR, decided.patient_ref, "  ")
    with pytest.raises(NotFoundError):
        data.hold(OPERATOR, "nobody", "Klagesag")


def test_after_the_end_nothing_of_the_patient_opens_and_nobody_is_found_by_number(way, decided, data):
    with way.look() as tx:
        sealed = [tx.responses.of_request(request.id).id for request in way.asked(decided).values()]

    data.shred(OPERATOR, decided.patient_ref, "asked")

    with way.look() as tx:
        for response_id in sealed:
            with pytest.raises(ShreddedError):
                tx.responses.raw(response_id)
        with pytest.raises(NotFoundError):
            tx.patients.identity(decided.patient_ref)
        with pytest.raises(ShreddedError):
            tx.decisions.newest(decided.enrolment_id)
        raw = tx.scope.connection.exec_driver_sql("SELECT data_key, name_enc FROM patient").one()
        assert [bytes(cell) for cell in raw] == [b"", b""]
        assert tx.scope.connection.exec_driver_sql("SELECT count(*) FROM patient_identifier").scalar_one() == 0
    with pytest.raises(NotFoundError):
        data.shred(OPERATOR, decided.patient_ref, "again")
    with pytest.raises(NotFoundError):
        data.export(OPERATOR, decided.patient_ref)


def test_nothing_more_is_sent_or_planned(way, data):
    enrolled = way.enrolled()
    way.open_due()
    occasion = way.occasion(enrolled)

    data.shred(OPERATOR, enrolled.patient_ref)

    way.open_due()
    way.dispatch()
    assert way.channel.taken == {}
    with way.look() as tx:
        assert tx.enrolments.get(enrolled.enrolment_id).state is EnrolmentState.ENDED
        assert tx.occasions.get(occasion.id).state is OccasionState.CANCELLED
        states = {message.state for message in tx.outbox.of_occasion(occasion.id)}
    assert MessageState.DUE not in states


def test_whoever_lists_goes_on_without_the_patient_and_the_chain_is_whole(way, decided, data, tmp_path):
    anchors = AnchorFile(tmp_path / "anchors.jsonl")
    SealAudit(way.store, anchors)()

    data.shred(OPERATOR, decided.patient_ref, "asked")

    SealAudit(way.store, anchors)()
    records = Records(way.store, CONTENT)
    assert records.search(way.system, RecordKind.RESPONSE, {}, Span()).records == ()
    assert ListWork(way.store)(way.doctor).patients == ()
    RescoreResponses(way.store, CONTENT)(OPERATOR, RescoreOrder(), told=lambda done, every: None)
    assert VerifyAudit(way.store, anchors)(OPERATOR).broken is None
    last = list(AuditLog(way.store).export(OPERATOR, decided.patient_ref))
    assert "shred-in-spite-of-duty" in {record.event.action for record in last}


def test_only_administrators_and_operators_may(way, decided, data):
    for actor in (way.doctor, way.system):
        with pytest.raises(AccessError):
            data.export(actor, decided.patient_ref)
        with pytest.raises(AccessError):
            data.shred(actor, decided.patient_ref, "asked")
    assert FATES["patient"] is Fate.KEY
    with way.store.read(CLINIC_ID, OPERATOR) as tx:
        assert tx.patients.identity(decided.patient_ref).name == NANCY[1]


def test_calls_of_channels_that_name_what_was_the_patient_s_are_forgotten_and_others_stay(way, decided, data):
    occasion = way.occasion(decided)
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.events.add("webpatient", "msg_mine", f'{{"about": "{occasion.id}"}}'.encode())
        tx.events.add("webpatient", "msg_other", b'{"about": "somebody else"}')

    data.shred(OPERATOR, decided.patient_ref, "asked")

    with way.look() as tx:
        left = dict(tx.scope.connection.exec_driver_sql("SELECT webhook_id, length(body_enc) FROM webhook_event").all())
        assert left["msg_mine"] == 0
        assert tx.events.raw("webpatient", "msg_other") == b'{"about": "somebody else"}'
