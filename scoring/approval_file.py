"""Reads what the house asks before content is used, and what stands in for a table until then."""

from hashlib import sha256
from pathlib import Path

from kernel.errors import ContentError
from questionnaires.content_file import Fields
from questionnaires.registry import version_key
from scoring.approval import ApprovalRule
from scoring.levels import Colour, Urgency
from scoring.matched import MatchedRow
from scoring.result import RuleVersion

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
    found = [parse_approval_rule(path.read_bytes(), path.name) for path in sorted(directory.glob("approval-*.json"))]
    if not found:
        raise ContentError("there is no rule of approval")
    return max(found, key=lambda one: version_key(one.version.version))


def parse_approval_rule(raw: bytes, name: str) -> ApprovalRule:
    """Read one rule of approval.

    Args:
        name: of the file, for messages; it says id and version.

    Raises:
        ContentError: naming the field that does not fit; a table that awaits approval never gives a green.
    """
    fields = Fields.of_bytes(raw, name)
    fields.refuse_others(_FIELDS)
    version = RuleVersion(fields.text("id"), fields.text("version"), sha256(raw).hexdigest())
    if name != f"{version.id}-{version.version}.json":
        raise ContentError(f"{name}: the file must be called {version.id}-{version.version}.json")
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
