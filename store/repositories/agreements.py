"""What a clinic agreed to: its processor agreement, and which care packages it runs under it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from delivery.parties import Agreement, PackageOptIn
from delivery.patient_status import Hold
from kernel.ids import MessageId, PatientRef, new_id
from store.agreed import AGREEMENT, ENROLMENT, IN_ANY_CASE, PACKAGE, is_of_a_left_package
from store.moves import OUTBOX
from store.scope import Scope
from store.values import to_columns, to_value


@dataclass(frozen=True, slots=True)
class Agreements:
    """Reads and records the clinic's agreement and opt-ins."""

    scope: Scope

    def standing(self) -> Agreement | None:
        """Return the agreement that stands."""
        row = self.scope.first(self.scope.select(AGREEMENT, AGREEMENT.c.ended_at.is_(None)))
        return None if row is None else to_value(Agreement, row)

    def agree(self, agreement: Agreement) -> None:
        """Record an agreement; one that stood before has ended."""
        self.end(agreement.recorded_at)
        self.scope.insert(AGREEMENT, {"id": new_id(), **to_columns(agreement)})

    def end(self, at: datetime) -> bool:
        """End the agreement that stands; False if none does."""
        return self.scope.update(AGREEMENT, (AGREEMENT.c.ended_at.is_(None),), {"ended_at": at}) == 1

    def packages(self) -> tuple[PackageOptIn, ...]:
        """Return all care packages that the clinic ever opted into, also those that it left."""
        query = self.scope.select(PACKAGE).order_by(PACKAGE.c.package)
        return tuple(to_value(PackageOptIn, row) for row in self.scope.all(query))

    def runs(self, package: str) -> bool:
        """Tell whether an agreement stands and the clinic has not left the package."""
        left = self.scope.select(PACKAGE, PACKAGE.c.package == package, PACKAGE.c.opted_out_at.is_not(None))
        return self.standing() is not None and self.scope.first(left) is None

    def opt_in_again(self, opt_in: PackageOptIn) -> bool:
        """Put a new choice in place of one that the clinic left; False if it runs the package, or never did."""
        was_left = (PACKAGE.c.package == opt_in.package, PACKAGE.c.opted_out_at.is_not(None))
        self._forget(opt_in.package)
        return self.scope.update(PACKAGE, was_left, to_columns(opt_in)) == 1

    def opt_out(self, package: str, at: datetime) -> bool:
        """Leave a package; False if the clinic does not run it."""
        runs = (PACKAGE.c.package == package, PACKAGE.c.opted_out_at.is_(None))
        self._forget(package)
        return self.scope.update(PACKAGE, runs, {"opted_out_at": at}) == 1

    def enrolled(self, package: str) -> tuple[PatientRef, ...]:
        """Return everybody who is, or ever was, enrolled in a package, by pseudonym."""
        mine = (ENROLMENT.c.clinic_id == self.scope.clinic_id, ENROLMENT.c.package == package)
        query = select(ENROLMENT.c.patient_ref).where(*mine).distinct().order_by(ENROLMENT.c.patient_ref)
        return tuple(PatientRef(row.patient_ref) for row in self.scope.all(query))

    def hold_of(self, message_id: MessageId) -> Hold | None:
        """Tell which of the papers keeps a message from leaving; None = none does."""
        query = self.scope.select(OUTBOX, OUTBOX.c.id == message_id)
        message = self.scope.first(query)
        if message is None or message.kind in IN_ANY_CASE:
            return None
        if self.standing() is None:
            return Hold.NO_AGREEMENT
        return Hold.OPTED_OUT if self.scope.first(query.where(is_of_a_left_package(OUTBOX))) else None

    def _forget(self, package: str) -> None:
        self.scope.remembered.pop(f"package/{package}", None)
