"""The oracle gives the published figures, its vectors stand on both sides of every edge, and a difference is seen."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from scoring.result import Score
from tests.oracle.back import odi, roland_morris
from tests.oracle.known import INSTRUMENTS
from tests.oracle.life import eq5d5l_dk
from tests.oracle.reading import Told, points
from tests.oracle.vectors import every, how_many, prefixes, walk
from tests.proof.engine import difference


def test_published_figures_come_out():
    """EQ-5D 11123 and 55555, ODI 16 of 45, and RMDQ 17 of 23 and of 20, as reference/instruments.md quotes them."""
    domains = ("eq5d-mo", "eq5d-sc", "eq5d-ua", "eq5d-pd", "eq5d-ad")
    back = roland_morris("rmdq23", 23)
    yes = {f"rmdq23-{place:02d}": place <= 17 for place in range(1, 24)}
    fewer = {name: one for name, one in yes.items() if name < "rmdq23-21"}
    nine = dict(zip((f"odi-{place:02d}" for place in range(1, 10)), (5, 5, 5, 1, 0, 0, 0, 0, 0), strict=True))

    assert eq5d5l_dk(dict(zip(domains, (1, 1, 1, 2, 3), strict=True)), {})["index"].display == Fraction("0.761")
    assert eq5d5l_dk(dict.fromkeys(domains, 5), {})["index"].display == Fraction("-0.758")
    assert back.score(yes, back.defaults())["pct"].display == Fraction("73.9")
    assert back.score(fewer, back.defaults())["pct"].display == 85
    assert odi(nine, {"minAnswered": 9})["pct"].value == Fraction(1600, 45)


def test_there_are_23_instruments():
    assert len(INSTRUMENTS) == 23


@pytest.mark.parametrize(("name", "size"), [("cat", 6**8), ("startback", 2**8 * 5), ("mmrc", 5), ("bhls", 5**3)])
def test_parts_of_all_vectors_make_the_whole(name, size):
    instrument = INSTRUMENTS[name]
    heads = prefixes(instrument, gaps=False)

    assert how_many(instrument, gaps=False) == size
    if size < 10_000:
        seen = [tuple(one.items()) for head in heads for one in every(instrument, gaps=False, prefix=head)]
        assert len(set(seen)) == len(seen) == size


def test_items_that_are_not_asked_are_in_no_vector():
    flags = [*every(INSTRUMENTS["lrs-flags"], gaps=True)]

    assert len(flags) == 3**7 * (2 + 3**4)
    assert all("lrs-flags-09" not in one for one in flags if one.get("lrs-flags-08") is not True)


@pytest.mark.parametrize("name", ["cat", "odi", "ompsq10", "rmdq23", "ccq", "hls-eu-q16"])
def test_a_walk_takes_every_sum_from_the_lowest_to_the_highest(name):
    instrument, random = INSTRUMENTS[name], Random(4)
    for missing in (0, 1, 2):
        sums = [sum(points(given, [*given])) for given in walk(instrument, random, missing)]
        assert {after - before for before, after in pairwise(sums)} <= {0, 1}
        assert len(set(sums)) > len(instrument.items) - missing


@pytest.mark.parametrize("part", ["value", "display", "band", "estimated", "answered", "missing", "reason"])
def test_every_kind_of_difference_is_seen(part):
    found = Score("x", Fraction(91, 4), "22.8", "high", estimated=True, answered=7, missing=1)
    told = Told(Fraction(91, 4), Fraction("22.8"), "high", estimated=True, answered=7, missing=1)
    other: dict[str, Any] = {
        "value": Fraction(91, 5),
        "display": "22.7",
        "band": "low",
        "estimated": False,
        "answered": 8,
        "missing": 0,
        "reason": "too-many-missing",
    }

    assert difference(found, told) == ""
    assert part in difference(replace(found, **{part: other[part]}), told)
