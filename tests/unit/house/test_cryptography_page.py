"""The inventory of keys and algorithms: nothing cryptographic stands in the code that does not stand there."""

import re
from dataclasses import fields

from security.keys import KeyRing
from tests.unit.house.house import ROOT, imported_names, sources, tables

PAGE = ROOT / "docs" / "cryptography.md"
LIBRARIES = {"hashlib", "hmac", "secrets", "cryptography", "joserfc", "authlib"}
SIMULATOR = "delivery/simulator/"
"""Plays the other end; it is no part of an installation."""
CODE = re.compile(r"`([a-z_]+)`")
MODULE = re.compile(r"`([a-z_/]+\.py)`")


def test_every_module_that_uses_cryptography_stands_in_the_inventory():
    used = {
        str(path.relative_to(ROOT))
        for path in sources()
        if {name.partition(".")[0] for name in imported_names(path)} & LIBRARIES
    }
    told = {module for row in tables(PAGE) for module in MODULE.findall(row[0])}

    assert {path for path in used if not path.startswith(SIMULATOR)} == told


def test_every_key_of_the_ring_stands_in_the_inventory_with_how_it_is_changed():
    rows = {key: row for row in tables(PAGE) if len(row) == 4 for key in CODE.findall(row[0])}

    # Which of the wrapping keys is current is no key.
    assert {one.name for one in fields(KeyRing)} - {"current"} <= set(rows)
    assert all(len(row[3]) > 3 for row in rows.values())
