"""The matrix: what came of each route, called by everybody, about what one clinic, another and nobody has."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.contract.access.callers import NAMES, Caller, callers
from tests.contract.access.calls import call_of, made, method_of, names_a_thing
from tests.contract.access.things import PEOPLE, Stock, Things, stocked
from tests.contract.doors import House
from tests.signing import Pair
from tests.unit.house.house import ROOT

PAGE = ROOT / "docs" / "authorisation.md"
TURNS: Mapping[str, int] = {
    "clinic.release": -3,
    "outbox.retry": -2,
    "clinic.arrange_outbox": -2,
    "outbox.cancel": -1,
    "leave.take": 1,
    "clinic.sign_in": 1,
    "clinic.sign_out": 2,
}
"""What nobody could do any more after a new decision comes first, what ends a form or the sessions of all last."""
ELSEWHERE = ("foreign-clinician",)
"""Who belongs to the second clinic."""
TOO_LATE = (409, 410, 412)
"""Whoever comes after somebody who was allowed finds it done already."""
SEALED = re.compile(r'(?:name="csrf_token" value|data-token)="[^"]*"')
"""Sealed anew on every page."""


@dataclass(frozen=True)
class Told:
    """What one caller was told about one object.

    Args:
        named: ids that the request itself named.
    """

    route: str
    status: int
    text: str
    location: str
    named: frozenset[str]

    def names(self, ids: frozenset[str]) -> frozenset[str]:
        """Return which of these ids stand in it although the request did not name them."""
        return frozenset(one for one in ids - self.named if one in self.text or one in self.location)

    @property
    def without_ids(self) -> tuple[int, str, str]:
        """All of it but the ids that the request named."""
        text, location = SEALED.sub("", self.text), self.location
        for one in self.named:
            text, location = text.replace(one, "ID"), location.replace(one, "ID")
        return self.status, text, location


@dataclass(frozen=True)
class Row:
    """One route.

    Args:
        told: caller -> of the first clinic's object, of the second's, and of one that nobody has.
        ids: of all that each clinic has.
    """

    route: str
    told: Mapping[str, Sequence[Told]]
    ids: tuple[frozenset[str], frozenset[str]]

    @property
    def cells(self) -> tuple[str, ...]:
        """What the page should say."""
        has_succeeded, cells = False, []
        for name in (name for name in NAMES if name in self.told):
            words = [_word(told, has_succeeded=has_succeeded) for told in self.told[name][:2]]
            has_succeeded = has_succeeded or "yes" in words
            cells.append("/".join(dict.fromkeys(words)))
        return tuple(cells)

    @property
    def foreign(self) -> Mapping[str, tuple[Told, Told]]:
        """Caller -> what was told of another clinic's object, and of one that nobody has."""
        asked = {name: told for name, told in self.told.items() if len(told) == 3}
        return {name: (told[0 if name in ELSEWHERE else 1], told[2]) for name, told in asked.items()}

    @property
    def leaks(self) -> Mapping[str, frozenset[str]]:
        """Caller -> ids of another clinic that it was shown and had not named itself."""
        shown = {
            name: frozenset().union(*(one.names(self.ids[0 if name in ELSEWHERE else 1]) for one in told))
            for name, told in self.told.items()
        }
        return {name: ids for name, ids in shown.items() if ids}


def _word(told: Told, *, has_succeeded: bool) -> str:
    if told.status == 401 or (told.location.endswith("/clinic/login") and not told.route.endswith("/logout")):
        return "who"
    if told.status == 403:
        return "no"
    if told.status == 404 or ('"searchset"' in told.text and '"entry"' not in told.text):
        return "none"
    if told.status < 400 or (has_succeeded and told.status in TOO_LATE):
        return "yes"
    return str(told.status)


def route_of(rule: Rule) -> str:
    """Name a route as the page does."""
    return f"{method_of(rule)} {rule.rule}"


def rules(house: House) -> list[Rule]:
    """Return every route in the order in which they are called."""
    found = house.app.url_map.iter_rules()
    return sorted(found, key=lambda rule: (TURNS.get(rule.endpoint, 0), rule.rule, rule.endpoint))


@dataclass(frozen=True)
class World:
    """Two clinics that have one of everything, and everybody who calls."""

    house: House
    stocks: tuple[Stock, Stock]
    everybody: tuple[Caller, ...]

    def ask(self, rule: Rule, caller: Caller) -> Told:
        """Call a route about what the first clinic has."""
        return _ask(self.house, rule, caller, {**self.stocks[0].things, "token": self.stocks[0].links[0]})


def world_of(house: House, pair: Pair, wanted: Sequence[str] = NAMES) -> World:
    """Prepare everything that is called for.

    Args:
        wanted: who calls.
    """
    stocks = (stocked(house, house.one, PEOPLE[0]), stocked(house, house.other, PEOPLE[1]))
    everybody = tuple(caller for caller in callers(house, stocks, pair) if caller.name in wanted)
    return World(house, stocks, everybody)


def matrix(world: World) -> Iterator[Row]:
    """Call everything as everybody."""
    house, stocks = world.house, world.stocks
    for rule in rules(house):
        told = {caller.name: _told(house, rule, caller, stocks) for caller in world.everybody}
        yield Row(route_of(rule), told, (stocks[0].ids, stocks[1].ids))


def _told(house: House, rule: Rule, caller: Caller, stocks: tuple[Stock, Stock]) -> list[Told]:
    one, other = ({**stock.things, "token": stock.links[0]} for stock in stocks)
    if not names_a_thing(rule, one):
        return [_ask(house, rule, caller, one)]
    told = [_ask(house, rule, caller, things) for things in (one, other)]
    # Whoever is refused whatever is asked for is told nothing about it either.
    is_refused = all(_word(each, has_succeeded=False) in ("no", "who") for each in told)
    return told if is_refused else [*told, _ask(house, rule, caller, {**stocks[0].unknown(), "token": "nobody"})]


def _ask(house: House, rule: Rule, caller: Caller, things: Things) -> Told:
    call = call_of(rule, method_of(rule), things)
    answer: TestResponse = made(house, caller, call, things)
    sent = f"{call.address} {call.body!r} {things['Communication'] if call.endpoint == 'channels.events' else ''}"
    named = frozenset(value for value in things.values() if value in sent)
    # A printed form is no text; what of it is one can still be read.
    text = answer.get_data().decode(errors="replace")
    return Told(route_of(rule), answer.status_code, text, answer.headers.get("Location", ""), named)


def written(page: Path = PAGE) -> dict[str, tuple[str, ...]]:
    """Read the page: route -> a cell for each caller."""
    lines = [line for line in page.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    rows = [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in lines]
    return {row[0]: tuple(row[1:]) for row in rows}
