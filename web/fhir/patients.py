"""Patient: read by pseudonym, and found by a personal identifier that comes in the body, never in an address."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.patient import Patient

from delivery.parties import CPR
from flow.identify import Identify, PatientRecord
from kernel.errors import InvalidInputError, Issue, MalformedInputError, NotFoundError
from security.actor import Actor
from security.cpr import CPR_KIND, X_ECPR_KIND, Identifier, parse_identifier
from web.fhir.bundle import Entry, SearchPage
from web.fhir.model import organization, without_empty, written
from web.fhir.search import Query
from web.fhir.systems import X_ECPR

SYSTEMS: Mapping[str, str] = MappingProxyType({CPR_KIND: CPR, X_ECPR_KIND: X_ECPR})
"""Kind of identifier -> system; the national profile leaves that of a D-eCPR to who gave it."""
OFFICIAL = (CPR_KIND,)


@dataclass(frozen=True, slots=True)
class PatientShelf:
    """Reads and finds patients for the door."""

    identify: Identify

    def read(self, actor: Actor, patient_ref: str) -> str:
        """Return a Patient by pseudonym."""
        return patient(self.identify.read(actor, patient_ref))

    def search(self, actor: Actor, query: Query) -> SearchPage:
        """Find the patient of one pseudonym or one identifier; there is no list of all patients.

        Raises:
            MalformedInputError: neither is given, or several are.
        """
        if not query.criteria:
            raise _refused("required", "Name one patient: _id, or identifier in the body of POST _search.")
        if any(len(values) > 1 for values in query.criteria.values()):
            raise _refused("too-costly", "One patient is looked up at a time.")
        found = list(self._found(actor, query.criteria))
        entries = tuple(Entry(record.identity.ref, patient(record)) for record in found)
        return SearchPage(entries[: query.count], more=False, total=len(entries) if query.with_total else None)

    def _found(self, actor: Actor, criteria: Mapping[str, frozenset[str]]) -> Iterable[PatientRecord]:
        (refs, identifiers) = (criteria.get(name) for name in ("id", "identifier"))
        record = self._by_ref(actor, refs) if identifiers is None else self._by_identifier(actor, identifiers)
        if record and (refs is None or record.identity.ref in refs):
            yield record

    def _by_ref(self, actor: Actor, refs: frozenset[str] | None) -> PatientRecord | None:
        try:
            return self.identify.read(actor, next(iter(refs or ()), ""))
        except NotFoundError:
            return None

    def _by_identifier(self, actor: Actor, identifiers: frozenset[str]) -> PatientRecord | None:
        wanted = [_identifier(value) for value in identifiers]
        return next((self.identify.find(actor, one) for one in wanted if one), None)


def patient(record: PatientRecord) -> str:
    """Write the Patient of a pseudonym; the CPR number only for who may see it."""
    identity = record.identity
    *given, family = identity.name.split()
    return written(
        Patient,
        {
            "id": identity.ref,
            "identifier": [_shown(record)] if record.shows_identifier else [],
            "name": [{"use": "official", "text": identity.name, "family": family, "given": given}],
            "deceasedBoolean": True if record.is_dead else None,
            "managingOrganization": organization(record.clinic.sor_id, record.clinic.name),
        },
    )


def _shown(record: PatientRecord) -> dict[str, Any]:
    kind = record.identity.kind
    use = "official" if kind in OFFICIAL else "temp"
    return dict(without_empty({"use": use, "system": SYSTEMS.get(kind), "value": record.identity.identifier}))


def _identifier(token: str) -> Identifier | None:
    """Read `system|value`; a value of another kind than its system matches nobody.

    Raises:
        MalformedInputError: the value is no personal identifier; it is not repeated.
    """
    system, bar, value = token.rpartition("|")
    try:
        identifier = parse_identifier(value)
    except InvalidInputError as error:
        raise _refused("value", error.text) from None
    return identifier if not bar or system == SYSTEMS.get(identifier.kind, system) else None


def _refused(code: str, text: str) -> MalformedInputError:
    return MalformedInputError(text, issues=[Issue(code, text, "http.identifier", rule="search-parameter")])
