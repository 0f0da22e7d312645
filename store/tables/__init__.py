"""All tables; importing this module fills the metadata."""

from store.tables.access_token import AccessTokenRow
from store.tables.agreed_action import AgreedActionRow
from store.tables.alert import AlertRow
from store.tables.appointment import AppointmentRow
from store.tables.attempt import AttemptRow
from store.tables.audit_chain import AuditChainRow
from store.tables.audit_cut import AuditCutRow
from store.tables.audit_event import AuditEventRow
from store.tables.audit_unsealed import AuditUnsealedRow
from store.tables.candidate import CandidateRow
from store.tables.client_key import ClientKeyRow
from store.tables.clinic import ClinicRow
from store.tables.clinic_closure import ClinicClosureRow
from store.tables.clinic_escalation import ClinicEscalationRow
from store.tables.clinic_package import ClinicPackageRow
from store.tables.clinic_retention import ClinicRetentionRow
from store.tables.clinic_turn import ClinicTurnRow
from store.tables.content_approval import ContentApprovalRow
from store.tables.content_revision import ContentRevisionRow
from store.tables.decision import DecisionRow
from store.tables.delegation import DelegationRow
from store.tables.draft import DraftRow
from store.tables.enrolment import EnrolmentRow
from store.tables.escalation import EscalationRow
from store.tables.escalation_step import EscalationStepRow
from store.tables.heartbeat import HeartbeatRow
from store.tables.ladder_step import LadderStepRow
from store.tables.launch import LaunchRow
from store.tables.legal_hold import LegalHoldRow
from store.tables.licence_record import LicenceRecordRow
from store.tables.oauth_client import OAuthClientRow
from store.tables.occasion import OccasionRow
from store.tables.outbox import OutboxRow
from store.tables.outbox_act import OutboxActRow
from store.tables.patient import PatientRow
from store.tables.patient_identifier import PatientIdentifierRow
from store.tables.patient_leave import PatientLeaveRow
from store.tables.patient_status import PatientStatusRow
from store.tables.person import PersonRow
from store.tables.person_identity import PersonIdentityRow
from store.tables.postponement import PostponementRow
from store.tables.processor_agreement import ProcessorAgreementRow
from store.tables.rate_window import RateWindowRow
from store.tables.receipt import ReceiptRow
from store.tables.receipt_mark import ReceiptMarkRow
from store.tables.receiver_state import ReceiverStateRow
from store.tables.related_person import RelatedPersonRow
from store.tables.released_decision import ReleasedDecisionRow
from store.tables.request import RequestRow
from store.tables.response import ResponseRow
from store.tables.score import ScoreRow
from store.tables.score_history import ScoreHistoryRow
from store.tables.series import SeriesRow
from store.tables.slot import SlotRow
from store.tables.staff_session import StaffSessionRow
from store.tables.stand_in import StandInRow
from store.tables.status_demand import StatusDemandRow
from store.tables.status_feed import StatusFeedRow
from store.tables.stray_receipt import StrayReceiptRow
from store.tables.suggestion import SuggestionRow
from store.tables.unmatched import UnmatchedRow
from store.tables.unsent_danger import UnsentDangerRow
from store.tables.used_assertion import UsedAssertionRow
from store.tables.webhook_event import WebhookEventRow
from store.tables.wording import WordingRow
from store.tables.work import WorkRow

__all__ = [
    "AccessTokenRow",
    "AgreedActionRow",
    "AlertRow",
    "AppointmentRow",
    "AttemptRow",
    "AuditChainRow",
    "AuditCutRow",
    "AuditEventRow",
    "AuditUnsealedRow",
    "CandidateRow",
    "ClientKeyRow",
    "ClinicClosureRow",
    "ClinicEscalationRow",
    "ClinicPackageRow",
    "ClinicRetentionRow",
    "ClinicRow",
    "ClinicTurnRow",
    "ContentApprovalRow",
    "ContentRevisionRow",
    "DecisionRow",
    "DelegationRow",
    "DraftRow",
    "EnrolmentRow",
    "EscalationRow",
    "EscalationStepRow",
    "HeartbeatRow",
    "LadderStepRow",
    "LaunchRow",
    "LegalHoldRow",
    "LicenceRecordRow",
    "OAuthClientRow",
    "OccasionRow",
    "OutboxActRow",
    "OutboxRow",
    "PatientIdentifierRow",
    "PatientLeaveRow",
    "PatientRow",
    "PatientStatusRow",
    "PersonIdentityRow",
    "PersonRow",
    "PostponementRow",
    "ProcessorAgreementRow",
    "RateWindowRow",
    "ReceiptMarkRow",
    "ReceiptRow",
    "ReceiverStateRow",
    "RelatedPersonRow",
    "ReleasedDecisionRow",
    "RequestRow",
    "ResponseRow",
    "ScoreHistoryRow",
    "ScoreRow",
    "SeriesRow",
    "SlotRow",
    "StaffSessionRow",
    "StandInRow",
    "StatusDemandRow",
    "StatusFeedRow",
    "StrayReceiptRow",
    "SuggestionRow",
    "UnmatchedRow",
    "UnsentDangerRow",
    "UsedAssertionRow",
    "WebhookEventRow",
    "WordingRow",
    "WorkRow",
]
