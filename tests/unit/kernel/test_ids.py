"""Identifiers."""

import uuid

from kernel.ids import new_id


def test_an_id_is_a_uuid_of_version_7_as_text():
    made = new_id()

    assert uuid.UUID(made).version == 7
    assert made == str(uuid.UUID(made))
    assert len(made) == 36


def test_ids_are_never_made_twice():
    made = [new_id() for _ in range(10_000)]

    assert len(set(made)) == len(made)


def test_ids_sort_in_the_order_of_making():
    made = [new_id() for _ in range(10_000)]

    assert sorted(made) == made
