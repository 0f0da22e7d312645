"""The chain: each link tells its row, its place and what came before."""

import hashlib
import json
from dataclasses import replace

import pytest

from security.chain import START, Broken, Fault, Head, Kind, fingerprint, linked, walk

CLINIC = "c1"
AT = "2027-01-11 09:00:00.000000"
PRINTS = [fingerprint(Kind.AUDIT, [str(number), "read"]) for number in range(4)]


def chain(prints=PRINTS):
    head, links = Head(), []
    for number, one in enumerate(prints):
        links.append(linked(CLINIC, head, (Kind.AUDIT, f"r{number}", one), AT))
        head = Head(links[-1].seq, links[-1].hash)
    return links


def found(links):
    return {link.seq: [link.row_sha256] for link in links}


def test_a_link_is_the_hash_of_clinic_hash_before_number_and_row():
    (first, *_rest) = chain()

    body = [CLINIC, "0" * 64, 1, "audit_event", "r0", PRINTS[0], AT]
    assert first.hash == hashlib.sha256(json.dumps(body).encode()).hexdigest()
    assert START == "0" * 64


def test_a_fingerprint_tells_null_from_empty_and_where_a_cell_ends():
    cells = ([None, "a"], ["", "a"], ["a", ""], ["a"], ["a", None])

    assert len({fingerprint(Kind.AUDIT, one) for one in cells}) == len(cells)
    assert fingerprint(Kind.SCORE, ["a"]) != fingerprint(Kind.AUDIT, ["a"])


def test_a_whole_chain_is_followed_to_its_end_in_parts_as_in_one():
    links = chain()

    head, broken = walk(CLINIC, Head(), links, found(links))
    middle, _ = walk(CLINIC, Head(), links[:2], found(links))

    assert (head, broken) == (Head(4, links[-1].hash), None)
    assert walk(CLINIC, middle, links[2:], found(links)) == (head, None)


@pytest.mark.parametrize(
    ("spoil", "fault", "seq"),
    [
        pytest.param(lambda links: [links[0], *links[2:]], Fault.GAP, 3, id="one-removed"),
        pytest.param(lambda links: [links[1], links[0], *links[2:]], Fault.GAP, 2, id="two-exchanged"),
        pytest.param(
            lambda links: [links[0], replace(links[1], row_id="r9"), *links[2:]], Fault.CHANGED_LINK, 2, id="id"
        ),
        pytest.param(
            lambda links: [links[0], replace(links[1], kind=Kind.SCORE), *links[2:]], Fault.CHANGED_LINK, 2, id="kind"
        ),
        pytest.param(
            lambda links: [links[0], replace(links[1], sealed_at="2027"), *links[2:]],
            Fault.CHANGED_LINK,
            2,
            id="moment",
        ),
        pytest.param(
            lambda links: [links[0], replace(links[1], row_sha256=PRINTS[0]), *links[2:]],
            Fault.CHANGED_LINK,
            2,
            id="fingerprint",
        ),
        pytest.param(lambda links: [*links[:3], replace(links[3], hash=START)], Fault.CHANGED_LINK, 4, id="last-hash"),
    ],
)
def test_the_first_link_that_is_not_as_it_was_made_is_named(spoil, fault, seq):
    links = chain()

    _, broken = walk(CLINIC, Head(), spoil(links), found(links))

    assert broken is not None
    assert (broken.fault, broken.seq) == (fault, seq)


def test_a_row_that_is_another_or_gone_is_named():
    links = chain()
    seen = found(links)

    changed = walk(CLINIC, Head(), links, {**seen, 3: [PRINTS[0]]})
    gone = walk(CLINIC, Head(), links, {**seen, 3: []})

    assert changed == (Head(2, links[1].hash), Broken(Fault.CHANGED_ROW, 3, Kind.AUDIT, "r2"))
    assert gone[1] == Broken(Fault.MISSING_ROW, 3, Kind.AUDIT, "r2")


def test_the_chain_of_another_clinic_is_not_this_one():
    links = chain()

    assert walk("c2", Head(), links, found(links))[1] == Broken(Fault.CHANGED_LINK, 1, Kind.AUDIT, "r0")
