"""CONTENT: a named person approves an exact table or programme; with the second person it may be used."""

from collections.abc import Iterator
from dataclasses import dataclass

from delivery.content import Content
from delivery.in_force import version_of
from flow.content_acts import record_for_all
from kernel.clock import Clock
from kernel.errors import ConflictError, InvalidInputError, Issue
from kernel.ids import new_id
from scoring.approval import Approval, approvers, person_of
from scoring.result import RuleVersion
from security.audit import AuditEvent
from store.database import Store

LONGEST_NAME = 100


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval came to.

    Args:
        content: id, version and hash of the file.
        by: everybody who approved it, oldest first.
        may_be_used: enough different people did.
    """

    content: RuleVersion
    by: tuple[str, ...]
    may_be_used: bool


@dataclass(frozen=True, slots=True)
class ApproveContent:
    """The use case."""

    store: Store
    content: Content
    clock: Clock

    def __call__(self, name: str, by: str) -> Approved:
        """Record that a person approves a table or programme, as its file stands now.

        Args:
            name: `<id>|<version>`, such as `alert/kol|2.0.0` or `kol|2.1.0`.
            by: the person's name.

        Raises:
            InvalidInputError: no such table or programme, or no name.
            ConflictError: this person approved this very file before; another one is needed.
        """
        wanted = self._named(name)
        approval = Approval(wanted, _person(by), self.clock.now())
        if any(one.person == approval.person for one in approvers(wanted, self.store.adopted().approvals)):
            raise ConflictError("This person approved this very file before; another person is needed.")
        with self.store.queue() as queue:
            queue.additions.add_approval(new_id(), approval)
            event = AuditEvent("approve", f"Content/{wanted.id}|{wanted.version}", purpose="setup")
            record_for_all(queue, self.store, approval.approved_by, event)
        adopted = self.store.adopted()
        self.content.adopt(adopted)
        people = tuple(one.approved_by for one in approvers(wanted, adopted.approvals))
        return Approved(wanted, people, self.content.released.approval.is_met(wanted, adopted.approvals))

    def _named(self, name: str) -> RuleVersion:
        for version in approvable(self.content):
            if name == f"{version.id}|{version.version}":
                return version
        known = ", ".join(f"{version.id}|{version.version}" for version in approvable(self.content))
        text = f"Name a table or programme with its version: {known}."
        raise InvalidInputError(text, issues=[Issue("not-found", text, "content", rule="unknown-content")])


def approvable(content: Content) -> Iterator[RuleVersion]:
    """List everything that needs approval: tables and programmes."""
    catalogue = content.released.catalogue
    yield from (table.version for table in catalogue.tables())
    yield from (table.version for table in catalogue.needs_tables())
    yield from (version_of(programme) for programme in content.released.programmes.all())


def _person(name: str) -> str:
    tidy = " ".join(name.split())
    if not person_of(tidy) or len(tidy) > LONGEST_NAME or any(character.isdigit() for character in tidy):
        text = "Name the person who approves."
        raise InvalidInputError(text, issues=[Issue("required", text, "by", rule="no-name")])
    return tidy
