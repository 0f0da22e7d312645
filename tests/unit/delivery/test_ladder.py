"""The ladder goes one way, and hands nothing twice to one channel."""

import pytest

from delivery.ladder import Step, faults_of, following

LADDER = (Step("webpatient", 10), Step("minlaege", 10), Step("letter", 14), Step("clinic"))
INSTALLED = frozenset({"webpatient", "minlaege", "letter", "clinic"})


@pytest.mark.parametrize(
    ("channel", "tried", "expected"),
    [
        pytest.param("webpatient", {"webpatient"}, ("minlaege", "letter", "clinic"), id="the first step"),
        pytest.param("webpatient", set(), ("minlaege", "letter", "clinic"), id="nothing is known of what was tried"),
        pytest.param("letter", {"webpatient", "minlaege", "letter"}, ("clinic",), id="the last but one"),
        pytest.param("clinic", {"clinic"}, (), id="the last"),
        pytest.param("webpatient", {"webpatient", "minlaege"}, ("letter", "clinic"), id="one was tried before"),
        pytest.param("other", {"other"}, ("webpatient", "minlaege", "letter", "clinic"), id="beside the ladder"),
        pytest.param("other", {"other", "webpatient"}, ("minlaege", "letter", "clinic"), id="beside it, one tried"),
    ],
)
def test_what_follows_a_channel_was_not_tried_and_stands_after_it(channel, tried, expected):
    assert following(LADDER, channel, tried) == expected


def test_without_a_ladder_nothing_follows():
    assert following((), "webpatient", {"webpatient"}) == ()


@pytest.mark.parametrize(
    ("steps", "named"),
    [
        pytest.param((Step("fax"),), "fax", id="not installed"),
        pytest.param((Step("letter", 1), Step("letter")), "twice", id="twice"),
        pytest.param((Step("letter", 0), Step("clinic")), "below one day", id="no wait"),
    ],
)
def test_an_unusable_ladder_is_named(steps, named):
    (fault,) = faults_of(steps, INSTALLED)

    assert named in fault


def test_a_usable_ladder_has_no_fault():
    assert faults_of(LADDER, INSTALLED) == ()
    assert faults_of((Step("letter", 1),), INSTALLED) == ()
