"""Every score of every shipped rule equals that of the oracle: value, display, band, estimated, answered, missing."""

from fractions import Fraction
from itertools import product
from time import process_time

import pytest

from scoring.derived import derive
from scoring.result import Score
from tests.oracle.copd import gold_group
from tests.oracle.known import INSTRUMENTS
from tests.oracle.vectors import how_many, how_many_multisets, prefixes
from tests.proof.engine import CATALOGUE, REGISTRY, difference
from tests.proof.extent import FULL, extent
from tests.proof.scores import Found, Piece, compare

TITLE = "Scores against the oracle"
KNOWN = {str(rule.questionnaire): REGISTRY.get(rule.questionnaire).id for rule in CATALOGUE.rules()}
MOST = extent(2_000, 1_700_000)
MOST_WITH_GAPS = extent(50_000, 1_100_000)
MOST_MULTISETS = extent(10_000, 100_000)
RANDOM = extent(5_000, 100_000)
CHUNK = 5_000


def pieces(canonical):
    """Share the vectors of a rule out: all there are where they can be counted, and samples of everything."""
    name = KNOWN[canonical]
    instrument = INSTRUMENTS[name]
    for kind, gaps, most in (("complete", False, MOST), ("gapped", True, MOST_WITH_GAPS)):
        if how_many(instrument, gaps=gaps) <= most:
            heads = prefixes(instrument, gaps=gaps)
            yield from (Piece(canonical, name, kind, prefix=head) for head in heads)
    if 0 < how_many_multisets(instrument) <= MOST_MULTISETS:
        yield Piece(canonical, name, "multisets")
    yield Piece(canonical, name, "single gaps", count=extent(20, 500))
    yield from (Piece(canonical, name, "walks", count=1, seed=seed) for seed in range(extent(2, 40)))
    for seed in range(-(-RANDOM // CHUNK)):
        yield Piece(canonical, name, "random", count=min(CHUNK, RANDOM), seed=seed)


def test_no_rule_is_shipped_that_the_oracle_does_not_know():
    assert set(KNOWN.values()) - set(INSTRUMENTS) == set()


def test_every_instrument_that_the_oracle_knows_is_shipped():
    assert set(INSTRUMENTS) - set(KNOWN.values()) == set()


def test_the_forms_of_the_oracle_are_those_that_are_shipped():
    """Same linkIds, same options in the same order, same conditions: so the vectors are those of patients."""
    for canonical, name in KNOWN.items():
        questionnaire, instrument = REGISTRY.get(canonical), INSTRUMENTS[name]
        answered = {
            one.link_id: one for one in questionnaire.by_link_id.values() if one.type not in ("display", "group")
        }
        assert list(answered) == [one.link_id for one in instrument.items]
        for asked in instrument.items:
            item = answered[asked.link_id]
            if item.options:
                codes = [one for one in asked.answers if isinstance(one, str)]
                grades = [str(one) for one in asked.answers if not isinstance(one, str)]
                assert [one.code for one in item.options] == grades + codes
            elif item.type == "integer":
                assert (item.min_value, item.max_value) == (asked.answers[0], asked.answers[-1])
            assert [when.question for when in item.enable_when] == ([asked.after[0]] if asked.after else [])


@pytest.mark.parametrize("canonical", sorted(KNOWN), ids=lambda canonical: canonical.rpartition("/")[2])
def test_every_score_is_that_of_the_oracle(canonical, crew, ledger):
    found = Found()
    for part in crew.share(compare, pieces(canonical)):
        found.add(part)

    counts = {kind.replace(" ", "_"): found.vectors[kind] for kind in ("complete", "gapped", "multisets", "walks")}
    ledger.add(
        TITLE,
        instrument=canonical.rpartition("/")[2],
        **counts,
        single_gaps=found.vectors["single gaps"],
        random=found.vectors["random"],
        differences=found.differences,
        seconds=round(found.seconds, 1),
    )
    assert found.differences == 0, "\n".join(found.examples)
    assert found.vectors["random"] >= RANDOM
    reached = {score_id: frozenset(codes) for score_id, codes in found.codes.items()}
    expected = INSTRUMENTS[KNOWN[canonical]].reaches
    assert {score_id: reached.get(score_id) for score_id in expected} == expected


@pytest.mark.parametrize(("name", "all_of_them"), [("cat", 1_679_616), ("startback", 1_280)])
def test_as_many_complete_vectors_as_there_are(name, all_of_them):
    assert how_many(INSTRUMENTS[name], gaps=False) == all_of_them
    assert FULL is False or all_of_them <= MOST


def test_every_gold_group_is_that_of_the_oracle(ledger):
    rule, begin, vectors, wrong = CATALOGUE.derived("gold-abe"), process_time(), 0, []
    cats = [None, *(Fraction(total * 8, answered) for answered in (6, 7, 8) for total in range(5 * answered + 1))]
    counts = [None, *range(21)]
    for edition in ("gold-2023", "gold-2026"):
        for cat, mmrc, exac12, adm12 in product(cats, [None, 0, 1, 2, 3, 4], counts, [None, 0, 1, 2, 20]):
            given = {"cat": number(cat), "mmrc": number(mmrc), "exac12": number(exac12), "adm12": number(adm12)}
            result = derive(rule, given, params={"edition": edition})
            different = difference(result, gold_group(cat, mmrc, exac12, adm12, edition))
            vectors += 1
            wrong += [f"{given} {edition}: {different}"] if different else []
    seconds = round(process_time() - begin, 1)
    ledger.add(TITLE, instrument="gold-abe (derived)", gapped=vectors, differences=len(wrong), seconds=seconds)
    assert not wrong, wrong[:5]


def number(value):
    if value is None:
        return None
    return Score("x", Fraction(value), str(value), None, estimated=False, answered=1, missing=0)
