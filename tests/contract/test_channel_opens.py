"""In production a link opens for whom the channel says that it is: signed, for us, for minutes, and once."""

import json
import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from app import create_app, services_of
from cli.db import migrate
from flow.enrol import EnrolmentOrder
from kernel.ids import new_id
from kernel.settings import Settings
from security.keys import ensure_key_file
from security.links import link_token
from tests.contract.doors import PERSONS, add_clinic
from tests.signing import compact, ec_pair, rsa_pair

HOME = "https://svarbro.example"
AUDIENCE = f"{HOME}/p/i"
NANCY, SVERRE = PERSONS[0][0], PERSONS[1][0]
RACERS = 50
APP, OTHER_APP, STRANGER = rsa_pair("app-1"), ec_pair("other-1"), ec_pair("other-1")
KEYS = {"webpatient": {"keys": [APP.jwk]}, "minlaege": {"keys": [OTHER_APP.jwk]}}


@pytest.fixture(scope="module")
def production(tmp_path_factory, migrated_sqlite):
    home = tmp_path_factory.mktemp("production")
    database, keys, channels = home / "svarbro.sqlite", home / "keys.json", home / "channels.json"
    shutil.copyfile(migrated_sqlite, database)
    ensure_key_file(keys)
    channels.write_text(json.dumps(KEYS), encoding="ascii")
    migrate(f"sqlite:///{database}")
    outside = {
        f"SVARBRO_{name}_URL": f"https://{name.lower()}.example" for name in ("WEBPATIENT", "MINLAEGE", "LPS", "FLP")
    }
    tokens = {f"SVARBRO_{name}_TOKEN": name for name in ("WEBPATIENT", "MINLAEGE", "LPS", "FLP")}
    own = {
        "SVARBRO_ENV": "production",
        "SVARBRO_INSTANCE_DIR": str(home / "instance"),
        "SVARBRO_DATABASE_URL": f"sqlite:///{database}",
        "SVARBRO_PUBLIC_URL": HOME,
        "SVARBRO_KEYS_FILE": str(keys),
        "SVARBRO_CHANNEL_KEYS_FILE": str(channels),
        "SVARBRO_PROXIES": "1",
    }
    (home / "instance").mkdir()
    app = create_app(Settings.from_env({**own, **outside, **tokens}))
    for programme in ("kol|2.1.0", "kol-free|2.0.0"):
        for person in ("Lise Holm", "Nete Bruun"):
            services_of(app).use_cases.approve(programme, person)
    yield app
    services_of(app).store.close()


class Asked:
    """One patient with an open link, in a clinic of her own."""

    def __init__(self, app):
        services = services_of(app)
        self.app, self.tenant, self.store = app, add_clinic(services, "Lægerne Et"), services.store
        enrolled = services.use_cases.enrol(self.tenant.system, EnrolmentOrder(*PERSONS[0], "KOL"))
        services.use_cases.enrol(self.tenant.system, EnrolmentOrder(*PERSONS[1], "KOL"))
        services.use_cases.open_due()
        with self.store.read(self.tenant.clinic_id, self.tenant.system) as tx:
            occasion = tx.occasions.open_of(enrolled.patient_ref)
        assert occasion is not None
        self.link = link_token(services.keyring.link_key, occasion.id)

    def browser(self):
        """Each browser comes from an address of its own."""
        browser = self.app.test_client()
        browser.environ_base["HTTP_X_FORWARDED_FOR"] = f"2001:db8:{new_id()[-4:]}::1"
        return browser

    def open(self, said, browser=None, link=None):
        place = f"/p/i/{link or self.link}"
        return (browser or self.browser()).post(place, base_url=HOME, data={"assertion": said})

    def acts(self):
        with self.store.read(self.tenant.clinic_id, self.tenant.system) as tx:
            return [event.action for event in tx.audit.events()]


@pytest.fixture
def asked(production):
    return Asked(production)


def claims(**others):
    now = int(time.time())
    said = {"iss": "webpatient", "aud": AUDIENCE, "sub": NANCY, "acr": "substantial", "exp": now + 120, "jti": new_id()}
    return {name: value for name, value in {**said, **others}.items() if value is not None}


def signed(pair=APP, header=None, **others):
    head = {"alg": pair.algorithm, "kid": pair.kid, **(header or {})}
    return compact(head, claims(**others), lambda data: pair.sign(data, head["alg"]))


def changed(said):
    """The same with another signature."""
    return said[:-9] + ("A" if said[-9] != "A" else "B") + said[-8:]


def far(seconds):
    return int(time.time()) + seconds


ATTACKS = {
    "nothing": lambda: "",
    "no token": lambda: "a.b",
    "too long": lambda: signed(more="a" * 9000),
    "unsigned": lambda: compact({"alg": "none", "kid": "app-1"}, claims(), lambda _: b""),
    "by hash": lambda: compact({"alg": "HS256", "kid": "app-1"}, claims(), lambda _: b"a" * 32),
    "changed": lambda: changed(signed()),
    "by a stranger": lambda: signed(STRANGER, iss="minlaege"),
    "by another channel": lambda: signed(OTHER_APP),
    "under another key": lambda: signed(header={"kid": "other-1"}),
    "without key": lambda: signed(header={"kid": None}),
    "with its own key": lambda: signed(header={"jwk": APP.jwk}),
    "with an address of keys": lambda: signed(header={"jku": "https://evil.example"}),
    "other algorithm": lambda: signed(header={"alg": "RS256"}),
    "unknown channel": lambda: signed(iss="letter"),
    "no channel": lambda: signed(iss=None),
    "list of channels": lambda: signed(iss=["webpatient"]),
    "for another": lambda: signed(aud=f"{HOME}/oauth/token"),
    "for several": lambda: signed(aud=[AUDIENCE]),
    "for nobody": lambda: signed(aud=None),
    "run out": lambda: signed(exp=far(-1)),
    "for too long": lambda: signed(exp=far(360)),
    "for ever": lambda: signed(exp=None),
    "until a word": lambda: signed(exp="tomorrow"),
    "from the future": lambda: signed(iat=far(90)),
    "not yet": lambda: signed(nbf=far(90)),
    "without name": lambda: signed(jti=None),
    "with an empty name": lambda: signed(jti=""),
    "with a long name": lambda: signed(jti="a" * 256),
    "unsure": lambda: signed(acr="low"),
    "unsaid": lambda: signed(acr=None),
    "of nobody": lambda: signed(sub=None),
    "of no number": lambda: signed(sub="Nancy"),
    "of a thing": lambda: signed(sub={"cpr": NANCY}),
}


def test_whom_the_channel_names_is_let_in_and_fills_in(asked):
    browser = asked.browser()

    answer = asked.open(signed(), browser)

    assert (answer.status_code, answer.headers["Location"]) == (303, "/p/start")
    assert answer.headers["Set-Cookie"].startswith("__Host-session=")
    assert browser.get("/p/start", base_url=HOME).status_code == 200
    assert asked.acts()[-1] == "open-form"


def test_the_other_channel_signs_with_its_own_key(asked):
    assert asked.open(signed(OTHER_APP, iss="minlaege")).status_code == 303


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_proves_nothing_opens_nothing(asked, attack):
    browser = asked.browser()

    answer = asked.open(ATTACKS[attack](), browser)

    assert answer.status_code == 403
    assert "Åbn skemaet fra din app" in answer.get_data(as_text=True)
    assert browser.get("/p/start", base_url=HOME).status_code == 401


def test_somebody_else_with_the_right_link_finds_nothing_and_leaves_a_row(asked):
    wrong, unknown = asked.open(signed(sub=SVERRE)), asked.open(signed(), link="unknown")

    def page(answer):
        return re.sub(r"[0-9a-f-]{36}", "", answer.get_data(as_text=True))

    assert wrong.status_code == unknown.status_code == 404
    assert page(wrong) == page(unknown)
    assert asked.acts()[-1] == "refuse-form"
    assert asked.open(signed()).status_code == 303


def test_the_patient_reads_that_somebody_else_was_not_let_in(asked):
    asked.open(signed(sub=SVERRE))
    browser = asked.browser()
    asked.open(signed(), browser)

    page, told = (browser.get(f"/p/log{form}", base_url=HOME) for form in ("", ".json"))

    assert "nogen åbnede dit personlige link og blev afvist (en anden end dig)" in page.get_data(as_text=True)
    assert ("refuse-form", "stranger") in {(one["act"], one["who"]) for one in told.json["entries"]}


def test_a_token_counts_once_however_many_race(asked):
    said = signed()

    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda _: asked.open(said).status_code, range(RACERS)))

    assert sorted(told) == [303, *[403] * (RACERS - 1)]


def test_the_same_name_of_two_channels_is_two_tokens(asked):
    name = new_id()

    assert asked.open(signed(jti=name)).status_code == 303
    assert asked.open(signed(OTHER_APP, iss="minlaege", jti=name)).status_code == 303


def test_the_link_alone_says_where_to_open_it(asked):
    answer = asked.browser().get(f"/p/i/{asked.link}", base_url=HOME)

    assert answer.status_code == 403
    assert "Åbn skemaet fra din app" in answer.get_data(as_text=True)
