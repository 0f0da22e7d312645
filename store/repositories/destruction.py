"""Everything of one patient: given out whole, or destroyed for good by destroying the key."""

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, Table, func, select

from delivery.outbox import MessageKind, MessageState
from kernel.ids import MessageId, PatientRef, new_id
from store.base import Base, table_of
from store.patient_data import FATES, Fate, of_patient, parents
from store.scope import Found, Scope
from store.sealing import SHREDDED, open_for_clinic, open_for_patient, seal_for_patient
from store.tables.decision import DecisionRow
from store.tables.legal_hold import LegalHoldRow
from store.tables.outbox import OutboxRow
from store.tables.patient import PatientRow
from store.tables.response import ResponseRow
from store.tables.unmatched import UnmatchedRow
from store.tables.webhook_event import WebhookEventRow

DECISION, HOLD, OUTBOX, PATIENT, RESPONSE = (
    table_of(row) for row in (DecisionRow, LegalHoldRow, OutboxRow, PatientRow, ResponseRow)
)
WAITING = (MessageState.DUE, MessageState.IN_DOUBT, MessageState.DEAD)
UNMATCHED, EVENT = table_of(UnmatchedRow), table_of(WebhookEventRow)
OF_CLINIC = frozenset({"unmatched", "outbox_act"})
"""Tables whose sealed columns are sealed with the clinic's key."""
SECRET = frozenset(
    ("data_key", "key_id", "cpr_index", "link_hash", "token_hash", "code_hash", "browser_hash", "challenge")
) | {"person_index"}
"""Columns that are means of ours, and say nothing about the patient."""
SEALED_ENDING = "_enc"
GONE = b""


@dataclass(frozen=True, slots=True)
class Destruction:
    """Gives out and destroys what belongs to one patient."""

    scope: Scope

    def everything(self, patient_ref: PatientRef) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Give each table with the patient's rows, opened, oldest first; also those without a row."""
        for name in sorted(parents()):
            table = Base.metadata.tables[name]
            rows = self.scope.all(table.select().where(self._mine(table, patient_ref)).order_by(*table.primary_key))
            yield name, [dict(self._opened(table, row, patient_ref)) for row in rows]

    def last_entry(self, patient_ref: PatientRef) -> datetime | None:
        """Return when the patient's record was last added to; None where there is no record."""
        received = select(func.max(RESPONSE.c.received_at)).where(self._mine(RESPONSE, patient_ref))
        decided = select(func.max(DECISION.c.decided_at)).where(self._mine(DECISION, patient_ref))
        found = (self.scope.connection.execute(query).scalar_one() for query in (received, decided))
        return max((moment for moment in found if moment is not None), default=None)

    def is_held(self, patient_ref: PatientRef) -> bool:
        """Tell whether a legal hold stands."""
        return self.scope.first(self.scope.select(HOLD, *self._standing(patient_ref))) is not None

    def hold(self, patient_ref: PatientRef, reason: str) -> None:
        """Let nothing of the patient be destroyed until it is lifted."""
        id_ = new_id()
        sealed = seal_for_patient(self.scope, patient_ref, f"legal_hold.reason/{id_}", reason.encode())
        by = {"set_by": self.scope.actor.id, "set_at": self.scope.now}
        self.scope.insert(HOLD, {"id": id_, "patient_ref": patient_ref, "reason_enc": sealed, **by})

    def lift(self, patient_ref: PatientRef) -> int:
        """Lift every hold of the patient; tell how many there were."""
        return self.scope.update(HOLD, self._standing(patient_ref), {"lifted_at": self.scope.now})

    def unsent(self, patient_ref: PatientRef) -> tuple[MessageId, ...]:
        """Return what has not left and is about the patient; what takes something back from a channel may leave."""
        waits = (OUTBOX.c.state.in_(WAITING), OUTBOX.c.kind != MessageKind.WITHDRAWAL)
        rows = self.scope.all(self.scope.select(OUTBOX, OUTBOX.c.patient_ref == patient_ref, *waits))
        return tuple(MessageId(row.id) for row in rows)

    def destroy(self, patient_ref: PatientRef) -> None:
        """Destroy the patient's key, the way to the pseudonym, and what no key of the patient sealed."""
        self._forget_calls(patient_ref)
        for name, fate in FATES.items():
            table = Base.metadata.tables[name]
            if fate is Fate.DELETED:
                self.scope.delete(table, self._mine(table, patient_ref))
            if fate is Fate.EMPTIED:
                sealed = [column.name for column in table.c if column.name.endswith(SEALED_ENDING)]
                self.scope.update(table, (self._mine(table, patient_ref),), dict.fromkeys(sealed))
        key = {"key_id": SHREDDED, "data_key": GONE, "name_enc": GONE}
        self.scope.update(PATIENT, (PATIENT.c.id == patient_ref,), key)
        self.scope.data_keys.pop(patient_ref, None)

    def _forget_calls(self, patient_ref: PatientRef) -> None:
        """Forget calls of channels that name something of the patient's: only inside is told whose they are."""
        names = self._names(patient_ref)
        for row in self._naming(UNMATCHED, names):
            self.scope.delete(UNMATCHED, UNMATCHED.c.id == row.id)
        for row in self._naming(EVENT, names):
            # The row itself stays: it keeps a call that comes twice from counting twice.
            self.scope.update(EVENT, (EVENT.c.id == row.id,), {"body_enc": GONE})

    def _naming(self, table: Table, names: Collection[bytes]) -> Iterator[Found]:
        for row in self.scope.all(self.scope.select(table)):
            place = f"{table.name}.body/{row.id}"
            if row.body_enc and any(name in open_for_clinic(self.scope, place, row.body_enc) for name in names):
                yield row

    def _names(self, patient_ref: PatientRef) -> tuple[bytes, ...]:
        """Return the ids under which channels know what is the patient's."""
        tables = (Base.metadata.tables[name] for name in ("occasion", "request", "outbox"))
        queries = (select(table.c.id).where(self._mine(table, patient_ref)) for table in tables)
        ids = [str(row.id) for query in queries for row in self.scope.all(query)]
        return tuple(id_.encode() for id_ in (patient_ref, *ids))

    def _standing(self, patient_ref: PatientRef) -> tuple[Any, ...]:
        return (HOLD.c.patient_ref == patient_ref, HOLD.c.lifted_at.is_(None))

    def _mine(self, table: Table, patient_ref: PatientRef) -> Any:
        return of_patient(table, self.scope.clinic_id, patient_ref)

    def _opened(self, table: Table, row: Found, patient_ref: PatientRef) -> Iterator[tuple[str, Any]]:
        for column in table.c:
            value = getattr(row, column.name)
            if column.name in SECRET:
                continue
            if not isinstance(column.type, LargeBinary):
                yield column.name, _plain(value)
            elif value:
                yield column.name.removesuffix(SEALED_ENDING), self._unsealed(table, column.name, row, patient_ref)

    def _unsealed(self, table: Table, column: str, row: Found, patient_ref: PatientRef) -> str:
        place = f"{table.name}.{column.removesuffix(SEALED_ENDING)}/{_id_of(row)}"
        sealed = getattr(row, column)
        if table.name in OF_CLINIC:
            return open_for_clinic(self.scope, place, sealed).decode()
        return open_for_patient(self.scope, patient_ref, place, sealed).decode()


def _id_of(row: Found) -> str:
    """A draft is known by its request."""
    return str(getattr(row, "id", None) or row.request_id)


def _plain(value: Any) -> Any:
    return json.loads(json.dumps(value, default=str))
