"""Reads what the house asks before content is used, and what stands in for a table until then."""

from pathlib import Path

from questionnaires.content_file import Fields
from questionnaires.newest_file import newest_of
from scoring.approval import ApprovalRule
from scoring.file_version import version_of
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow

HERE = Path(__file__).parent
_FIELDS = ("id", "version", "status", "source", "licence", "people", "waiting")
_FEWEST = len(("one", "another"))


def load_approval_rule(directory: Path = HERE) -> ApprovalRule:
    """Load the newest rule of approval.

    Args:
        directory: holds `approval-<version>.json`.

    Raises:
        ContentError: there is none, or it is wrong.
    """
    return newest_of(
        directory, "approval", parse_approval_rule, version=lambda one: one.version.version, what="rule of approval"
    )


def parse_approval_rule(raw: bytes, name: str) -> ApprovalRule:
    """Read one rule of approval.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit; a table that awaits approval never gives a green.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    version = version_of(fields, raw, name)
    people = fields.integer("people")
    if people < _FEWEST:
        raise fields.fail("people", "two or more")
    return ApprovalRule(version, people, _waiting(fields.part("waiting")))


def _waiting(fields: Fields) -> MatchedRow:
    fields.refuse_others(("id", "outcome", "reason", "action"))
    outcome = fields.part("outcome")
    outcome.refuse_others(("alert", "urgency"))
    return MatchedRow(
        id=fields.text("id"),
        colour=Colour(outcome.one_of("alert", (Colour.UNKNOWN,))),
        urgency=Urgency(outcome.one_of("urgency", tuple(Urgency))),
        reason=fields.bilingual("reason"),
        action=fields.bilingual("action"),
    )
