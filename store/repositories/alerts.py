"""Alerts: raised once for each patient and event, and acted on by whoever decides or calls."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from delivery.worklist import AlertKind
from kernel.ids import AlertId, EnrolmentId, OccasionId, PatientRef, new_id
from store.base import table_of
from store.scope import Scope
from store.tables.alert import AlertRow
from store.values import to_value

ALERT = table_of(AlertRow)


@dataclass(frozen=True, slots=True)
class Raised:
    """One alert.

    Args:
        raised_at: aware UTC.
    """

    id: AlertId
    kind: AlertKind
    raised_at: datetime


@dataclass(frozen=True, slots=True)
class Alerts:
    """Reads and writes the alerts of one clinic."""

    scope: Scope

    def raise_(
        self, patient_ref: PatientRef, occasion_id: OccasionId, enrolment_id: EnrolmentId, kind: AlertKind
    ) -> bool:
        """Raise an alert; False if this occasion has raised it before, in whatever package."""
        columns = {
            "id": new_id(),
            "patient_ref": patient_ref,
            "occasion_id": occasion_id,
            "enrolment_id": enrolment_id,
            "kind": kind,
            "raised_at": self.scope.now,
        }
        return self.scope.insert_once(ALERT, ("clinic_id", "occasion_id", "kind"), columns)

    def take_back_wish(self, occasion_id: OccasionId) -> None:
        """Forget the alert of a wish that the patient took back before anybody acted."""
        unheard = (ALERT.c.occasion_id == occasion_id, ALERT.c.kind == AlertKind.WISH, ALERT.c.acted_at.is_(None))
        self.scope.delete(ALERT, *unheard)

    def acted(self, enrolment_ids: Collection[EnrolmentId], *kinds: AlertKind) -> int:
        """Say that somebody has acted on the open alerts of enrolments; without kinds on all of them."""
        where = [ALERT.c.enrolment_id.in_(sorted(enrolment_ids)), ALERT.c.acted_at.is_(None)]
        if kinds:
            where.append(ALERT.c.kind.in_(kinds))
        return self.scope.update(ALERT, where, {"acted_at": self.scope.now})

    def open_of(self, enrolment_id: EnrolmentId) -> tuple[Raised, ...]:
        """Return what of an enrolment nobody has acted on yet, in the order of raising."""
        query = self.scope.select(ALERT, ALERT.c.enrolment_id == enrolment_id, ALERT.c.acted_at.is_(None))
        rows = self.scope.all(query.order_by(ALERT.c.raised_at, ALERT.c.id))
        return tuple(to_value(Raised, row) for row in rows)
