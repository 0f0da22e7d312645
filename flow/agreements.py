"""AGREE: what a clinic signs before anything of its patients leaves the house, and what happens when it leaves."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from delivery.content import Content
from delivery.parties import Agreement, Clinic, PackageOptIn
from delivery.recurrence import danish_date
from kernel.errors import ConflictError, ContentError, InvalidInputError, Issue, NotFoundError
from kernel.ids import PatientRef
from security.actor import Actor
from security.audit import AuditEvent
from security.policy import Action, allow
from store.database import Store
from store.transaction import Tx

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Choice:
    """Which care package a clinic runs, and how.

    Args:
        package: `KOL` or `LRS`.
        programme: id of a programme of this package.
        channel: name of the first channel.
        plan_target: name of the plan target.
    """

    package: str
    programme: str
    channel: str
    plan_target: str


@dataclass(frozen=True, slots=True)
class Onboarded:
    """What a clinic agreed to.

    Args:
        agreement: that stands; None = nothing leaves.
        packages: also those that the clinic left.
    """

    agreement: Agreement | None
    packages: tuple[PackageOptIn, ...]


@dataclass(frozen=True, slots=True)
class AgreeWithClinic:
    """The use cases of whoever runs the service for a clinic.

    Args:
        channels: names of the channels that this installation has.
        plan_targets: names of its plan targets.
    """

    store: Store
    content: Content
    channels: Collection[str]
    plan_targets: Collection[str]

    def add(self, actor: Actor, clinic: Clinic) -> None:
        """Add a clinic; nothing of it leaves before it has agreed and opted in.

        Args:
            actor: the operator, bound to the new clinic's id.

        Raises:
            InvalidInputError: the contact advice knows no such region: at night its patients have nobody to call.
            ConflictError: another clinic has its SOR id.
        """
        allow(actor, Action.OPERATE)
        regions = {line.region for line in self.content.contact.lines}
        if clinic.region not in regions:
            text = f"Regions are: {_listed(regions)}."
            raise InvalidInputError(text, issues=[Issue("value", text, "region", rule="unknown-region")])
        with self.store.write(actor.clinic_id, actor) as tx:
            tx.clinics.add(clinic)
            _told(tx, "add-clinic")

    def shown(self, actor: Actor) -> Onboarded:
        """Tell what the clinic agreed to."""
        allow(actor, Action.ADMINISTER)
        with self.store.read(actor.clinic_id, actor) as tx:
            return Onboarded(tx.agreements.standing(), tx.agreements.packages())

    def agree(self, actor: Actor, reference: str, signed_on: date, signed_by: str) -> None:
        """Record a signed processor agreement, in place of one that stood before.

        Raises:
            InvalidInputError: no reference, nobody signed, or a day that is still to come.
        """
        allow(actor, Action.OPERATE)
        with self.store.write(actor.clinic_id, actor) as tx:
            _refuse_wrong(reference, signed_on, signed_by, danish_date(tx.now))
            tx.agreements.agree(Agreement(reference.strip(), signed_on, signed_by.strip(), tx.now))
            _told(tx, "agree")

    def end(self, actor: Actor) -> None:
        """End the agreement: nothing of the clinic leaves any more, and nothing is deleted.

        Raises:
            ConflictError: none stands.
        """
        allow(actor, Action.OPERATE)
        with self.store.write(actor.clinic_id, actor) as tx:
            if not tx.agreements.end(tx.now):
                raise ConflictError("No agreement stands.")
            _told(tx, "end-agreement")

    def opt_in(self, actor: Actor, choice: Choice) -> None:
        """Let the clinic run a care package, for the first time or again.

        Raises:
            InvalidInputError: the programme, channel or plan target is not known here.
            ConflictError: there is no agreement, or the clinic runs the package already.
        """
        allow(actor, Action.OPERATE)
        issues = tuple(self._wrong(choice))
        if issues:
            raise InvalidInputError(issues[0].text, issues=issues)
        with self.store.write(actor.clinic_id, actor) as tx:
            agreement = tx.agreements.standing()
            if agreement is None:
                raise ConflictError("The clinic has no processor agreement; record it first.")
            chosen = PackageOptIn(
                choice.package, choice.programme, choice.channel, choice.plan_target, agreement.reference, tx.now
            )
            if not tx.agreements.opt_in_again(chosen):
                tx.clinics.add_opt_in(chosen)
            _told(tx, "opt-in")

    def opt_out(self, actor: Actor, package: str) -> tuple[PatientRef, ...]:
        """Stop everything of a package that would be planned or sent; what is stored stays.

        Returns:
            Everybody who is or was enrolled in it: their records are to be given out to the clinic.

        Raises:
            NotFoundError: the clinic does not run it.
        """
        allow(actor, Action.OPERATE)
        with self.store.write(actor.clinic_id, actor) as tx:
            if not tx.agreements.opt_out(package, tx.now):
                raise NotFoundError("The clinic does not run this care package.")
            _told(tx, "opt-out")
            return tx.agreements.enrolled(package)

    def enrolled(self, actor: Actor, package: str) -> tuple[PatientRef, ...]:
        """Return everybody who is or was enrolled in a package, by pseudonym."""
        allow(actor, Action.CONTROL_PATIENT_DATA)
        with self.store.read(actor.clinic_id, actor) as tx:
            return tx.agreements.enrolled(package)

    def _wrong(self, choice: Choice) -> Iterator[Issue]:
        try:
            if self.content.programmes.newest(choice.programme).package != choice.package:
                yield Issue("value", "The programme belongs to another package.", "programme", rule="another-package")
        except ContentError:
            yield Issue("value", "There is no such programme.", "programme", rule="unknown-programme")
        if choice.channel not in self.channels:
            yield Issue("value", f"Channels here: {_listed(self.channels)}.", "channel", rule="unknown-channel")
        if choice.plan_target not in self.plan_targets:
            text = f"Plan targets here: {_listed(self.plan_targets)}."
            yield Issue("value", text, "plan-target", rule="unknown-plan-target")


def _listed(names: Collection[str]) -> str:
    return ", ".join(sorted(names))


def _told(tx: Tx, action: str) -> None:
    tx.audit.record(AuditEvent(action, f"Clinic/{tx.clinic_id}", purpose="agreement"))


def _refuse_wrong(reference: str, signed_on: date, signed_by: str, today: date) -> None:
    issues = [
        Issue("required", f"Give 1 to {LONGEST} characters.", name)
        for name, value in (("reference", reference), ("signed-by", signed_by))
        if not value.strip() or len(value) > LONGEST
    ]
    if signed_on > today:
        issues.append(Issue("value", "It is signed on a day that is still to come.", "signed-on"))
    if issues:
        raise InvalidInputError(issues[0].text, issues=issues)
