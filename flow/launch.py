"""LAUNCH: a practice system opens one patient's page for one of its staff, who does not sign in again."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

from flow.staff_sessions import StaffSessions, person_known_as
from kernel.errors import AccessError, InvalidInputError, Issue, NotFoundError
from kernel.ids import ClinicId, EnrolmentId, PatientRef, new_id
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.claims import Assurance, StaffIdentity
from security.client import Client
from security.cpr import Identifier, parse_identifier
from security.launch import Launch, LaunchState, challenge_of
from security.links import token_hash
from security.policy import Action, allow
from store.database import Store
from store.repositories.launches import Browser
from store.transaction import Tx

LAUNCH_LIFE = timedelta(minutes=2)
STEP_LIFE = timedelta(minutes=1)
"""How long a code, and then the page, waits."""
KEPT = timedelta(minutes=10)
"""What ran out is kept so much longer, so that a code that comes twice is still known."""
TOKEN_BYTES = 32
ROLES = (Role.CLINICIAN, Role.CLINIC_STAFF)


@dataclass(frozen=True, slots=True)
class LaunchOrder:
    """Who opens whom, as a practice system says.

    Args:
        identifier: CPR number or replacement number of the patient.
        subject: what the practice system calls the member of its staff, the same at each launch.
        assurance: how sure it is who that is.
    """

    identifier: str = field(repr=False)
    subject: str = field(repr=False)
    name: str = field(repr=False)
    role: Role
    assurance: Assurance


@dataclass(frozen=True, slots=True)
class Prepared:
    """A launch that waits for a browser.

    Args:
        launch: the parameter of the address; worth nothing without the key of the system that asked for it.
    """

    launch: str = field(repr=False)
    patient_ref: PatientRef
    expires_in: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a browser gets for a launch.

    Args:
        code: for the practice system, which changes it by its own key.
        browser: stays in this browser alone, and opens the page there.
    """

    code: str = field(repr=False)
    browser: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that may be shown.

    Args:
        token: of the session.
        enrolment_id: the patient's newest.
    """

    token: str = field(repr=False)
    enrolment_id: EnrolmentId


@dataclass(frozen=True, slots=True)
class LaunchPatient:
    """The use cases, one for each step.

    Nobody is let in by what stands in an address alone: the launch and the code are worth nothing without the key of
    the practice system, and the page opens only in the browser that came with the launch (docs/decisions/0053).
    """

    store: Store
    sessions: StaffSessions

    def prepare(self, actor: Actor, order: LaunchOrder) -> Prepared:
        """Prepare a launch for a patient of the clinic.

        Raises:
            AccessError: the caller opens no pages.
            InvalidInputError: the role or the assurance is not enough, or the identifier is none.
            NotFoundError: the clinic has enrolled no such patient.
        """
        allow(actor, Action.LAUNCH)
        _demand_enough(order)
        identifier, token = parse_identifier(order.identifier), secrets.token_urlsafe(TOKEN_BYTES)
        with self.store.write(actor.clinic_id, actor) as tx:
            patient_ref = self._prepared(tx, order, identifier, token)
        if patient_ref is None:
            raise NotFoundError("No such Patient.")
        return Prepared(token, patient_ref, int(LAUNCH_LIFE.total_seconds()))

    def authorize(self, client: Client, launch: str, challenge: str) -> Ticket | None:
        """Give the browser that came with a launch a code; None where the launch does not count, or not any more."""
        ticket = Ticket(secrets.token_urlsafe(TOKEN_BYTES), secrets.token_urlsafe(TOKEN_BYTES))
        browser = Browser(token_hash(ticket.code), challenge, token_hash(ticket.browser))
        with self.store.write(client.clinic_id, client.actor(client.scopes)) as tx:
            counts = tx.launches.authorize(client.id, token_hash(launch), browser, tx.now + STEP_LIFE)
        return ticket if counts else None

    def redeem(self, client: Client, code: str, verifier: str) -> PatientRef | None:
        """Change a code, once; None where it does not count.

        A code that comes again ends what it opened: somebody has it who should not (RFC 6749 section 4.1.2).
        """
        challenge = challenge_of(verifier)
        with self.store.write(client.clinic_id, client.actor(client.scopes)) as tx:
            digest = token_hash(code)
            done = challenge and tx.launches.redeem(client.id, digest, challenge, tx.now + STEP_LIFE)
            if done:
                return done.patient_ref
            if void := tx.launches.void(client.id, digest):
                tx.staff.close_launched(void.person_id, void.patient_ref)
                tx.audit.record(AuditEvent("void-launch", f"Launch/{void.id}", (void.patient_ref,)))
        return None

    def open(self, clinic_id: ClinicId, browser: str) -> Opened | None:
        """Let the browser of a launch in, once, and see that one patient alone; None where it may not."""
        with self.store.write(clinic_id, Actor(Role.WORKER, "launch", clinic_id)) as tx:
            launch = tx.launches.open(token_hash(browser))
            if launch is None:
                return None
            person = tx.clinics.person(launch.person_id)
            enrolment_id = _newest_enrolment(tx, launch)
        return Opened(self.sessions.open(person, only=launch.patient_ref), enrolment_id)

    def _prepared(self, tx: Tx, order: LaunchOrder, identifier: Identifier, token: str) -> PatientRef | None:
        client = _launching(tx)
        patient_ref = tx.patients.find(identifier)
        if patient_ref is None or not tx.enrolments.any_of(patient_ref):
            tx.audit.record(AuditEvent("search", "Patient"))
            return None
        # Each practice system has names of its own for people: it cannot speak for those of a broker.
        issuer = f"client:{client.id}"
        person = person_known_as(tx, StaffIdentity(issuer, order.subject, order.name, order.role, (), ()))
        launch = Launch(new_id(), client.id, person.id, patient_ref, LaunchState.PREPARED)
        tx.launches.forget(tx.now - KEPT)
        tx.launches.add(launch, token_hash(token), tx.now + LAUNCH_LIFE)
        tx.audit.record(AuditEvent("prepare-launch", f"Launch/{launch.id}", (patient_ref,)))
        return patient_ref


def _launching(tx: Tx) -> Client:
    """Return the client that acts, if it was registered to open pages."""
    try:
        client = tx.clients.get(tx.actor.id).client
    except NotFoundError as error:
        raise AccessError("This system opens no pages.") from error
    if client.redirect_uri is None:
        raise AccessError("This system opens no pages.")
    return client


def _newest_enrolment(tx: Tx, launch: Launch) -> EnrolmentId:
    running = tx.enrolments.running_of(launch.patient_ref)
    return (running or tx.enrolments.of_patient(launch.patient_ref))[-1].id


def _demand_enough(order: LaunchOrder) -> None:
    issues = []
    if order.role not in ROLES:
        issues.append(Issue("value", "A page is opened for a clinician or one of the clinic's staff.", "staff.role"))
    if order.assurance < Assurance.SUBSTANTIAL:
        text = "Whoever opens a page has signed in at level substantial."
        issues.append(Issue("business-rule", text, "staff.assurance", rule="assurance"))
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)
