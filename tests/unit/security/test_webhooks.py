"""Signed webhooks: the published scheme, checked against an implementation that is not ours."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from kernel.errors import UnauthenticatedError
from security.keys import new_webhook_secret
from security.webhooks import sign, verify

NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)
SECRET = new_webhook_secret()
BODY = '{"type":"receipt","data":{"text":"æøå"}}'.encode()


def headers(body: bytes = BODY, secret: str = SECRET, at: datetime = NOW, webhook_id: str = "msg_1") -> dict[str, str]:
    stamp = int(at.timestamp())
    return {
        "webhook-id": webhook_id,
        "webhook-timestamp": str(stamp),
        "webhook-signature": sign(secret, webhook_id, stamp, body),
    }


def test_we_sign_as_the_published_library_signs():
    theirs = Webhook(SECRET).sign("msg_1", NOW, BODY.decode())

    assert sign(SECRET, "msg_1", int(NOW.timestamp()), BODY) == theirs


def test_the_published_library_accepts_what_we_sign():
    at = datetime.now(UTC)  # the library reads the machine's clock

    assert Webhook(SECRET).verify(BODY, headers(at=at))["type"] == "receipt"


def test_we_accept_what_the_published_library_signs():
    given = {**headers(), "webhook-signature": Webhook(SECRET).sign("msg_1", NOW, BODY.decode())}

    assert verify([SECRET], given, BODY, now=NOW) == "msg_1"


def test_the_example_of_the_specification_is_signed_as_it_says():
    # Standard Webhooks, specification, "Signature scheme": secret, id, time and payload of its libraries' tests.
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')

    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_header_names_are_read_in_any_case():
    given = {name.title(): value for name, value in headers().items()}

    assert verify([SECRET], given, BODY, now=NOW) == "msg_1"


def test_each_of_two_active_secrets_may_have_signed():
    other = new_webhook_secret()

    assert verify([SECRET, other], headers(), BODY, now=NOW) == "msg_1"
    assert verify([other, SECRET], headers(), BODY, now=NOW) == "msg_1"


def test_one_fitting_signature_among_several_is_enough():
    given = headers()
    given["webhook-signature"] = f"v1a,xyz v1,{b64encode(b'other').decode()} {given['webhook-signature']}"

    assert verify([SECRET], given, BODY, now=NOW) == "msg_1"


@pytest.mark.parametrize("seconds", [-300, 300], ids=["300 s old", "300 s ahead"])
def test_five_minutes_off_are_tolerated(seconds):
    assert verify([SECRET], headers(at=NOW + timedelta(seconds=seconds)), BODY, now=NOW) == "msg_1"


@pytest.mark.parametrize("seconds", [-301, 301], ids=["301 s old", "301 s ahead"])
def test_a_second_more_is_refused(seconds):
    with pytest.raises(UnauthenticatedError, match="too old or too new"):
        verify([SECRET], headers(at=NOW + timedelta(seconds=seconds)), BODY, now=NOW)


def test_a_change_of_any_bit_of_the_body_is_noticed():
    given = headers()

    for position in range(len(BODY) * 8):
        changed = bytearray(BODY)
        changed[position // 8] ^= 1 << (position % 8)
        with pytest.raises(UnauthenticatedError):
            verify([SECRET], given, bytes(changed), now=NOW)


@pytest.mark.parametrize(
    "changed",
    [
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-id": "x" * 201},
        {"webhook-id": "msg\n1"},
        {"webhook-id": "ms\N{LATIN SMALL LETTER G WITH BREVE}"},
        {"webhook-timestamp": str(int(NOW.timestamp()) + 1)},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "\N{SUPERSCRIPT TWO}"},
        {"webhook-timestamp": "9" * 13},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,æøå"},
        {"webhook-signature": "\ud800"},
    ],
    ids=str,
)
def test_headers_that_were_not_signed_so_are_refused(changed):
    given = {**headers(), **changed}

    with pytest.raises(UnauthenticatedError):
        verify([SECRET], given, BODY, now=NOW)


@pytest.mark.parametrize("name", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_refused(name):
    given = headers()
    del given[name]

    with pytest.raises(UnauthenticatedError):
        verify([SECRET], given, BODY, now=NOW)


def test_a_stranger_s_secret_is_refused():
    with pytest.raises(UnauthenticatedError):
        verify([SECRET], headers(secret=new_webhook_secret()), BODY, now=NOW)


def test_without_any_secret_everything_is_refused():
    with pytest.raises(UnauthenticatedError):
        verify([], headers(), BODY, now=NOW)
