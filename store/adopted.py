"""The deployment's additions to the content: rows of no clinic, read whole and only ever added to."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select

from delivery.adopted import Adopted
from kernel.ids import Canonical
from questionnaires.licence import LicenceRecord
from questionnaires.wording import Place, Wording
from scoring.approval import Approval
from scoring.result import RuleVersion
from store.base import table_of
from store.dialect import insert_for
from store.scope import Found
from store.tables.content_approval import ContentApprovalRow
from store.tables.content_revision import ContentRevisionRow
from store.tables.licence_record import LicenceRecordRow
from store.tables.wording import WordingRow
from store.values import to_columns, to_value

APPROVAL = table_of(ContentApprovalRow)
LICENCE = table_of(LicenceRecordRow)
REVISION = table_of(ContentRevisionRow)
WORDING = table_of(WordingRow)
NEWEST = select(REVISION.c.revision)
ONLY = 1
"""Id of the only row of revisions."""


def revision_of(connection: Connection) -> int:
    """Return the number that grows with every addition; 0 while there is none."""
    return connection.execute(NEWEST).scalar_one_or_none() or 0


def read_adopted(connection: Connection) -> Adopted:
    """Read everything that was added."""
    # The number first: what is added meanwhile is then read again with the next number, and never missed.
    revision = revision_of(connection)
    wordings = connection.execute(select(WORDING).order_by(WORDING.c.id)).all()
    newest = {(row.questionnaire, row.language): _wording(row) for row in wordings}
    return Adopted(
        revision=revision,
        approvals=tuple(_approval(row) for row in connection.execute(select(APPROVAL).order_by(APPROVAL.c.id))),
        licences=tuple(
            to_value(LicenceRecord, row) for row in connection.execute(select(LICENCE).order_by(LICENCE.c.id))
        ),
        wordings=tuple(newest.values()),
    )


@dataclass(frozen=True, slots=True)
class Additions:
    """Adds to the content, inside one writing transaction."""

    connection: Connection

    def add_licence(self, record: LicenceRecord) -> None:
        """Add a licence record."""
        self.connection.execute(insert(LICENCE), dict(to_columns(record)))

    def add_wording(self, wording: Wording, record: LicenceRecord) -> None:
        """Add wording under its licence record; it counts from now on."""
        columns: dict[str, Any] = {
            **to_columns(wording),
            "sha256": wording.sha256,
            "texts": [[place.link_id, place.element, wording.texts[place]] for place in sorted(wording.texts)],
            "imported_at": record.recorded_at,
        }
        self.connection.execute(insert(WORDING), columns)
        self._count()

    def add_approval(self, approval_id: str, approval: Approval) -> None:
        """Add an approval; the same person a second time is a ConflictError."""
        columns = {
            "id": approval_id,
            "content_id": approval.content.id,
            "version": approval.content.version,
            "sha256": approval.content.sha256,
            "person": approval.person,
            "approved_by": approval.approved_by,
            "approved_at": approval.approved_at,
        }
        self.connection.execute(insert(APPROVAL), columns)
        self._count()

    def _count(self) -> None:
        statement = insert_for(self.connection, REVISION).values(id=ONLY, revision=1)
        grown = {"revision": REVISION.c.revision + 1}
        self.connection.execute(statement.on_conflict_do_update(index_elements=["id"], set_=grown))


def _approval(row: Found) -> Approval:
    return Approval(RuleVersion(row.content_id, row.version, row.sha256), row.approved_by, row.approved_at)


def _wording(row: Found) -> Wording:
    texts = {Place(link_id, element): text for link_id, element, text in row.texts}
    return Wording(row.id, row.licence_id, Canonical(row.questionnaire), row.language, texts)
