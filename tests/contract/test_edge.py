"""The edge, over every route that there is: headers, hosts, sizes of bodies, and forms of bodies that nobody reads."""

import ast
import shutil
from base64 import urlsafe_b64decode
from pathlib import Path

import pytest
from werkzeug.http import parse_options_header

from app import create_app, services_of
from flow.enrol import EnrolmentOrder
from kernel.settings import Settings
from security.keys import ensure_key_file
from security.links import link_token
from tests.contract.doors import PERSONS, add_clinic
from tests.released import RELEASED
from web.headers import SAME_FOR_ALL, is_under
from web.media import LARGEST_BODY

HOME = Path(__file__).parents[2]
ROOMS = ("cli", "web", "flow", "store", "delivery", "scoring", "questionnaires", "security", "kernel")
ID = "0192f000-0000-7000-8000-0000000000ff"
READS = ("GET", "HEAD", "OPTIONS")
HOSTS = (
    *("evil.example", "svarbro.example.evil.example", "evil.example:443", "svarbro.example@evil.example"),
    *("localhost.evil.example", "127.0.0.1.evil.example", "127.0.0.2", "2130706433", "0x7f000001", "[::2]"),
    *(
        "svarbro.example,evil.example",
        "svarbro.example evil.example",
        "evil.example/svarbro.example",
        "",
        " ",
        "*",
    ),
    *(
        "svarbro.example.",
        "svarbro.example\x00",
        "svarbro.example#",
        "0.0.0.0",
        "[::1",
        "a:b:c",
    ),
)
XML = (
    b'<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;&b;&b;&b;&b;&b;&b;">]><a>&d;</a>',
    b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 50_000 + b'">]><a>' + b"&b;" * 1000 + b"</a>",
    b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>',
    b"<a>" * 20_000 + b"</a>" * 20_000,
    b"<a " + b" ".join(b'b%d="c"' % n for n in range(10_000)) + b"/>",
    b"<a>" + b"b" * 250_000 + b"</a>",
    b'<a xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="file:///etc/passwd" parse="text"/></a>',
)
XML_NAMES = ("laughs", "quadratic", "file", "external", "deep", "attributes", "long", "include")
XML_TYPES = ("application/xml", "text/xml", "application/fhir+xml", "image/svg+xml", "application/soap+xml")
XML_READERS = {"xml", "lxml", "defusedxml", "xmltodict", "html5lib", "bs4"}


class Edge:
    """An application with one clinic and one asked patient, and whoever may come in."""

    def __init__(self, app):
        self.app = app
        services = services_of(app)
        self.tenant = add_clinic(services, "Lægerne Et")
        enrolled = services.use_cases.enrol(self.tenant.system, EnrolmentOrder(*PERSONS[0], "KOL"))
        services.use_cases.open_due()
        with services.store.read(self.tenant.clinic_id, self.tenant.system) as tx:
            occasion = tx.occasions.open_of(enrolled.patient_ref)
        assert occasion is not None
        self.link = link_token(services.keyring.link_key, occasion.id)

    def anonymous(self):
        return self.app.test_client()

    def patient(self):
        browser = self.app.test_client()
        assert browser.get(f"/p/i/{self.link}").status_code == 303
        return browser

    def bearer(self):
        browser = self.app.test_client()
        browser.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {self.tenant.doctor_token}"
        return browser

    def routes(self, *methods):
        for rule in self.app.url_map.iter_rules():
            values = {
                name: 1 if name == "number" else "site.css" if name == "filename" else ID for name in rule.arguments
            }
            for method in sorted((rule.methods or set()) & set(methods)):
                with self.app.test_request_context():
                    yield method, self.app.url_map.bind("").build(rule.endpoint, values, method)


@pytest.fixture(scope="module")
def edge(tmp_path_factory, migrated_sqlite):
    directory = tmp_path_factory.mktemp("edge")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    environ = {
        "SVARBRO_INSTANCE_DIR": str(directory),
        "SVARBRO_PUBLIC_URL": "http://svarbro.example:8080",
        "SVARBRO_HOSTS": "Other.example, third.example",
    }
    settings = Settings.from_env(environ)
    ensure_key_file(settings.keys_file)
    app = create_app(settings, RELEASED)
    yield Edge(app)
    services_of(app).store.close()


def faults(path, headers):
    """Name what an answer lacks."""
    policy = headers.get("Content-Security-Policy", "")
    wanted = {
        "policy": policy.startswith("default-src 'none'") and "unsafe" not in policy and "*" not in policy,
        "frames": "frame-ancestors 'none'" in policy,
        "nosniff": headers.get("X-Content-Type-Options") == "nosniff",
        "referrer": headers.get("Referrer-Policy") == "no-referrer",
        "tls": headers.get("Strict-Transport-Security", "").startswith("max-age=31536000"),
        "opener": headers.get("Cross-Origin-Opener-Policy") == "same-origin",
        "resource": headers.get("Cross-Origin-Resource-Policy") == "same-origin",
        "permissions": "camera=()" in headers.get("Permissions-Policy", ""),
        "kept": is_under(path, *SAME_FOR_ALL) or headers.get("Cache-Control") == "no-store",
        "origins": "Access-Control-Allow-Origin" not in headers,
        "number": bool(headers.get("X-Request-Id")),
    }
    return [name for name, is_there in wanted.items() if not is_there]


@pytest.mark.parametrize("who", ["anonymous", "patient", "bearer"])
def test_every_answer_of_every_route_carries_all_headers(edge, who):
    browser = getattr(edge, who)()

    lacking = {}
    for method, path in edge.routes(*READS, "POST", "PUT", "PATCH", "DELETE"):
        answer = browser.open(path, method=method)
        assert answer.status_code < 500 or path == "/readyz", (method, path)
        if found := faults(path, answer.headers):
            lacking[method, path] = found

    assert lacking == {}


@pytest.mark.parametrize("who", ["anonymous", "patient", "bearer"])
def test_every_text_says_its_charset_and_every_json_is_utf_8(edge, who):
    browser, silent, texts = getattr(edge, who)(), [], 0

    for method, path in edge.routes("GET", "POST"):
        answer = browser.open(path, method=method)
        kind, options = parse_options_header(answer.headers.get("Content-Type", ""))
        if kind.startswith("text/") and options.get("charset", "").lower() != "utf-8":
            silent.append((method, path, kind))
        if answer.data:
            assert kind, (method, path)
            # JSON has no charset to say (RFC 8259): it is UTF-8.
            texts += kind.startswith("text/") or bool("json" in kind and answer.data.decode("utf-8"))

    assert silent == []
    assert texts > 20


def test_every_cookie_is_out_of_reach_of_scripts_and_other_sites(edge):
    cookies = edge.anonymous().get(f"/p/i/{edge.link}").headers.getlist("Set-Cookie")

    assert len(cookies) == 1
    assert "HttpOnly" in cookies[0]
    assert "SameSite=Lax" in cookies[0]
    assert "Domain" not in cookies[0]


def test_the_session_is_signed_with_256_bits(edge):
    (cookie,) = edge.anonymous().get(f"/p/i/{edge.link}").headers.getlist("Set-Cookie")

    signature = cookie.partition("=")[2].partition(";")[0].rpartition(".")[2]
    assert len(urlsafe_b64decode(signature + "=" * (-len(signature) % 4))) == 32


@pytest.mark.parametrize("host", HOSTS)
def test_a_call_that_names_another_host_is_not_answered(edge, host):
    for path in ("/fhir/metadata", "/api/v1/openapi.json", "/.well-known/smart-configuration", "/clinic/login"):
        answer = edge.anonymous().get(path, headers={"Host": host})

        assert answer.status_code == 421
        assert faults(path, answer.headers) == []
        assert "evil" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "host",
    ["svarbro.example", "svarbro.example:8080", "SVARBRO.example", "other.example", "third.example:1", "localhost:8080",
     "127.0.0.1", "[::1]:8080"],
)  # fmt: skip
def test_a_call_that_names_one_of_ours_is_answered(edge, host):
    assert edge.anonymous().get("/fhir/metadata", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("who", ["patient", "bearer"])
def test_no_route_reads_a_body_above_the_limit(edge, who):
    browser, large = getattr(edge, who)(), b"a" * (LARGEST_BODY + 1)

    for method, path in edge.routes("POST", "PUT"):
        for kind in ("application/json", "application/fhir+json", "application/x-www-form-urlencoded"):
            answer = browser.open(path, method=method, data=large, content_type=kind)
            assert 400 <= answer.status_code < 500, (method, path, kind)


@pytest.mark.parametrize("path", ["/fhir/QuestionnaireResponse", "/api/v1/enrolments", "/channels/webpatient/events"])
def test_a_body_above_the_limit_is_called_too_large_and_one_at_the_limit_is_not(edge, path):
    kind = "application/fhir+json" if path.startswith("/fhir") else "application/json"

    def status(size):
        return edge.bearer().post(path, data=b" " * size, content_type=kind).status_code

    assert status(LARGEST_BODY + 1) == 413
    assert status(LARGEST_BODY) in (400, 401)


def test_a_form_above_the_limit_is_called_too_large(edge):
    answer = edge.patient().post("/p/q/1", data={"answer": "a" * LARGEST_BODY})

    assert answer.status_code == 413


@pytest.mark.parametrize("attack", XML, ids=XML_NAMES)
def test_no_route_reads_xml(edge, attack):
    for who in (edge.bearer(), edge.patient()):
        for method, path in edge.routes("POST", "PUT"):
            for kind in XML_TYPES:
                answer = who.open(path, method=method, data=attack, content_type=kind)
                assert 400 <= answer.status_code < 500, (method, path, kind)


@pytest.mark.parametrize("kind", XML_TYPES)
def test_the_machine_doors_say_that_xml_is_a_form_they_do_not_read(edge, kind):
    for path in ("/fhir/QuestionnaireResponse", "/api/v1/enrolments", "/channels/webpatient/events"):
        assert edge.bearer().post(path, data=XML[2], content_type=kind).status_code == 415


def test_a_compressed_body_is_not_unpacked(edge):
    for path in ("/fhir/QuestionnaireResponse", "/api/v1/enrolments", "/channels/webpatient/events"):
        kind = "application/fhir+json" if path.startswith("/fhir") else "application/json"
        sent = {"data": b"\x1f\x8b", "content_type": kind, "headers": {"Content-Encoding": "gzip"}}

        assert edge.bearer().post(path, **sent).status_code == 415


def test_no_room_has_a_reader_of_xml():
    files = [HOME / "app.py", *(file for room in ROOMS for file in (HOME / room).rglob("*.py"))]

    assert len(files) > 300
    assert {str(file.relative_to(HOME)) for file in files if XML_READERS & imported(file)} == set()


def imported(file):
    """Return the first parts of the names of all modules that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found.add(str(node.module).partition(".")[0])
    return found
