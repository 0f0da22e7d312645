"""Drafts: the last saving counts, unless somebody saved in between."""

import pytest

from kernel.errors import ConflictError, NotFoundError
from kernel.ids import RequestId
from store.repositories.drafts import Draft
from tests.builders import CLINIC_ID
from tests.stored import store_asked


def test_a_draft_grows_by_versions(store):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        assert tx.drafts.get(asked.request.id) is None
        assert tx.drafts.save(asked.request.id, b"one", 0) == 1
        assert tx.drafts.save(asked.request.id, b"two", 1) == 2

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.drafts.get(asked.request.id) == Draft(b"two", 2)


@pytest.mark.parametrize("expected", [0, 1, 3], ids=["as if new", "older", "newer"])
def test_a_draft_changed_elsewhere_is_not_overwritten(store, expected):
    asked = store_asked(store)
    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.drafts.save(asked.request.id, b"one", 0)
        tx.drafts.save(asked.request.id, b"two", 1)

    with pytest.raises(ConflictError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.drafts.save(asked.request.id, b"three", expected)

    with store.read(CLINIC_ID, asked.actor) as tx:
        assert tx.drafts.get(asked.request.id) == Draft(b"two", 2)


def test_a_removed_draft_is_gone_and_removing_it_again_does_nothing(store):
    asked = store_asked(store)

    with store.write(CLINIC_ID, asked.actor) as tx:
        tx.drafts.save(asked.request.id, b"one", 0)
        tx.drafts.remove(asked.request.id)
        tx.drafts.remove(asked.request.id)
        assert tx.drafts.get(asked.request.id) is None


def test_a_draft_belongs_to_a_request(store):
    asked = store_asked(store)

    with pytest.raises(NotFoundError), store.write(CLINIC_ID, asked.actor) as tx:
        tx.drafts.save(RequestId("unknown"), b"one", 0)


def test_a_draft_does_not_show_its_answers_when_printed():
    assert repr(Draft(b"answers", 1)) == "Draft(version=1)"
