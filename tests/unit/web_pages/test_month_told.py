"""A month told three times: page, CSV and FHIR hold the figures that were counted by hand from a small story."""

import csv
import io
import json
import re
import shutil
from datetime import UTC, datetime

import pytest

from flow.actions import MoveAction
from flow.decide import DecisionOrder
from flow.decision_order import ActionOrder
from security.actor import Role
from tests.browser.world import build_world
from tests.unit.web_pages.desk import Desk

MONTH = "2027-03"
BEGIN = datetime(2027, 3, 2, 9, tzinfo=UTC)
TOLD = {
    "enrolled": ("4", "2", "2"),
    "needs-assessed": ("75,0 % (3 af 4)", "100,0 % (2 af 2)", "50,0 % (1 af 2)"),
    "level-set": ("25,0 % (1 af 4)", "50,0 % (1 af 2)", "0,0 % (0 af 2)"),
    "annual-control": ("25,0 % (1 af 4)", "50,0 % (1 af 2)", "0,0 % (0 af 2)"),
    "not-answered": ("25,0 % (1 af 4)", "0,0 % (0 af 2)", "50,0 % (1 af 2)"),
    "unmatched": ("1", "0", "0"),
    "undelivered": ("1", "0", "1"),
    "alerts": ("66,7 (2 af 3)", "50,0 (1 af 2)", "100,0 (1 af 1)"),
    "acted-on": ("50,0 % (1 af 2)", "100,0 % (1 af 1)", "0,0 % (0 af 1)"),
    "override": ("50,0 % (1 af 2)", "50,0 % (1 af 2)", "–"),
    "time-to-handled": ("24,0 (2)", "24,0 (2)", "–"),
}
"""Measure -> in all, in KOL, in LRS; counted by hand from the story, in the words of the page."""
SILENT = {
    "age": {"0-49": (1, 2), "50-64": (0, 1), "75-84": (0, 1)},
    "channel": {"minlaege": (1, 2), "webpatient": (0, 2)},
}
"""Who did not answer, of whom: Else of 1991; Sverre is of her age, Niels of 1974, Nancy of 1948; LRS: Min Læge."""
PACKAGES = ("", "KOL", "LRS")
ROW = re.compile(r'<tr role="row">\s*<th role="rowheader".*?</tr>', re.DOTALL)
CELL = re.compile(r'<td role="cell"[^>]*>(.*?)</td>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
NUMBERS = re.compile(r"(?:(?P<value>[\d,]+)(?: %)? \()?(?P<part>\d+)(?: af (?P<of>\d+))?\)?")


@pytest.fixture(scope="module")
def desk(tmp_path_factory, migrated_sqlite):
    """A desk at the end of the month; on one database, as the counts themselves are tested on both."""
    directory = tmp_path_factory.mktemp("month")
    shutil.copyfile(migrated_sqlite, directory / "svarbro.sqlite")
    world = build_world(directory / "instance", f"sqlite:///{directory / 'svarbro.sqlite'}")
    live_through(world)
    yield Desk(world)
    world.services.store.close()


def live_through(world):
    """Let Nancy's red be agreed to, Sverre's green be overridden and Niels' red wait, while Else is silent."""
    world.move_clock(days=(BEGIN - datetime.now(UTC)).total_seconds() / 86_400)
    world.answer(world.invite("Niels Vendelboe", "LRS"), lrs_flags_01=True)
    world.refuse("lps-inbox")
    world.put_aside()
    nancy, sverre = world.invite(), world.invite("Sverre Mosebryggeren")
    world.invite("Else Lauridsen", "LRS")
    world.answer(nancy, kol_status_1=True)
    world.answer(sverre)
    world.move_clock(days=1)
    _control(world, nancy)
    world.decide(sverre, "YELLOW")
    world.move_clock(days=26)
    world.services.use_cases.expire()


def _control(world, invited):
    """Decide as suggested, with a level and an annual control that is held at once."""
    doctor, store = world.staff(Role.CLINICIAN), world.services.store
    with store.read(world.demo.clinic_id, doctor) as tx:
        suggestion = tx.suggestions.newest(invited.enrolment_id)
    assert suggestion.alert.colour == "RED"
    agreed = DecisionOrder(invited.enrolment_id, suggestion.id, "RED", level=2, actions=(ActionOrder("annual-check"),))
    decision = world.services.use_cases.decide(doctor, agreed)
    MoveAction(store)(doctor, decision.actions[0].id, "completed")


def test_page_csv_and_fhir_tell_the_figures_that_were_counted_by_hand(desk):
    page = desk.get(f"/clinic/monitoring?month={MONTH}")
    table = list(csv.DictReader(io.StringIO(_file(desk, "csv").lstrip("\ufeff")), delimiter=";"))
    reports = [json.loads(line) for line in _file(desk, "ndjson").splitlines()]

    assert [_cells(row)[:3] for row in ROW.findall(page)[: len(TOLD)]] == [list(told) for told in TOLD.values()]
    assert {_key(row): _of_csv(row) for row in table if not row["by"]} == _expected()
    assert {key: found for report in reports for key, found in _of_fhir(report).items()} == _expected()


def _expected():
    found = {}
    for measure, told in TOLD.items():
        for package, words in zip(PACKAGES, told, strict=True):
            found[measure, package] = _numbers(measure, words)
    return found


def _numbers(measure, words):
    """Read `75,0 % (3 af 4)` as part, whole, value; a share of nothing has no value."""
    read = NUMBERS.fullmatch(words)
    if read is None:
        return (0, None if measure == "time-to-handled" else 0, None)
    value = read["value"] or read["part"]
    return int(read["part"]), int(read["of"]) if read["of"] else None, float(value.replace(",", "."))


def _file(desk, ending):
    return desk.client.get(f"/clinic/monitoring.{ending}?month={MONTH}").text


def _cells(row):
    return [" ".join(TAG.sub(" ", cell).split()) for cell in CELL.findall(row)]


def _key(row):
    return row["measure"], row["package"]


def _of_csv(row):
    return int(row["part"]), int(row["of"]) if row["of"] else None, _decimal(row["value"])


def _decimal(words):
    return float(words.replace(",", ".")) if words else None


def _of_fhir(report):
    """Return measure and package -> part, whole, value, as a reader of FHIR would find them."""
    measure = report["measure"].rpartition("/")[2].partition("|")[0]
    return {(measure, group["code"]["text"].replace("all", "")): _group(group) for group in report["group"]}


def _group(group):
    counts = {one["code"]["coding"][0]["code"]: one["count"] for one in group["population"]}
    score = group.get("measureScore", {}).get("value")
    part = counts["numerator"] if "numerator" in counts else counts["initial-population"]
    return part, counts.get("denominator"), None if score is None else round(score, 1)


def test_the_silent_are_told_apart_by_age_and_channel_alike(desk):
    page = desk.get(f"/clinic/monitoring?month={MONTH}")
    table = list(csv.DictReader(io.StringIO(_file(desk, "csv").lstrip("\ufeff")), delimiter=";"))
    report = next(
        one for one in map(json.loads, _file(desk, "ndjson").splitlines()) if "not-answered" in one["measure"]
    )

    in_csv = {(row["by"], row["group"]): _of_csv(row)[:2] for row in table if row["by"] and not row["package"]}
    in_fhir = {
        (apart["code"][0]["text"], one["value"]["text"]): _group(one)[:2]
        for apart in report["group"][0]["stratifier"]
        for one in apart["stratum"]
    }
    counted = {(by, group): found for by, groups in SILENT.items() for group, found in groups.items()}
    on_page = [_numbers("not-answered", _cells(row)[0])[:2] for row in ROW.findall(page)[len(TOLD) :]]
    assert in_csv == in_fhir == counted
    assert on_page == list(counted.values())
    assert [one.get("text") for one in (group["code"] for group in report["group"])] == ["all", "KOL", "LRS"]


def test_the_population_says_who_is_due_has_answered_has_a_level_and_a_control(desk):
    page = desk.get("/clinic/population")

    rows = [_cells(row) for row in ROW.findall(page)]
    # Enrolled; asked now, not answered, on pause, without level, without annual control; by a number first.
    counted = [[cell.partition(" ")[0] for cell in row] for row in rows[:2]]
    assert counted == [["2", "0", "0", "0", "1", "1"], ["2", "0", "1", "0", "2", "2"]]
    assert [row[1:5] for row in rows[2:]] == [
        ["16. marts 2027", "2. marts 2027 kl. 10.00", "Ingen endnu", "Ingen meldt udført"],
        [
            "3. september 2027",
            "2. marts 2027 kl. 10.00",
            "Rød Niveau 2 3. marts 2027 kl. 10.00",
            "3. marts 2027 kl. 10.00",
        ],
        ["3. september 2027", "2. marts 2027 kl. 10.00", "Gul 3. marts 2027 kl. 10.00", "Ingen meldt udført"],
        ["16. marts 2027", "Aldrig Svarede ikke på det sidste skema", "Ingen endnu", "Ingen meldt udført"],
    ]
