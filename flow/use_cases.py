"""Every use case of the service in one value, made by `app.py` and handed to the doors."""

from dataclasses import dataclass

from flow.actions import MoveAction
from flow.agreements import AgreeWithClinic
from flow.amend import AmendResponse
from flow.around import AroundForm
from flow.around_work import AroundWork
from flow.attention import Attention
from flow.audit_log import AuditLog
from flow.calls import CallList
from flow.candidate_import import ImportCandidates
from flow.candidates import Candidates
from flow.care_plan import EnrolByCarePlan
from flow.case import ShowCase
from flow.check import CheckResponse
from flow.clients import ManageClients
from flow.clinic_hours import ArrangeClinic
from flow.content_approve import ApproveContent
from flow.content_refresh import RefreshContent
from flow.content_simulate import SimulateTable
from flow.content_wording import ImportWording
from flow.decide import Decide
from flow.delegations import Delegate
from flow.enrol import Enrol
from flow.enrolment_state import ChangeEnrolmentState, SetControlMonth
from flow.escalate import EscalateReds
from flow.escalation_choice import ChooseEscalation
from flow.event import ReceiveEvent
from flow.extract import ExtractResponse
from flow.form import PatientForm
from flow.health import CheckHealth
from flow.identify import Identify
from flow.issue_token import IssueTokens
from flow.ladder_choice import ChooseLadder
from flow.launch import LaunchPatient
from flow.monitoring import Monitor
from flow.operate import OperateOutbox
from flow.order import OrderOccasion
from flow.order_event import PlanAppointment, RecordDischarge
from flow.own_occasions import FindOwn
from flow.populate import PopulateResponse
from flow.population import ShowPopulation
from flow.programme import RunProgramme
from flow.receipts import ShowStrays
from flow.receive import ReceiveResponse
from flow.records import Records
from flow.related_persons import RelatePersons
from flow.schedule import ExpireOccasions, OpenDue
from flow.staff_sessions import StaffSessions
from flow.status import RecordStatus
from flow.unmatched import SortUnmatched
from flow.watch import WatchOutbox
from flow.worklist import ListWork


@dataclass(frozen=True, slots=True)
class UseCases:
    """The steps of the way, ready to be called."""

    enrol: Enrol
    enrol_by_care_plan: EnrolByCarePlan
    import_candidates: ImportCandidates
    candidates: Candidates
    record_status: RecordStatus
    receive: ReceiveResponse
    amend: AmendResponse
    check: CheckResponse
    extract: ExtractResponse
    populate: PopulateResponse
    decide: Decide
    move_action: MoveAction
    form: PatientForm
    worklist: ListWork
    around_work: AroundWork
    hours: ArrangeClinic
    agreements: AgreeWithClinic
    clients: ManageClients
    issue_tokens: IssueTokens
    staff_sessions: StaffSessions
    launch: LaunchPatient
    relate: RelatePersons
    own: FindOwn
    ladder: ChooseLadder
    calls: CallList
    case: ShowCase
    records: Records
    identify: Identify
    event: ReceiveEvent
    strays: ShowStrays
    unmatched: SortUnmatched
    open_due: OpenDue
    expire: ExpireOccasions
    order: OrderOccasion
    appointment: PlanAppointment
    discharge: RecordDischarge
    change_enrolment_state: ChangeEnrolmentState
    control_month: SetControlMonth
    health: CheckHealth
    watch: WatchOutbox
    escalate: EscalateReds
    escalation: ChooseEscalation
    attention: Attention
    audit: AuditLog
    delegate: Delegate
    simulate: SimulateTable
    monitor: Monitor
    population: ShowPopulation
    programme: RunProgramme
    refresh: RefreshContent
    approve: ApproveContent
    import_wording: ImportWording
    operate: OperateOutbox
    around: AroundForm
