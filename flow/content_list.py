"""CONTENT: every content file with its version, its hash, who approved it, and whether it can be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from delivery.content import Content
from delivery.content_lock import content_hashes
from delivery.in_force import version_of
from delivery.licence_free import default_forms
from questionnaires.licence import LicenceNeed, LicenceRecord
from questionnaires.model import Questionnaire
from questionnaires.wording import DANISH
from scoring.approval import approvers
from scoring.result import RuleVersion

UNVERIFIED = "scoring-not-verified"
"""The rule itself says why: no programme may ask it, in demo neither."""


@dataclass(frozen=True, slots=True)
class ApprovalState:
    """Where the approval of a table or programme stands.

    Args:
        by: who approved it, oldest first.
        of: how many people are needed.
        may_be_used: enough did, or nobody asks, as in demo.
    """

    by: tuple[str, ...]
    of: int
    may_be_used: bool


@dataclass(frozen=True, slots=True)
class LicenceState:
    """Where the licence of a questionnaire stands.

    Args:
        need: what its owner asks.
        record: of the Danish wording, if it was imported.
        languages: in which the owner's wording was imported.
        why_not: why it cannot be sent, as a code; empty where it can.
    """

    need: LicenceNeed
    record: LicenceRecord | None
    languages: tuple[str, ...]
    why_not: str


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One content file.

    Args:
        kind: `questionnaire`, `rule`, `derived`, `table`, `programme`, or the name of its folder.
        status: as the file says it; empty where it says none.
        approval: of a table or programme.
        licence: of a questionnaire.
    """

    kind: str
    version: RuleVersion
    status: str
    approval: ApprovalState | None = None
    licence: LicenceState | None = None


def list_content(content: Content, on: date) -> tuple[ContentLine, ...]:
    """List every content file, as it stands on a Danish date."""
    known = {line.version.sha256: line for line in _compiled(content, on)}
    return tuple(known.get(digest) or _other(path, digest) for path, digest in content_hashes().items())


def not_sendable(content: Content, on: date) -> tuple[tuple[str, str], ...]:
    """List the questionnaires that a programme asks and that cannot be sent, each with the reason."""
    asked = {name for programme in content.programmes.all() for name in default_forms(programme)}
    forms = (content.questionnaires.newest(name) for name in sorted(asked))
    found = ((form.fhir_id, content.why_not_sendable(form, on)) for form in forms)
    return tuple((name, why.value) for name, why in found if why is not None)


def awaiting(content: Content) -> tuple[str, ...]:
    """List the newest tables and programmes that nobody may use yet."""
    alerts = {content.catalogue.table(table.version.id).version for table in content.catalogue.tables()}
    needs = {content.catalogue.needs(table.version.id).version for table in content.catalogue.needs_tables()}
    plans = {version_of(content.programmes.newest(programme.id)) for programme in content.programmes.all()}
    return tuple(sorted(f"{one.id}|{one.version}" for one in alerts | needs | plans if content.awaits_approval(one)))


def _compiled(content: Content, on: date) -> Iterator[ContentLine]:
    """List what is compiled, from the files as they were released."""
    released = content.released
    for questionnaire in released.questionnaires.all():
        version = RuleVersion(questionnaire.id, questionnaire.version, questionnaire.sha256)
        yield ContentLine("questionnaire", version, "active", licence=_licence(content, questionnaire, on))
    for rule in released.catalogue.rules():
        yield ContentLine("rule", rule.version, rule.approval)
    for derived in released.catalogue.derived_scores():
        yield ContentLine("derived", derived.version, "")
    for table in released.catalogue.tables():
        yield ContentLine("table", table.version, table.approval, _approval(content, table.version))
    for needs in released.catalogue.needs_tables():
        yield ContentLine("table", needs.version, needs.approval, _approval(content, needs.version))
    for programme in released.programmes.all():
        version = version_of(programme)
        yield ContentLine("programme", version, programme.status, _approval(content, version))


def _approval(content: Content, version: RuleVersion) -> ApprovalState:
    people = tuple(one.approved_by for one in approvers(version, content.adopted.approvals))
    return ApprovalState(people, content.released.approval.people, not content.awaits_approval(version))


def _licence(content: Content, questionnaire: Questionnaire, on: date) -> LicenceState:
    wordings = content.adopted.by_language(questionnaire.canonical)
    danish = wordings.get(DANISH)
    return LicenceState(
        need=content.licences.terms[questionnaire.id].need,
        record=content.adopted.licence(danish.licence_id) if danish else None,
        languages=tuple(wordings),
        why_not=_why_not(content, questionnaire, on),
    )


def _why_not(content: Content, questionnaire: Questionnaire, on: date) -> str:
    if not content.catalogue.rule_for(questionnaire.canonical).sendable:
        return UNVERIFIED
    why = content.why_not_sendable(questionnaire, on)
    return why.value if why else ""


def _other(path: str, digest: str) -> ContentLine:
    """Name a file that nothing asks for by its version: by its folder and its name."""
    folder, _, name = path.removesuffix(".json").rpartition("/")
    content_id, _, version = name.rpartition("-")
    return ContentLine(folder.rpartition("/")[2], RuleVersion(content_id, version, digest), "")


def line_as_json(line: ContentLine) -> Mapping[str, object]:
    """Write one file as `svarbro content list --json` does."""
    told: dict[str, object] = {
        "kind": line.kind,
        "id": line.version.id,
        "version": line.version.version,
        "sha256": line.version.sha256,
        "status": line.status or None,
    }
    if line.approval:
        told["approval"] = {
            "by": list(line.approval.by),
            "needed": line.approval.of,
            "mayBeUsed": line.approval.may_be_used,
        }
    if line.licence:
        record = line.licence.record
        told["licence"] = {
            "need": line.licence.need.value,
            "record": _record(record) if record else None,
            "languages": list(line.licence.languages),
        }
        told["sendable"] = not line.licence.why_not
        told["whyNotSendable"] = line.licence.why_not or None
    return told


def _record(record: LicenceRecord) -> Mapping[str, object]:
    return {
        "id": record.id,
        "holder": record.holder,
        "grant": record.grant,
        "grantedOn": record.granted_on.isoformat(),
        "expiresOn": record.expires_on.isoformat() if record.expires_on else None,
    }
