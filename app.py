"""The one place that knows everything: reads settings, opens the database, picks adapters, binds use cases to doors."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask

from delivery.alarms import Limits
from delivery.channels.clinic import ClinicChannel
from delivery.channels.letter import LetterChannel
from delivery.channels.minlaege import MinLaegeChannel
from delivery.channels.port import Channel
from delivery.channels.webpatient import WebPatientChannel
from delivery.content import Content, load_released
from delivery.in_force import Released
from delivery.key_service import TransitService
from delivery.key_sets import PublishedKeys
from delivery.letter_file import Letter
from delivery.plans.flp import FlpPlan
from delivery.plans.lps_inbox import LpsInbox
from delivery.plans.lps_note import LpsNote
from delivery.plans.port import PlanTarget
from flow.actions import MoveAction
from flow.agreements import AgreeWithClinic
from flow.amend import AmendResponse
from flow.around import around_form
from flow.around_work import around_work
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
from flow.entry import Entry
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
from flow.rates import LimitCalls, UseOnce
from flow.receipts import ShowStrays
from flow.receive import ReceiveResponse
from flow.records import Records
from flow.related_persons import RelatePersons
from flow.schedule import ExpireOccasions, OpenDue
from flow.schedule_open import Opening
from flow.sign_in import ListDemoPeople, TokenAuthenticator
from flow.staff_sessions import StaffSessions
from flow.status import RecordStatus
from flow.suggest import Suggest
from flow.unmatched import SortUnmatched
from flow.use_cases import UseCases
from flow.watch import WatchOutbox
from flow.worklist import ListWork
from kernel.clock import Clock, OffsetClock, SystemClock
from kernel.settings import Settings
from security.broker_file import read_brokers, read_citizen_brokers
from security.key_file import KeyFile
from security.keys import PLAIN, KeyRing, Keys, RingForm
from security.ring_form import SealedForm
from store.anchors import AnchorFile
from store.database import Store, init_database
from web.clinic.oidc import BrokerViews
from web.edge import guard_edge
from web.install import install
from web.oauth.views import blueprint as oauth
from web.patient.login import Citizens
from web.patient.proof import proofs_of, return_addresses
from web.refresh import init_refresh
from web.session_keys import init_session_keys


@dataclass(frozen=True, slots=True)
class Services:
    """What the processes of this installation share in kind, each with its own instance."""

    settings: Settings
    clock: Clock
    content: Content
    keyring: Keys
    store: Store
    use_cases: UseCases


def create_app(settings: Settings | None = None, released: Released | None = None) -> Flask:
    """Build the web application with everything behind it; `app.extensions["svarbro"]` holds the `Services`.

    Args:
        released: the content files, where this process has read them before.

    Raises:
        SettingsError: a setting is missing or unsafe.
        ContentError: a content file is wrong; nobody is served with it.
    """
    settings = settings or Settings.from_env()
    app = Flask("web")
    services = _services(app, settings, released or load_released())
    app.extensions["svarbro"] = services
    brokers = read_brokers(settings.oidc_file, is_demo=settings.is_demo) if settings.oidc_file else ()
    citizens = read_citizen_brokers(settings.oidc_file, is_demo=settings.is_demo) if settings.oidc_file else ()
    app.config.update(
        # Over plain HTTP no browser takes a cookie of this prefix.
        SESSION_COOKIE_NAME="session" if settings.is_demo else "__Host-session",
        SESSION_COOKIE_SECURE=not settings.is_demo,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        RETURN_ADDRESSES=return_addresses(settings),
    )
    once = UseOnce(services.store, SystemClock(), services.keyring)
    install(
        app,
        services.use_cases,
        services.content,
        TokenAuthenticator(services.store),
        people=ListDemoPeople(services.store) if settings.is_demo else tuple,
        bare_links=settings.is_demo,
        proofs=proofs_of(settings, SystemClock(), once),
        brokers=lambda staff: BrokerViews.of(
            staff, brokers, settings.public_url, once, timeout_s=settings.request_timeout_s
        ),
        citizens=Citizens.of(citizens, settings.public_url, settings.request_timeout_s),
    )
    _open_to_systems(app, services)
    guard_edge(app, settings, LimitCalls(services.store, SystemClock(), services.keyring))
    init_session_keys(app, services.keyring)
    init_refresh(app, services.use_cases.refresh)
    return app


def _open_to_systems(app: Flask, services: Services) -> None:
    """Let systems sign in by themselves."""
    settings, clock = services.settings, services.clock
    source = PublishedKeys(settings.key_set_hosts, clock, settings.request_timeout_s)
    do = services.use_cases
    app.register_blueprint(oauth(do.issue_tokens, do.launch, source, clock, settings.public_url))


def services_of(app: Flask) -> Services:
    """Return the services of an application made by `create_app`."""
    services: Services = app.extensions["svarbro"]
    return services


def open_services(settings: Settings | None = None) -> Services:
    """Build everything but the doors: for the worker and the commands, which nobody calls over HTTP.

    Raises:
        SettingsError: a setting is missing or unsafe.
        ContentError: a content file is wrong.
    """
    return _services(Flask("web"), settings or Settings.from_env(), load_released())


def _services(app: Flask, settings: Settings, released: Released) -> Services:
    clock: Clock = OffsetClock(settings.clock_file) if settings.clock_file else SystemClock()
    content = Content(released, governed=not settings.is_demo)
    keyring: Keys = (
        KeyRing.from_json(settings.keys) if settings.keys else KeyFile(settings.keys_file, ring_form_of(settings))
    )
    engine = init_database(app, settings.database_url)
    store = Store(engine, keyring, clock, lock_path=settings.instance_dir / "writer.lock")
    return Services(settings, clock, content, keyring, store, _use_cases(settings, store, content, clock, keyring))


def _use_cases(settings: Settings, store: Store, content: Content, clock: Clock, keyring: Keys) -> UseCases:
    receive = ReceiveResponse(store, content, clock, Suggest(content))
    channels, plan_targets = map(frozenset, adapters(settings, content.released))
    limits = Limits(settings.alarm_age_s, settings.alarm_stuck)
    return UseCases(
        enrol=Enrol(store, content, clock, channels),
        enrol_by_care_plan=EnrolByCarePlan(store, content, channels),
        import_candidates=ImportCandidates(store, content.profiles),
        candidates=Candidates(store, clock, Entry(content, channels), content.profiles),
        record_status=RecordStatus(store, clock, channels),
        receive=receive,
        amend=AmendResponse(store, content, clock, receive.suggest),
        check=CheckResponse(content),
        extract=ExtractResponse(store, content),
        populate=PopulateResponse(store, content),
        decide=Decide(store, content, clock),
        move_action=MoveAction(store),
        form=PatientForm(store, content, clock, receive),
        worklist=ListWork(store),
        around_work=around_work(store, content, clock),
        hours=ArrangeClinic(store),
        agreements=AgreeWithClinic(store, content, channels, plan_targets),
        clients=ManageClients(store, clock, settings.key_set_hosts, settings.is_demo),
        issue_tokens=IssueTokens(store, clock, settings.is_demo),
        # Sessions are about people at their browsers: time travel of the demo moves none.
        staff_sessions=(sessions := StaffSessions(store, SystemClock())),
        launch=LaunchPatient(store, sessions),
        relate=RelatePersons(store),
        own=FindOwn(store),
        ladder=ChooseLadder(store, channels),
        calls=CallList(store, content),
        case=ShowCase(store, content),
        records=Records(store, content),
        identify=Identify(store),
        event=ReceiveEvent(store, clock, keyring, receive),
        strays=ShowStrays(store),
        unmatched=SortUnmatched(store, content, receive),
        open_due=OpenDue(store, content, clock, keyring),
        expire=ExpireOccasions(store, clock),
        order=OrderOccasion(store, content, Opening(content, keyring), settings.public_url),
        appointment=PlanAppointment(store, content),
        discharge=RecordDischarge(store, content),
        change_enrolment_state=ChangeEnrolmentState(store, content),
        control_month=SetControlMonth(store, content),
        health=CheckHealth(store, clock, limits),
        watch=WatchOutbox(store, clock, limits),
        escalate=EscalateReds(store, content, clock),
        escalation=ChooseEscalation(store, content),
        attention=Attention(store),
        audit=AuditLog(store),
        delegate=Delegate(store),
        simulate=SimulateTable(store, content),
        monitor=Monitor(store, content, clock),
        population=ShowPopulation(store, content, clock),
        programme=RunProgramme(store, content, channels),
        refresh=RefreshContent(store, content),
        approve=ApproveContent(store, content, clock),
        import_wording=ImportWording(store, content, clock),
        operate=OperateOutbox(store),
        around=around_form(store, content, clock, keys=keyring, public_url=settings.public_url),
    )


def adapters(settings: Settings, released: Released) -> tuple[Mapping[str, Channel], Mapping[str, PlanTarget]]:
    """Return the channels and plan targets of this installation, by the names that enrolments hold."""
    timeout_s = settings.request_timeout_s
    channels: tuple[Channel, ...] = (
        WebPatientChannel(settings.webpatient_url, settings.webpatient_token, timeout_s=timeout_s),
        MinLaegeChannel(settings.minlaege_url, settings.minlaege_token, timeout_s=timeout_s),
        ClinicChannel(),
        *_paper(settings, released.letter),
    )
    plans: tuple[PlanTarget, ...] = (
        FlpPlan(settings.flp_url, settings.flp_token, timeout_s=timeout_s),
        LpsNote(settings.lps_url, settings.lps_token, note=released.note, timeout_s=timeout_s),
        LpsInbox(settings.lps_url, settings.lps_token, timeout_s=timeout_s),
    )
    return {channel.name: channel for channel in channels}, {plan.name: plan for plan in plans}


def _paper(settings: Settings, letter: Letter) -> tuple[Channel, ...]:
    """Return the channel of letters, where the installation has a print service."""
    if not settings.print_url:
        return ()
    timeout_s = settings.request_timeout_s
    return (LetterChannel(settings.print_url, settings.print_token, letter, timeout_s=timeout_s),)


def ring_form_of(settings: Settings) -> RingForm:
    """Return how the key file of this installation is closed."""
    if not settings.kms_url:
        return PLAIN
    service = TransitService(
        settings.kms_url, settings.kms_key, settings.kms_token, timeout_s=settings.request_timeout_s
    )
    return SealedForm(service)


def anchor_file_of(settings: Settings) -> AnchorFile:
    """Return the file that says where each chain of the audit ended each day; it lies outside the database."""
    return AnchorFile(settings.instance_dir / "audit-anchors.jsonl")
