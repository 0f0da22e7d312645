"""The thirteen who call: what each of them holds, and a call made with all of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import requests

from flow.clients import ClientOrder
from kernel.ids import PersonId, new_id
from security.actor import Actor, Person, Role
from security.client import Client, ClientKind
from security.links import token_hash
from tests.contract.access.things import Stock
from tests.contract.clinic.desk import TOKEN
from tests.contract.doors import PATIENCE_S, House, Tenant
from tests.contract.oauth.launching import BACK, Practice
from tests.signing import Pair, assertion, form

NAMES = (
    *("anonymous", "patient", "other-patient", "clinician", "clinic-staff", "clinic-admin", "foreign-clinician"),
    "launched-clinician",
    *("system", "test-system", "channel", "operator", "worker"),
)
SCOPES: Mapping[ClientKind, str] = {
    ClientKind.LIVE: "system/*.cruds",
    ClientKind.TEST: "system/Questionnaire.rs system/PlanDefinition.rs",
}
"""The most that a client of each kind gets outside demo."""


@dataclass
class Caller:
    """Somebody with everything that the like of them can hold; what a call leaves in the browser is forgotten again.

    Args:
        bearer: a token of their role; people and patients have one too, as if it had been stolen for them.
        cookies: of a browser in which they signed in, or opened their personal link.
        person: id by which one of the staff signs in.
        signs_in: writes what a system asks for a token with.
        signs: the call as a channel does.
    """

    name: str
    bearer: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    csrf: str = ""
    person: str = "nobody"
    signs_in: Callable[[], Mapping[str, str]] | None = None
    signs: bool = False


def callers(house: House, stocks: tuple[Stock, Stock], pair: Pair) -> tuple[Caller, ...]:
    """Let everybody who can call hold what they can hold."""
    one, other = house.one, house.other
    live, test = _client(house, pair, ClientKind.LIVE), _client(house, pair, ClientKind.TEST)
    first, second = stocks[0].links
    members = (
        _member(house, "clinician", one, Role.CLINICIAN),
        _member(house, "clinic-staff", one, Role.CLINIC_STAFF),
        _member(house, "clinic-admin", one, Role.CLINIC_ADMIN),
        _member(house, "foreign-clinician", other, Role.CLINICIAN),
    )
    return (
        Caller("anonymous", "", *_browser(house)),
        _patient(house, "patient", first),
        _patient(house, "other-patient", second),
        *members,
        _launched(house, "launched-clinician", Practice(house, live, pair)),
        _system(house, "system", pair, live.id, ClientKind.LIVE),
        _system(house, "test-system", pair, test.id, ClientKind.TEST),
        Caller("channel", _token(house, one, Role.CHANNEL), *_browser(house), signs=True),
        Caller("operator", _token(house, one, Role.OPERATOR), *_browser(house)),
        Caller("worker", _token(house, one, Role.WORKER), *_browser(house)),
    )


def _token(house: House, tenant: Tenant, role: Role, actor_id: str = "") -> str:
    token = f"token-of-{role.value}-{new_id()}"
    until = house.services.clock.now() + timedelta(days=365)
    with house.services.store.write(tenant.clinic_id, tenant.system) as tx:
        tx.clinics.add_token(token_hash(token), Actor(role, actor_id or role.value, tenant.clinic_id, "Navn"), until)
    return token


def _browser(house: House, *, link: str = "", person: str = "") -> tuple[Mapping[str, str], str]:
    """Return the cookies of a browser and the token of its forms."""
    with requests.Session() as session:
        if link:
            opened = session.get(f"{house.address}/p/i/{link}", timeout=PATIENCE_S)
        assert not link or opened.ok, opened.text
        page = session.get(f"{house.address}/clinic/login", timeout=PATIENCE_S)
        if person:
            fields = {"csrf_token": _csrf(page), "person": person}
            session.post(f"{house.address}/clinic/login", data=fields, timeout=PATIENCE_S)
            page = session.get(f"{house.address}/clinic/login", timeout=PATIENCE_S)
        return session.cookies.get_dict(), _csrf(page)


def _csrf(page: requests.Response) -> str:
    found = TOKEN.search(page.text)
    assert found
    return found.group(1)


def _patient(house: House, name: str, link: str) -> Caller:
    cookies, csrf = _browser(house, link=link)
    return Caller(name, _token(house, house.one, Role.PATIENT, new_id()), cookies, csrf)


def _member(house: House, name: str, tenant: Tenant, role: Role) -> Caller:
    person = Person(PersonId(new_id()), tenant.clinic_id, "Lise Holm, læge", role)
    with house.services.store.write(tenant.clinic_id, tenant.system) as tx:
        tx.clinics.add_person(person)
    cookies, csrf = _browser(house, person=person.id)
    return Caller(name, _token(house, tenant, role, person.id), cookies, csrf, person.id)


def _launched(house: House, name: str, practice: Practice) -> Caller:
    """Let a practice system open the page of the patient whom the first clinic's things are about."""
    page = practice.get(practice.opened())
    assert page.ok, page.text
    practice.browser.close()
    return Caller(name, "", practice.browser.cookies.get_dict(), _csrf(page))


def _client(house: House, pair: Pair, kind: ClientKind) -> Client:
    operator = Actor(Role.OPERATOR, "test", house.one.clinic_id)
    back = BACK if kind is ClientKind.LIVE else None
    order = ClientOrder("LPS", SCOPES[kind], kind=kind, key_set={"keys": [pair.jwk]}, redirect_uri=back)
    return house.services.use_cases.clients.add(operator, order)


def _system(house: House, name: str, pair: Pair, client: str, kind: ClientKind) -> Caller:
    def signed() -> Mapping[str, str]:
        return form(assertion(pair, client, int(house.services.clock.now().timestamp())), SCOPES[kind])

    answer = house.call("POST", "/oauth/token", "", data=signed())
    assert answer.status_code == 200, answer.text
    return Caller(name, answer.json()["access_token"], *_browser(house), signs_in=signed)
