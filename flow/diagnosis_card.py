"""CANDIDATES: diagnosis cards, FHIR documents that list a patient's conditions, read as lines of a population list."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from delivery.parties import SOR
from delivery.profile import Profiles
from flow.candidate_file import DIAGNOSIS, LONGEST_NAME, ListedPatient
from kernel.errors import InvalidInputError, Issue, MalformedInputError
from questionnaires.strict_json import MOST_BYTES_ATTACHED, parse_object
from security.cpr import Identifier, parse_identifier

CARD = "11450-4"
"""LOINC: problem list, as the type of the document."""
OVER = frozenset({"inactive", "remission", "resolved"})
"""Clinical states of a condition that the patient has no more."""
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Card:
    """One document, taken apart.

    Args:
        gp: resources, or logical references, that stand for the patient's own clinic.
    """

    patient: Json
    conditions: tuple[Json, ...]
    gp: tuple[Json, ...]


def is_card(raw: bytes) -> bool:
    """Tell whether a file holds FHIR documents and no list."""
    return raw.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")


def read_cards(raw: bytes, packages: Collection[str], profiles: Profiles, *, sor_id: str) -> tuple[ListedPatient, ...]:
    """Read diagnosis cards: one document, or one on each line; a patient stands once for each proposed package.

    Args:
        packages: that the clinic runs.
        profiles: whom a diagnosis proposes for a package.
        sor_id: of the clinic: who has it as general practitioner is its own patient.

    Raises:
        InvalidInputError: with the faults of every document, by its number; never what stands there.

    Source: MedCom ConditionList (diagnosekort), FHIR document of LOINC type 11450-4.
    """
    listed: list[ListedPatient] = []
    faults: list[Issue] = []
    for number, document in enumerate(_documents(raw), 1):
        try:
            listed.extend(_read(document, number, packages, profiles, sor_id))
        except MalformedInputError as error:
            faults.append(Issue("value", error.text, f"document {number}", rule="unreadable"))
        except InvalidInputError as error:
            faults += error.issues
    if faults:
        raise InvalidInputError("The diagnosis cards cannot be used.", issues=faults)
    return tuple({(one.identifier, one.package): one for one in reversed(listed)}.values())[::-1]


def _documents(raw: bytes) -> tuple[bytes, ...]:
    lines = [line for line in raw.removeprefix(b"\xef\xbb\xbf").splitlines() if line.strip()]
    one_each = all(line.strip().startswith(b"{") and line.strip().endswith(b"}") for line in lines)
    return tuple(lines) if len(lines) > 1 and one_each else (raw.removeprefix(b"\xef\xbb\xbf"),)


def _read(
    raw: bytes, number: int, packages: Collection[str], profiles: Profiles, sor_id: str
) -> Iterator[ListedPatient]:
    card = _taken_apart(parse_object(raw, most_bytes=MOST_BYTES_ATTACHED), number)
    who, name = _identifier(card.patient, number), _name(card.patient, number)
    own = any(one.get("value") == sor_id and one.get("system") == SOR for gp in card.gp for one in _identifiers(gp))
    diagnoses = [code for condition in card.conditions if _is_current(condition) for code in _codes(condition)]
    found = {package: code for code in reversed(diagnoses) for package in profiles.proposed(code, packages)}
    for package, code in sorted(found.items()) or [("", "")]:
        yield ListedPatient(number, who, name, package, code, own)


def _taken_apart(document: Json, number: int) -> _Card:
    if document.get("resourceType") != "Bundle" or document.get("type") != "document":
        raise _refused(number, "Bundle.type", "This is no FHIR document.", "no-document")
    entries = [(str(one.get("fullUrl", "")), _object(one, "resource")) for one in _objects(document, "entry")]
    resources = [resource for _, resource in entries]
    first = next(iter(resources), {})
    is_card_type = any(coding.get("code") == CARD for coding in _objects(_object(first, "type"), "coding"))
    if first.get("resourceType") != "Composition" or not is_card_type:
        raise _refused(number, "Composition.type", "The document is no diagnosis card.", "no-card")
    patients = [one for one in resources if one.get("resourceType") == "Patient"]
    if len(patients) != 1:
        raise _refused(number, "Patient", "The document is about one patient.", "one-patient")
    conditions = tuple(one for one in resources if one.get("resourceType") == "Condition")
    named = dict(entries)
    practices = _objects(patients[0], "generalPractitioner")
    return _Card(patients[0], conditions, tuple(named.get(str(gp.get("reference", "")), gp) for gp in practices))


def _identifier(patient: Json, number: int) -> Identifier:
    for one in _identifiers(patient):
        try:
            return parse_identifier(str(one.get("value", "")))
        except InvalidInputError:
            continue
    raise _refused(
        number, "Patient.identifier", "The patient has no CPR number or replacement number.", "no-identifier"
    )


def _name(patient: Json, number: int) -> str:
    names = sorted(_objects(patient, "name"), key=lambda one: one.get("use") != "official")
    for one in names:
        given = one.get("given")
        parts = [*(given if isinstance(given, list) else ()), one.get("family", "")]
        text = " ".join(str(part) for part in parts if part) or str(one.get("text", ""))
        if 0 < len(text) <= LONGEST_NAME:
            return text
    raise _refused(number, "Patient.name", f"A name has 1 to {LONGEST_NAME} characters.", "not-a-name")


def _is_current(condition: Json) -> bool:
    states = {str(one.get("code")) for one in _objects(_object(condition, "clinicalStatus"), "coding")}
    return not states & OVER


def _codes(condition: Json) -> Iterator[str]:
    for coding in _objects(_object(condition, "code"), "coding"):
        code = str(coding.get("code", "")).upper()
        if DIAGNOSIS.fullmatch(code):
            yield code


def _identifiers(resource: Json) -> Sequence[Json]:
    """Return the identifiers of a resource, or the one of a logical reference."""
    found = resource.get("identifier")
    return [found] if isinstance(found, dict) else _objects(resource, "identifier")


def _objects(resource: Json, name: str) -> list[Json]:
    found = resource.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _object(resource: Json, name: str) -> Json:
    found = resource.get(name)
    return found if isinstance(found, dict) else {}


def _refused(number: int, place: str, text: str, rule: str) -> InvalidInputError:
    issue = Issue("value", text, f"document {number}, {place}", rule=rule)
    return InvalidInputError(text, issues=[issue])
