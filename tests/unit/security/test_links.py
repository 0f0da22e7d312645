"""Personal links: unguessable, the same at each retry, and never in the database."""

import hashlib
from base64 import urlsafe_b64decode

from security.keys import KeyRing
from security.links import link_token, token_hash

KEY = KeyRing.generate().link_key


def test_a_retry_carries_the_same_link():
    assert link_token(KEY, "occasion-1") == link_token(KEY, "occasion-1")


def test_every_occasion_has_its_own_link():
    tokens = {link_token(KEY, f"occasion-{number}") for number in range(10_000)}

    assert len(tokens) == 10_000


def test_another_key_gives_another_link():
    assert link_token(KEY, "occasion-1") != link_token(KeyRing.generate().link_key, "occasion-1")


def test_a_token_has_256_bits_and_needs_no_escaping_in_a_url():
    token = link_token(KEY, "occasion-1")

    assert len(urlsafe_b64decode(token + "=")) == 32
    assert token.replace("-", "").replace("_", "").isalnum()


def test_the_hash_of_a_token_is_its_sha256_in_hex():
    assert token_hash("token") == hashlib.sha256(b"token").hexdigest()


def test_any_text_a_stranger_sends_can_be_hashed():
    assert len(token_hash("\ud800 æøå \x00")) == 64
