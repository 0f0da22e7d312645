"""The same mutants put to `fhir.resources` (R4B), and the named reason of every disagreement with the gate."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse

from kernel.errors import InvalidInputError, Issue
from questionnaires.gate import check_response
from tests.proof.gate_form import form
from tests.proof.gate_judge import REGISTRY, SHOWN, Piece
from tests.proof.gate_mutant import mutants

UNEXPLAINED = "unexplained"
COERCION = "coercion: it accepts after it has changed the value"
DROPPED = "dropped: it leaves null and what is empty out, and accepts the rest"
INVARIANTS = "invariants not run (per-1, ext-1, dom-2, dom-3, ref-1)"
PATTERNS = "patterns of primitive types not held"
# Rule of ours that was broken -> why it sees nothing wrong, where what it read is what was sent.
REASONS = {
    rule: reason
    for reason, rules in {
        "questionnaire not known to it": (
            *("questionnaireNotFound", "unknown-linkId", "duplicate-linkId", "wrong-place", "wrong-order", "repeats"),
            *("displayAnswer", "not-enabled", "not-a-boolean", "not-a-number", "not-on-step", "out-of-range"),
            *("not-an-option", "invalidAnswerType", "maxLength", "invalidNewLine"),
        ),
        "codes not bound": ("unknown-status", "unknown-code"),
        INVARIANTS: ("invariant", "extension-value", "contained-id"),
        PATTERNS: ("wrong-type",),
        "required elements not asked for": ("missing-element", "wrong-resource"),
        "coded absence not read": ("no-value", "absent-with-value"),
        "what could change the meaning let through": ("not-supported", "contained-type"),
        "rule of this service": ("status-not-accepted", "ambiguous-request"),
        "what is empty taken as it stands": ("empty", "not-an-object", "not-a-list"),
        "bytes not strict: a key twice, NaN, NUL, depth, size": (
            *("duplicate-key", "not-json", "nul", "too-deep", "too-large"),
        ),
    }.items()
    for rule in rules
}
LOST = frozenset({"empty", "not-an-object", "not-a-list"})
"""Rules about what holds nothing."""


@dataclass(slots=True)
class Compared:
    """What both said of pieces of work."""

    seen: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)

    def add(self, other: "Compared") -> None:
        """Add another piece's."""
        self.seen += other.seen
        self.reasons += other.reasons
        self.examples = (self.examples + other.examples)[:SHOWN]


def compare(piece: Piece) -> Compared:
    """Put every mutant of a piece to both."""
    compared = Compared()
    for mutant in mutants(form(piece.form), piece.family, piece.seed, piece.count):
        ours, (theirs, read) = _ours(mutant.raw), _theirs(mutant.raw)
        compared.seen[f"{'refused' if ours else 'accepted'}, it {theirs}"] += 1
        if ours and theirs == "accepts":
            reason = _reason(ours, mutant.raw, read)
            compared.reasons[reason] += 1
        elif not ours and theirs != "accepts":
            reason = UNEXPLAINED
        else:
            continue
        if reason == UNEXPLAINED and len(compared.examples) < SHOWN:
            compared.examples.append(f"{mutant.name}: {ours} {mutant.raw[:600]!r}")
    return compared


def _ours(raw: bytes) -> Sequence[Issue]:
    try:
        check_response(raw, REGISTRY)
    except InvalidInputError as error:
        return error.issues
    return ()


def _theirs(raw: bytes) -> tuple[str, QuestionnaireResponse | None]:
    try:
        return "accepts", QuestionnaireResponse.model_validate_json(raw)
    except ValueError:
        return "refuses", None
    except Exception:  # noqa: BLE001 - known: KeyError and RecursionError
        return "crashes", None


def _reason(ours: Sequence[Issue], raw: bytes, read: Any) -> str:
    rules = {issue.rule for issue in ours}
    named = next((REASONS[issue.rule] for issue in ours if issue.rule in REASONS), UNEXPLAINED)
    if named.startswith("bytes"):
        return named
    sent = json.loads(raw)
    if _exactly(sent) != _exactly(json.loads(read.model_dump_json())) and "resourceType" in sent:
        return DROPPED if rules & LOST or _has_nothing(sent) else COERCION
    if any((issue.expression or "").endswith(".reference") for issue in ours):
        return INVARIANTS
    return named


def _exactly(value: Any) -> str:
    """Write a value so that 1, 1.0 and true are three."""
    return json.dumps(value, sort_keys=True)


def _has_nothing(value: Any) -> bool:
    if isinstance(value, dict | list):
        inner = list(value.values()) if isinstance(value, dict) else value
        return not inner or any(_has_nothing(one) for one in inner)
    return value is None or value == ""
