"""The form's use cases on real databases: nothing lost, nothing doubled, nobody else's."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from delivery.schedule import OccasionState, RequestState
from flow.form import LinkClosedError, PatientForm, Visit
from kernel.errors import ConflictError, InvalidResponseError, NotFoundError, NotOpenError
from kernel.ids import OccasionId, RequestId
from tests.fakes import FakeClock


@pytest.fixture
def form(world):
    return world.services.use_cases.form


@pytest.fixture
def visit(world, form):
    return form.open(world.invite().token)


def read(world, visit):
    return world.services.store.read(visit.clinic_id, visit.actor)


def first_page(form, visit):
    return form.overview(visit).pages[0]


def test_a_link_that_nobody_gave_out_opens_nothing(form):
    with pytest.raises(NotFoundError):
        form.open("made-up")


def test_a_link_opens_the_occasion_with_all_that_is_asked(form, visit):
    overview = form.overview(visit)

    assert overview.state is OccasionState.OPEN
    assert overview.forms[0].questionnaire.safety_screen
    assert {one.questionnaire.id for one in overview.forms} == {"kol-status", "cat", "mmrc", "shk-draft"}
    assert len(overview.questions) == 25
    assert not overview.all_sent


def test_an_answer_is_there_for_the_next_browser_and_the_request_is_in_progress(form, visit):
    page = first_page(form, visit)

    form.save(visit, page.form.request.id, page.item.link_id, (True,))

    again = form.overview(visit)
    assert again.page(page.number).answers == (True,)
    assert again.forms[0].request.state is RequestState.IN_PROGRESS
    assert again.forms[1].request.state is RequestState.REQUESTED
    assert [notice.item.link_id for notice in again.dangers] == ["kol-status-1-notice"]


def test_an_answer_can_be_taken_back_to_nothing(form, visit):
    page = first_page(form, visit)
    form.save(visit, page.form.request.id, page.item.link_id, (True,))

    overview = form.save(visit, page.form.request.id, page.item.link_id, ())

    assert overview.page(page.number).is_open


def test_a_number_outside_its_range_is_refused_and_nothing_is_saved(form, visit):
    count = next(page for page in form.overview(visit).pages if page.item.link_id == "kol-status-8")

    with pytest.raises(InvalidResponseError) as refused:
        form.save(visit, count.form.request.id, "kol-status-8", (21,))

    assert [issue.rule for issue in refused.value.issues] == ["out-of-range"]
    assert form.overview(visit).page(count.number).is_open


def test_a_request_of_another_occasion_is_unknown_here(world, form, visit):
    other = form.open(world.invite("Sverre Mosebryggeren").token)

    with pytest.raises(NotFoundError):
        form.save(visit, first_page(form, other).form.request.id, "kol-status-1", (True,))


def test_a_visit_of_another_occasion_shows_nothing(form, visit):
    with pytest.raises(NotFoundError):
        form.overview(replace(visit, occasion_id=OccasionId("0192f000-0000-7000-8000-000000000000")))


class Beaten:
    """A store whose draft is saved by somebody else just before us, so many times."""

    def __init__(self, store, times):
        self.store = store
        self.times = times

    def __getattr__(self, name):
        return getattr(self.store, name)

    def write(self, clinic_id, actor):
        if self.times:
            self.times -= 1
            raise ConflictError("The draft has been changed elsewhere.")
        return self.store.write(clinic_id, actor)


@pytest.mark.parametrize("times", [1, 2])
def test_two_tabs_that_save_at_once_lose_nothing(world, form, visit, times):
    page = first_page(form, visit)
    beaten = replace(form, store=Beaten(world.services.store, times))

    overview = beaten.save(visit, page.form.request.id, page.item.link_id, (False,))

    assert overview.page(page.number).answers == (False,)


def test_a_draft_that_never_gives_way_is_told_to_the_patient(world, form, visit):
    page = first_page(form, visit)
    beaten = replace(form, store=Beaten(world.services.store, 3))

    with pytest.raises(ConflictError):
        beaten.save(visit, page.form.request.id, page.item.link_id, (False,))


def test_sending_files_every_form_once_and_closes_the_link(world, form):
    invited = world.invite()
    visit = world.answer(invited)

    form.send(visit)

    with read(world, visit) as tx:
        responses = tx.responses.of_occasion(visit.occasion_id)
        drafts = [tx.drafts.get(request.id) for request in tx.requests.of_occasion(visit.occasion_id)]
    assert len(responses) == 4
    assert {response.via for response in responses} == {"form"}
    assert drafts == [None, None, None, None]
    assert form.overview(visit).all_sent
    with pytest.raises(LinkClosedError) as closed:
        form.open(invited.token)
    assert closed.value.state is OccasionState.COMPLETED
    assert closed.value.clinic.name == "Lægerne på Prøvetorvet"


def test_a_danger_answer_can_be_sent_at_once_and_the_rest_afterwards(world, form, visit):
    page = first_page(form, visit)
    form.save(visit, page.form.request.id, page.item.link_id, (True,))

    form.send(visit, page.form.request.id)

    overview = form.overview(visit)
    assert [one.request.state.is_open for one in overview.forms] == [False, True, True, True]
    assert len(overview.dangers) == 1
    world.fill(visit)
    form.send(visit)
    assert form.overview(visit).all_sent


def test_a_skipped_question_is_filed_as_a_coded_absence(world, form, visit):
    world.fill(visit)
    page = first_page(form, visit)
    form.save(visit, page.form.request.id, page.item.link_id, (), skipped=True)

    form.send(visit)

    with read(world, visit) as tx:
        filed = tx.responses.of_request(page.form.request.id)
        raw = tx.responses.raw(filed.id)
    assert filed.vector["kol-status-1"] is None
    assert b"asked-declined" in raw


def test_a_double_click_on_send_is_one_sending(world, form, visit):
    world.fill(visit)
    stale = form.overview(visit)

    class Late(PatientForm):
        """Sees the occasion as it was before the first click was done."""

        def overview(self, visit):
            return stale

    form.send(visit)
    Late(form.store, form.content, form.clock, form.receive).send(visit)

    with read(world, visit) as tx:
        assert len(tx.responses.of_occasion(visit.occasion_id)) == 4


def test_what_closed_otherwise_than_by_an_answer_is_told(world, form, visit):
    world.fill(visit)
    world.move_clock(days=60)

    with pytest.raises(NotOpenError):
        form.send(visit)
    with pytest.raises(NotOpenError):
        form.save(visit, first_page(form, visit).form.request.id, "kol-status-1", (True,))


def test_after_the_deadline_the_link_says_so(world, form):
    invited = world.invite()
    world.move_clock(days=60)

    with pytest.raises(LinkClosedError) as closed:
        form.open(invited.token)

    assert closed.value.state is OccasionState.EXPIRED
    assert closed.value.status == 410


def test_another_clinics_visit_sees_nothing(world, form, visit):
    other = Visit(type(visit.clinic_id)("0192f000-0000-7000-8000-0000000000ff"), visit.occasion_id, visit.patient_ref)

    with pytest.raises(NotFoundError):
        form.overview(other)


def test_an_unknown_request_is_not_found(form, visit):
    with pytest.raises(NotFoundError):
        form.save(visit, RequestId("0192f000-0000-7000-8000-0000000000ff"), "kol-status-1", (True,))


def test_a_patient_can_call_the_clinic_by_day_and_the_regions_line_by_night(world, form):
    visit = world.answer(world.invite())
    at_noon = datetime(2027, 1, 12, 11, tzinfo=UTC)  # Tuesday, 12 in Denmark
    at_night = datetime(2027, 1, 12, 22, tzinfo=UTC)

    told = [replace(form, clock=FakeClock(at)).overview(visit).contact.da for at in (at_noon, at_night)]

    assert "00 00 00 00" in told[0]
    assert told[1] == "Lægevagten 70 11 31 31", "the demo clinic lies in Region Midtjylland"
