"""Launches: minutes for each step, one browser, one patient, and people apart from a broker's."""

import pytest

from delivery.schedule import EnrolmentState
from flow.clients import ClientOrder, ManageClients
from flow.launch import LaunchOrder, LaunchPatient
from flow.staff_sessions import StaffSessions
from kernel.errors import AccessError, InvalidInputError, NotFoundError
from kernel.ids import PatientRef
from security.actor import Actor, Role
from security.audit import AuditEvent
from security.claims import Assurance, StaffIdentity
from security.launch import challenge_of
from tests.builders import CLINIC_ID, an_actor
from tests.signing import ec_pair
from tests.way import NANCY

VERIFIER = "v" * 43
PAIR = ec_pair()
DOCTOR = LaunchOrder(NANCY[0], "lps-17", "Lise Holm", Role.CLINICIAN, Assurance.SUBSTANTIAL)


@pytest.fixture
def launch(way):
    return LaunchPatient(way.store, StaffSessions(way.store, way.clock))


@pytest.fixture
def nancy(way, launch):
    return way.enrolled()


@pytest.fixture
def client(way, launch):
    order = ClientOrder("LPS", "system/Patient.r", key_set={"keys": [PAIR.jwk]}, redirect_uri="https://lps.example/b")
    return ManageClients(way.store, way.clock, frozenset(), is_demo=False).add(an_actor(Role.OPERATOR), order)


def prepared(launch, client, order=DOCTOR):
    return launch.prepare(client.actor(client.scopes), order).launch


def redeemed(launch, client):
    ticket = launch.authorize(client, prepared(launch, client), challenge_of(VERIFIER))
    assert launch.redeem(client, ticket.code, VERIFIER)
    return ticket


@pytest.mark.parametrize(("seconds", "counts"), [(119, True), (120, False)])
def test_a_launch_waits_for_its_browser_for_two_minutes(way, launch, client, nancy, seconds, counts):
    token = prepared(launch, client)

    way.clock.move(seconds=seconds)

    assert (launch.authorize(client, token, challenge_of(VERIFIER)) is not None) is counts


@pytest.mark.parametrize(("seconds", "counts"), [(59, True), (60, False)])
def test_a_code_waits_for_a_minute(way, launch, client, nancy, seconds, counts):
    ticket = launch.authorize(client, prepared(launch, client), challenge_of(VERIFIER))

    way.clock.move(seconds=seconds)

    assert (launch.redeem(client, ticket.code, VERIFIER) == nancy.patient_ref) is counts


@pytest.mark.parametrize(("seconds", "counts"), [(59, True), (60, False)])
def test_the_page_waits_for_a_minute(way, launch, client, nancy, seconds, counts):
    ticket = redeemed(launch, client)

    way.clock.move(seconds=seconds)

    assert (launch.open(CLINIC_ID, ticket.browser) is not None) is counts


def test_the_session_names_its_patient_and_ends_as_every_other(way, launch, client, nancy):
    opened = launch.open(CLINIC_ID, redeemed(launch, client).browser)

    session = launch.sessions.session(opened.token)
    assert (session.person.name, session.patient_ref) == ("Lise Holm", nancy.patient_ref)
    assert opened.enrolment_id == nancy.enrolment_id
    way.clock.move(minutes=30)
    assert launch.sessions.session(opened.token) is None


def test_the_running_enrolment_is_opened_or_the_last_one_where_none_runs(way, launch, client, nancy):
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.enrolments.set_state(nancy.enrolment_id, EnrolmentState.ENDED)

    opened = launch.open(CLINIC_ID, redeemed(launch, client).browser)

    assert opened.enrolment_id == nancy.enrolment_id


def test_people_of_a_practice_system_are_not_those_of_a_broker(way, launch, client, nancy):
    with way.look() as tx:
        sor_id = tx.clinics.get().sor_id
    launch.sessions.sign_in(StaffIdentity("https://broker", DOCTOR.subject, "Anne Sohn", Role.CLINICIAN, (sor_id,), ()))

    launch.open(CLINIC_ID, redeemed(launch, client).browser)

    with way.look() as tx:
        assert {person.name for person in tx.clinics.people()} == {"Anne Sohn", "Lise Holm"}


def test_an_actor_of_one_patient_leaves_no_row_about_another_and_so_does_nothing_to_one(way, nancy):
    doctor = Actor(Role.CLINICIAN, "d", CLINIC_ID, patient_ref=PatientRef("somebody-else"))

    def pause():
        with way.store.write(CLINIC_ID, doctor) as tx:
            tx.enrolments.set_state(nancy.enrolment_id, EnrolmentState.PAUSED)
            tx.audit.record(AuditEvent("move", "Enrolment", (nancy.patient_ref,)))

    with pytest.raises(NotFoundError):
        pause()

    with way.look() as tx:
        assert tx.enrolments.get(nancy.enrolment_id).state is EnrolmentState.ACTIVE


@pytest.mark.parametrize("change", [{"role": Role.CLINIC_ADMIN}, {"assurance": Assurance.LOW}])
def test_who_is_not_sure_enough_or_no_clinician_opens_nothing(launch, client, nancy, change):
    order = LaunchOrder(
        **{name: getattr(DOCTOR, name) for name in ("identifier", "subject", "name", "role", "assurance")} | change
    )

    with pytest.raises(InvalidInputError):
        prepared(launch, client, order)


def test_a_patient_who_is_not_enrolled_is_not_opened_and_the_search_is_on_record(way, launch, client):
    with pytest.raises(NotFoundError):
        prepared(launch, client)

    with way.look() as tx:
        assert [event.action for event in tx.audit.events()][-1] == "search"


def test_a_system_that_is_no_registered_client_opens_nothing(way, launch, nancy):
    with pytest.raises(AccessError):
        launch.prepare(way.system, DOCTOR)


def test_what_ran_out_is_forgotten_after_ten_minutes(way, launch, client, nancy):
    prepared(launch, client)
    way.clock.move(minutes=12, seconds=1)
    prepared(launch, client)

    with way.store.queue() as queue:
        assert queue.connection.exec_driver_sql("SELECT count(*) FROM launch").scalar_one() == 1


@pytest.mark.parametrize(
    "address",
    ["http://lps.example/b", "https://a:b@lps.example/", "https://lps.example/b?c=d", "https://lps.example/b#c",
     "https:///b", "javascript:alert(1)", "https://lps.example/" + "x" * 500, "https://[::1/b", "http://127.0.0.1/b"],
)  # fmt: skip
def test_a_browser_goes_back_to_a_plain_https_address_alone(way, launch, address):
    clients = ManageClients(way.store, way.clock, frozenset(), is_demo=False)

    with pytest.raises(InvalidInputError):
        clients.add(
            an_actor(Role.OPERATOR),
            ClientOrder("LPS", "system/Patient.r", key_set={"keys": [PAIR.jwk]}, redirect_uri=address),
        )


def test_in_demo_it_may_be_this_machine_and_an_operators_tool_opens_nothing(way, launch):
    clients = ManageClients(way.store, way.clock, frozenset(), is_demo=True)
    keys, back = {"keys": [PAIR.jwk]}, "http://127.0.0.1:9000/b"
    system, tool = (
        ClientOrder("LPS", "system/Patient.r", role, key_set=keys, redirect_uri=back)
        for role in (Role.SYSTEM, Role.OPERATOR)
    )

    assert clients.add(an_actor(Role.OPERATOR), system).redirect_uri == back
    with pytest.raises(InvalidInputError):
        clients.add(an_actor(Role.OPERATOR), tool)


def test_a_verifier_is_answered_as_rfc_7636_shows():
    # Appendix B of RFC 7636.
    shown = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
    assert challenge_of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == shown
    assert challenge_of("x" * 42) is None
    assert challenge_of("ø" * 43) is None
