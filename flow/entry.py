"""ENROL: what entering a package does inside one transaction, whoever asked: order, candidates, care plan."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from delivery.content import Content
from delivery.parties import PackageOptIn
from delivery.patient_status import CLINIC_CHANNEL, StatusKind
from delivery.programme import Programme
from delivery.recurrence import danish_date
from delivery.schedule import Enrolment, EnrolmentState
from flow.schedule import plan_first
from kernel.errors import ContentError, InvalidInputError, Issue, NotFoundError
from kernel.ids import EnrolmentId, PatientRef, new_id
from store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Wish:
    """Which package a patient enters, and how.

    Args:
        package: `KOL` or `LRS`; the clinic must have opted in.
        start: Danish date of the first questionnaires; today if None.
        programme: id of a programme of this package; the clinic's choice if None.
        version: of the programme; the newest if None.
        slots: slot -> questionnaire, where the programme's default is not wanted.
    """

    package: str
    start: date | None = None
    programme: str | None = None
    version: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What came of an order.

    Args:
        first_due_at: when the first invitation is due, aware UTC.
    """

    enrolment_id: EnrolmentId
    patient_ref: PatientRef
    first_due_at: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """Enrols patients, without asking who may.

    Args:
        channels: names of the channels that this installation has.
    """

    content: Content
    channels: Collection[str] = frozenset()

    def __call__(self, tx: Tx, patient_ref: PatientRef, wish: Wish) -> Enrolled:
        """Enrol a patient and plan the first slots.

        Raises:
            InvalidInputError: the package, programme or slots are not usable, or the patient is in this clinic no more.
            ConflictError: the patient is in this package already.
        """
        opt_in = _opt_in(tx, wish.package)
        programme = self._programme(opt_in, wish)
        enrolment = Enrolment(
            id=EnrolmentId(new_id()),
            patient_ref=patient_ref,
            package=wish.package,
            programme=programme.id,
            programme_version=programme.version,
            channel=self._channel(tx, patient_ref, opt_in),
            plan_target=opt_in.plan_target,
            state=EnrolmentState.ACTIVE,
            enrolled_at=tx.now,
            slots=dict(programme.slot_choice(wish.slots)),
        )
        tx.enrolments.add(enrolment)
        first = plan_first(tx, programme, enrolment, start=wish.start or danish_date(tx.now))
        return Enrolled(enrolment.id, patient_ref, first.due_at)

    def _programme(self, opt_in: PackageOptIn, wish: Wish) -> Programme:
        programme = self._wanted(opt_in, wish)
        if self.content.programme_awaits(programme):
            raise _refused("The programme awaits approval by two people.", "programme", "awaiting-approval")
        return programme

    def _wanted(self, opt_in: PackageOptIn, wish: Wish) -> Programme:
        if wish.programme is None:
            return self.content.programmes.newest(opt_in.programme)
        try:
            programme = self.content.programmes.get(wish.programme, wish.version)
        except ContentError:
            raise _refused("There is no such programme.", "programme", "unknown-programme") from None
        if programme.package != wish.package:
            raise _refused("The programme belongs to another package.", "programme", "another-package")
        return programme

    def _channel(self, tx: Tx, patient_ref: PatientRef, opt_in: PackageOptIn) -> str:
        """Choose the first channel: the clinic's, or the telephone for who is not digital."""
        known = {kind for kind, status in tx.statuses.of(patient_ref).items() if status.value is kind.stops}
        if any(kind.ends for kind in known):
            raise _refused("The patient is recorded as dead or moved away.", "identifier", "left-the-clinic")
        by_phone = StatusKind.DIGITAL in known and CLINIC_CHANNEL in self.channels
        return CLINIC_CHANNEL if by_phone else opt_in.channel


def _opt_in(tx: Tx, package: str) -> PackageOptIn:
    try:
        opt_in = tx.clinics.opt_in(package)
    except NotFoundError:
        raise _refused("The clinic does not run this package.", "package", "unknown-package") from None
    if not tx.agreements.runs(package):
        raise _refused("The clinic has no agreement, or has left this package.", "package", "no-agreement")
    return opt_in


def _refused(text: str, element: str, rule: str) -> InvalidInputError:
    return InvalidInputError(text, issues=[Issue("value", text, element, rule=rule)])
