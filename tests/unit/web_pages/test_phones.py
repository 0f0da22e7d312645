"""Telephone numbers in a sentence can be called by a tap."""

import pytest

from web.pages import linked_phones


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ("Lige nu kan du ringe til din læge, 70 11 07 07.", [("70110707", "70 11 07 07")]),
        ("Akuttelefonen 1813", [("1813", "1813")]),
        ("Ring 112, ellers 1818.", [("112", "112"), ("1818", "1818")]),
        ("din læge på hverdage kl. 8-16, eller om 14 dage", []),
    ],
    ids=["a long number", "a short one", "two", "hours and days"],
)
def test_every_number_is_a_link_and_hours_are_none(words, numbers):
    html = str(linked_phones(words))

    for dialled, shown in numbers:
        assert f'<a class="phone" href="tel:{dialled}">{shown}</a>' in html
    assert html.count("<a ") == len(numbers)


def test_everything_else_is_escaped():
    assert str(linked_phones("<b>112</b> & mere")) == (
        '&lt;b&gt;<a class="phone" href="tel:112">112</a>&lt;/b&gt; &amp; mere'
    )
