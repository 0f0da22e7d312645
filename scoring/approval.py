"""Approval of content: who found an exact file good; two different people are needed before it is used."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from scoring.matched import MatchedRow
from scoring.result import RuleVersion


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's approval of one exact file.

    Args:
        content: id, version and hash of the file.
        approved_by: the person's name.
        approved_at: aware UTC.
    """

    content: RuleVersion
    approved_by: str
    approved_at: datetime

    @property
    def person(self) -> str:
        """The name as people are told apart: without capitals and doubled blanks."""
        return person_of(self.approved_by)


@dataclass(frozen=True, slots=True)
class ApprovalRule:
    """What the house asks before a table or programme is used, and what stands in for a table until then.

    Args:
        version: id, version and hash of the file that says so.
        people: how many different people must approve.
        waiting: the only row of a suggestion while its table awaits approval.
    """

    version: RuleVersion
    people: int
    waiting: MatchedRow

    def is_met(self, content: RuleVersion, approvals: Iterable[Approval]) -> bool:
        """Tell whether enough people approved this exact file."""
        return len(approvers(content, approvals)) >= self.people


def approvers(content: RuleVersion, approvals: Iterable[Approval]) -> tuple[Approval, ...]:
    """List the approvals of an exact file, one for each person, oldest first."""
    found: dict[str, Approval] = {}
    for approval in approvals:
        if approval.content == content:
            found.setdefault(approval.person, approval)
    return tuple(found.values())


def person_of(name: str) -> str:
    """Reduce a name to what tells people apart."""
    return " ".join(name.split()).casefold()
