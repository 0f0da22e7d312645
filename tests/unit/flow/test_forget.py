"""What is kept for a while only: a draft goes thirty days after it was last touched, and others stay."""

from datetime import timedelta

import pytest

from flow.forget import DRAFT_LIFE, ForgetDrafts
from tests.builders import CLINIC_ID


@pytest.fixture
def drafted(way):
    """Enrol a patient with a draft, saved now."""
    enrolled = way.enrolled()
    way.open_due()
    request = way.asked(enrolled)["cat"]
    with way.store.write(CLINIC_ID, way.system) as tx:
        tx.drafts.save(request.id, b'{"half": "filled"}', 0)
    return request


def draft(way, request):
    with way.look() as tx:
        return tx.drafts.get(request.id)


def test_a_draft_stays_for_thirty_days_and_then_goes_with_a_row_of_the_audit(way, drafted):
    forget = ForgetDrafts(way.store, way.clock)
    way.clock.at += timedelta(days=30)

    assert forget() == 0
    assert draft(way, drafted) is not None

    way.clock.move(microseconds=1)
    assert forget() == 1
    assert draft(way, drafted) is None
    with way.look() as tx:
        last = tx.audit.events()[-1]
    assert (last.action, last.purpose, DRAFT_LIFE.days) == ("forget-drafts", "retention", 30)


def test_where_nothing_is_over_nothing_is_written(way, drafted):
    with way.look() as tx:
        before = len(tx.audit.events())

    assert ForgetDrafts(way.store, way.clock)() == 0

    with way.look() as tx:
        assert len(tx.audit.events()) == before
