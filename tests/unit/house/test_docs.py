"""The papers: links lead somewhere, decisions have their form, the register names places that exist."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.unit.house.house import ROOT, tables

PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
HEADINGS = ["Context", "Options", "Decision", "Consequences", "Revisit when"]
REGISTER = ROOT / "docs" / "assumptions.md"
KINDS = {"open", "recalled", "inferred", "proposal"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def anchors(page: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def assumptions() -> list[list[str]]:
    return [row for row in tables(REGISTER) if re.fullmatch(r"A\d\d", row[0])]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)\s]+)\)", text) if not re.match(r"[a-z]+:", link)]

    for link in links:
        path, _, anchor = link.partition("#")
        target = (page.parent / path) if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_a_page_has_one_title(page):
    text = re.sub(r"```.*?```", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)

    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1
    assert text.startswith("# ")


def test_decisions_are_numbered_from_one():
    assert [int(path.name[:4]) for path in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    assert len(DECISIONS) >= 10


@pytest.mark.parametrize("record", DECISIONS, ids=name)
def test_a_decision_has_its_form(record):
    lines = record.read_text(encoding="utf-8").splitlines()

    assert len(lines) <= 60
    assert lines[0].startswith(f"# {record.name[:4]} ")
    assert re.fullmatch(r"- Date: \d{4}-\d\d-\d\d", lines[2])
    assert re.fullmatch(r"- Status: (proposed|accepted|superseded by \[\d{4}\]\(\S+\))", lines[3])
    assert [line.removeprefix("## ") for line in lines if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("record", DECISIONS, ids=name)
def test_the_list_of_decisions_names_each(record):
    title = record.read_text(encoding="utf-8").splitlines()[0].removeprefix("# ")

    assert f"[{title}]({record.name})" in (record.parent / "README.md").read_text(encoding="utf-8")


def test_assumptions_have_ids_that_are_used_once():
    ids = [row[0] for row in assumptions()]

    assert len(ids) == len(set(ids)) >= 30


@pytest.mark.parametrize("row", assumptions(), ids=lambda row: row[0])
def test_an_assumption_says_what_why_where_and_who(row):
    _id, kind, assumed, why, place, who = row

    assert kind in KINDS
    assert min(len(assumed), len(why), len(who)) > 3
    assert (ROOT / place.strip("`")).exists(), place


def files_of_the_layout() -> Iterator[tuple[str, str]]:
    """Yield room and file name of every file that the style page's layout names as built."""
    text = (ROOT / "docs" / "style.md").read_text(encoding="utf-8")
    room = "."
    for line in text[text.index("\napp.py ") : text.index("## 2.")].splitlines():
        room = line.split("/")[0] if re.match(r"[a-z]+/", line) else room
        for file in re.findall(r"\b[a-z_]+\.(?:py|md)\b", line.split("; later")[0]):
            yield room, file


def test_the_layout_of_the_style_page_names_files_that_exist():
    missing = [
        file
        for room, file in files_of_the_layout()
        if not any((ROOT / room / folder / file).exists() for folder in ("", "channels", "plans", ".."))
    ]

    assert missing == []
    assert len(list(files_of_the_layout())) > 25


def test_the_licence_is_the_whole_apache_licence():
    text = (ROOT / "LICENSE").read_text(encoding="utf-8")

    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text
    assert "APPENDIX: How to apply the Apache License to your work." in text


def test_the_change_log_begins_with_what_is_not_released():
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")

    assert re.findall(r"^## (.*)$", text, re.MULTILINE)[0] == "[Unreleased]"
    assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= {
        "Added",
        "Changed",
        "Deprecated",
        "Removed",
        "Fixed",
        "Security",
    }
