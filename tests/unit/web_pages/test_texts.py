"""Every word of the screens lives in one file per language, and every word that is used is there."""

import ast
import json
import re
from pathlib import Path

import pytest

from delivery.escalation import Why
from delivery.monitoring import By
from delivery.outbox import MessageKind, MessageState
from delivery.patient_status import StatusKind
from delivery.population import Standing
from delivery.profile import Misfit
from delivery.release import POLICIES
from delivery.schedule import EnrolmentState
from delivery.work_query import Order, Tab
from flow.candidate_import import Listed
from flow.order import OrderResult
from flow.relation import NO_RELATION
from flow.worklist import WorkState
from scoring.levels import Colour, Urgency
from security.actor import Role
from web.clinic.candidates import COUNTED, FAULTS, LINE_FAULTS
from web.clinic.orders import REASONS
from web.clinic.postpone import FAULTS as POSTPONEMENT_FAULTS
from web.clinic.programme import STATES, TOLD
from web.clinic.work_address import FILTERS
from web.clinic.worklist import COUNTED as DONE
from web.pages import PROBLEMS
from web.patient.own_log import NOT_LET_IN, OTHER_PURPOSE, PURPOSES, SERVICE, SHOWN_NOTHING, STRANGER, WHO

WEB = Path(__file__).parents[3] / "web"
TEXTS = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (WEB / "templates/texts").glob("*.json")}
LITERAL = re.compile(r"""\b(?:t|text)\(["']([\w.-]+\w)["']""")
FORM_FAULTS = (
    *("choose", "write", "file", "number", "decimal", "date", "time", "unit", "other", "range", "between", "low"),
    *("high", "too-long", "too-short", "pattern", "url", "decimals", "file-type", "file-size", "one-file", "alone"),
    *("few", "many", "invalid", "earliest", "latest"),
)
PLACE = re.compile(r"\{(\w+)")


def test_english_has_every_text_of_the_patient_and_danish_has_all():
    danish_for_patients = {key for key in TEXTS["da"] if not key.startswith("clinic.")}

    assert set(TEXTS["en"]) == danish_for_patients


def test_a_translation_fills_in_the_same_values():
    for key, english in TEXTS["en"].items():
        assert set(PLACE.findall(english)) == set(PLACE.findall(TEXTS["da"][key])), key


def test_every_text_that_a_page_names_exists():
    sources = [*WEB.glob("templates/**/*.html"), *WEB.glob("patient/*.py"), WEB / "pages.py"]
    named = {key for path in sources for key in LITERAL.findall(path.read_text(encoding="utf-8"))}

    assert named - set(TEXTS["da"]) == set()
    assert len(named) > 50


@pytest.mark.parametrize(
    ("prefix", "words"),
    [
        ("log.act.", ["C", "R", "U", "E", NOT_LET_IN, SHOWN_NOTHING]),
        ("log.who.", [*WHO.values(), SERVICE, STRANGER]),
        ("log.purpose.", [*PURPOSES, OTHER_PURPOSE]),
        ("clinic.state.", [state.value for state in WorkState]),
        ("clinic.colour.", [colour.value for colour in Colour]),
        ("clinic.urgency.", [urgency.value for urgency in Urgency]),
        ("clinic.message.", [state.value for state in MessageState]),
        ("clinic.kind.", [kind.value for kind in MessageKind]),
        ("clinic.target.", list(POLICIES)),
        ("clinic.attention.why.", [why.value for why in Why]),
        ("clinic.role.", [Role.CLINICIAN.value, Role.CLINIC_STAFF.value, Role.CLINIC_ADMIN.value]),
        ("clinic.ask.result.", [result.value for result in OrderResult]),
        ("clinic.ask.refused.", ["title", "other", *REASONS, *(kind.value for kind in StatusKind)]),
        ("clinic.candidates.now.", COUNTED),
        ("clinic.candidates.brought.", [one.value for one in Listed]),
        ("clinic.candidates.line-fault.", [*LINE_FAULTS, "other"]),
        ("clinic.candidates.misfit.", [one.value for one in Misfit]),
        ("clinic.population.standing.", [one.value for one in Standing]),
        ("clinic.programme.do.", [*STATES, *TOLD, "month", "channel"]),
        ("clinic.programme.state.", [one.value for one in EnrolmentState]),
        ("clinic.programme.status.", [one.value for one in StatusKind]),
        ("clinic.programme.stop.", [one.value for one in StatusKind]),
        ("clinic.programme.told.", [f"{one.value}.{said}" for one in StatusKind for said in ("yes", "no")]),
        ("clinic.programme.error.", ["title", "sure", "ended", "wrong"]),
        ("clinic.monitoring.by.", [one.value for one in By]),
        ("clinic.monitoring.group.", [one.value for one in By]),
        ("clinic.candidates.error.", ["nobody", "behalf", *(words for _, words in FAULTS.values())]),
        ("clinic.work.tab.", [tab.value for tab in Tab]),
        ("clinic.work.none.", [*(tab.value for tab in Tab), "narrowed"]),
        ("clinic.work.order.", [order.value for order in Order]),
        ("clinic.work.filter.", FILTERS),
        ("clinic.work.told.", DONE),
        ("clinic.work.fault.", ["nobody", "behalf", "changed"]),
        ("clinic.postpone.error.", [words for _, words in POSTPONEMENT_FAULTS.values()]),
        ("clinic.cover.", ["person", "stands_in"]),
        ("clinic.cover.error.", ["unknown-person", "same-person", "ends-too-early"]),
        ("clinic.input.", ["present", "missing", "stale", "estimated"]),
        ("clinic.reason.", ["too-many-missing", "input-missing"]),
        ("clinic.problem.", [*PROBLEMS.values(), "unknown", "form", "answered"]),
        ("error.", FORM_FAULTS),
    ],
)
def test_every_word_of_a_list_of_states_has_a_text(prefix, words):
    assert [word for word in words if f"{prefix}{word}" not in TEXTS["da"]] == []


def purposes_in(path):
    """Name what the acts of a file are done for, as it stands there."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "AuditEvent":
            named = [one.value for one in call.keywords if one.arg == "purpose"]
            yield from (ast.unparse(one) for one in [*call.args[3:4], *named])


def test_whatever_an_act_is_done_for_the_patient_reads_it_in_words_of_its_own():
    rooms = (path for room in ("flow", "store", "web", "cli") for path in (WEB.parent / room).rglob("*.py"))
    written = {one for path in rooms for one in purposes_in(path)} - {"row.purpose", "NO_RELATION"}

    # Where it is not said, it is the treatment; what is read back from a row has been said before.
    assert {one.strip("'") for one in written} | {"treatment", NO_RELATION} == set(PURPOSES)
    for language in ("da", "en"):
        words = [TEXTS[language][f"log.purpose.{one}"] for one in (*PURPOSES, OTHER_PURPOSE)]
        assert len(set(words)) == len(words)


@pytest.mark.parametrize("group", [*PROBLEMS.values(), "unknown", "form", "answered"])
def test_every_problem_has_a_title_and_a_text(group):
    assert {f"problem.{group}.title", f"problem.{group}.text"} <= set(TEXTS["da"])


def test_no_patient_text_holds_our_code_name_or_a_colour():
    for language in ("da", "en"):
        patient = " ".join(text for key, text in TEXTS[language].items() if not key.startswith("clinic.")).lower()
        words = set(re.findall(r"\w+", patient))

        assert words & {"svarbro", "score", "rød", "gul", "grøn", "red", "yellow", "green", "triage"} == set()


def lix(texts):
    """Readability of Danish: words per sentence and the share of long words; 35 is easy to read."""
    ended = " ".join(text if text.rstrip().endswith((".", "!", "?", ":")) else f"{text}." for text in texts)
    plain = re.sub(r"\{[^}]*\}", "x", ended)
    words = re.findall(r"\w+", plain)
    sentences = [one for one in re.split(r"[.!?:]+", plain) if re.search(r"\w", one)]
    return len(words) / len(sentences) + 100 * len([word for word in words if len(word) > 6]) / len(words)


def test_the_patient_reads_plain_danish():
    groups: dict[str, list[str]] = {}
    for key, text in TEXTS["da"].items():
        if not key.startswith(("clinic.", "calendar.")):
            groups.setdefault(key.partition(".")[0], []).append(text)

    assert {group: round(lix(texts)) for group, texts in groups.items() if lix(texts) > 35} == {}
    assert lix(["Implementeringsstrategier forudsætter kvalitetssikringsprocedurer."]) > 35
