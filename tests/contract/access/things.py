"""What two clinics each have: one of everything that an address, a query, a form or a body can name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from delivery.backlog import Wanted
from delivery.candidate import CandidateState
from delivery.outbox import MessageState
from flow.enrol import Enrolled, EnrolmentOrder
from kernel.ids import PersonId, new_id
from security.actor import Person, Role
from security.links import link_token
from store.settlement import Settlement
from tests.contract.doors import BODIES, CANONICAL, House, Tenant, mmrc, response_event

NANCY, SVERRE = ("2512489996", "Nancy Berggren"), ("0104909995", "Sverre Mosebryggeren")
NIELS, ELSE = ("3001749995", "Niels Vendelboe"), ("0201919990", "Else Lauridsen")
People = tuple[tuple[str, str], ...]
PEOPLE: tuple[People, People] = ((NANCY, SVERRE, NIELS, ELSE), (NIELS, NANCY, SVERRE, ELSE))
"""Of each clinic: who has answered everything, two who are being asked, and a candidate."""
RECORDS = (
    *("AuditEvent", "CarePlan", "ClinicalImpression", "Communication", "Observation"),
    *("Provenance", "QuestionnaireResponse", "Task"),
)
STRAYS = 3
"""Answers that fit no request: so many ways there are to sort one."""
REFUSING = ("flp", "lps-inbox")
SHARED: Mapping[str, str] = {"Questionnaire": "cat-2.0.0", "PlanDefinition": "kol-2.1.0"}
"""Content is the same for every clinic."""
COLLEAGUES = ("away", "here")
Things = Mapping[str, str]
"""What it is -> its id."""


@dataclass(frozen=True)
class Stock:
    """What one clinic has.

    Args:
        things: that requests name.
        links: personal links of those who are being asked.
    """

    things: Things
    links: tuple[str, str]

    @property
    def ids(self) -> frozenset[str]:
        """Every id that another clinic may never be shown; demo's page of one-click people shows those of all."""
        people = {self.things[name] for name in COLLEAGUES}
        return frozenset(self.things.values()) - frozenset(SHARED.values()) - people

    def unknown(self) -> Things:
        """Name as many things that nobody has."""
        return {name: SHARED.get(name) or new_id() for name in self.things}


def stocked(house: House, tenant: Tenant, people: People) -> Stock:
    """Let a clinic have one of everything."""
    answered, asked, too = (_enrol(house, tenant, person) for person in people[:3])
    listed = f"identifier;name;package;diagnosis;own_patient\n{people[3][0]};{people[3][1]};KOL;R95;ja\n"
    house.services.use_cases.import_candidates(tenant.system, listed.encode())
    asking = {name: request.id for name, request in house.asked(asked, tenant).items()}
    for grade in range(STRAYS):
        assert house.webhook(response_event(asking["cat"], mmrc(asking["mmrc"], grade + 1))).ok
    occasions = [_occasion(house, tenant, one) for one in (asked, too)]
    _answer(house, tenant, answered)
    own = house.post("/fhir/QuestionnaireResponse", BODIES["shk-draft"](asking["shk-draft"]), tenant.system_token)
    things = {
        **SHARED,
        "Patient": answered.patient_ref,
        "enrolment": answered.enrolment_id,
        "open-enrolment": asked.enrolment_id,
        "cat-request": asking["cat"],
        "mmrc-request": asking["mmrc"],
        "open-occasion": occasions[0],
        "own-response": own.json()["id"],
        **_colleagues(house, tenant),
        **_decided(house, tenant, answered),
        **_waiting(house, tenant),
        **_records(house, tenant),
        **_refused_messages(house, tenant),
    }
    first, second = (link_token(house.services.keyring.link_key, occasion) for occasion in occasions)
    return Stock(things, (first, second))


def _colleagues(house: House, tenant: Tenant) -> Things:
    ids = {name: PersonId(new_id()) for name in ("away", "here")}
    with house.services.store.write(tenant.clinic_id, tenant.system) as tx:
        for person_id in ids.values():
            tx.clinics.add_person(Person(person_id, tenant.clinic_id, "Anne Bak, sygeplejerske", Role.CLINIC_STAFF))
    return ids


def _enrol(house: House, tenant: Tenant, person: tuple[str, str]) -> Enrolled:
    enrolled = house.services.use_cases.enrol(tenant.system, EnrolmentOrder(*person, "KOL"))
    house.services.use_cases.open_due()
    return enrolled


def _occasion(house: House, tenant: Tenant, enrolled: Enrolled) -> str:
    with house.services.store.read(tenant.clinic_id, tenant.system) as tx:
        occasion = tx.occasions.open_of(enrolled.patient_ref)
    assert occasion is not None
    return occasion.id


def _answer(house: House, tenant: Tenant, enrolled: Enrolled) -> None:
    for name, request in house.asked(enrolled, tenant).items():
        answer = house.post("/fhir/QuestionnaireResponse", BODIES[name](request.id), tenant.system_token)
        assert answer.status_code == 201, answer.text


def _decided(house: House, tenant: Tenant, enrolled: Enrolled) -> Things:
    shown = house.get(f"/api/v1/enrolments/{enrolled.enrolment_id}", tenant.doctor_token).json()
    order = {
        "enrolmentId": enrolled.enrolment_id,
        "suggestionId": shown["suggestionId"],
        "colour": "GREEN",
        "reason": "Som aftalt.",
        "actions": [{"code": "spirometry"}],
    }
    headers = {"Content-Type": "application/json"}
    decision = house.post("/api/v1/decisions", order, tenant.doctor_token, headers=headers)
    assert decision.status_code == 201, decision.text
    told = decision.json()
    return {"suggestion": shown["suggestionId"], "action": told["actions"][0]["id"], "decision": told["id"]}


def _waiting(house: House, tenant: Tenant) -> Things:
    with house.services.store.read(tenant.clinic_id, tenant.system) as tx:
        (candidate,) = tx.candidates.listed(CandidateState.WAITING, review_by=tx.now.date(), limit=9)
        strays = {f"unmatched-{place}": one.id for place, one in enumerate(tx.unmatched.waiting())}
    return {"candidate": candidate.id, **strays}


def _records(house: House, tenant: Tenant) -> Things:
    found = {}
    for kind in RECORDS:
        entries = house.get(f"/fhir/{kind}?_count=1", tenant.doctor_token).json()["entry"]
        found[kind] = entries[0]["resource"]["id"]
    answered = house.get(f"/fhir/QuestionnaireResponse?questionnaire={CANONICAL.format('cat')}", tenant.doctor_token)
    return {**found, "QuestionnaireResponse": answered.json()["entry"][0]["resource"]["id"]}


def _refused_messages(house: House, tenant: Tenant) -> Things:
    """Let plan and inbox refuse what waits for them; what waits for others arrives."""
    at = house.services.clock.now()
    with house.services.store.queue() as queue:
        for message in queue.claim("w1", at, at + timedelta(hours=1), 1000):
            outcome = MessageState.DEAD if message.target in REFUSING else MessageState.ACCEPTED
            queue.settle(Settlement(message.id, message.clinic_id, message.fence, outcome, at, error="answered 422"))
    with house.services.store.read(tenant.clinic_id, tenant.system) as tx:
        dead = tx.backlog.entries(Wanted(states=[MessageState.DEAD]))
    return {f"refused-by-{entry.target}": entry.id for entry in dead}
