"""A questionnaire that asks for an answer of every type that a person can give, and the content with it."""

from dataclasses import replace
from types import MappingProxyType

from delivery.in_force import Released
from delivery.schedule import Request, RequestState
from flow.form import Visit
from kernel.ids import RequestId, new_id
from questionnaires.definition import compile_questionnaire
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry
from scoring.catalogue import Catalogue
from tests.browser.world import Invited, World
from tests.released import RELEASED
from tests.unit.questionnaires.forms import definition, item, option, value_set, when

HL7 = "http://hl7.org/fhir/StructureDefinition/"
UCUM = "http://unitsofmeasure.org"


def unit(code: str) -> dict[str, object]:
    return {
        "url": HL7 + "questionnaire-unitOption",
        "valueCoding": {"system": UCUM, "code": code, "display": code},
    }


def limit(name: str, kind: str, value: object) -> dict[str, object]:
    return {"url": HL7 + name, f"value{kind}": value}


EXPLAINS = {"url": HL7 + "questionnaire-itemControl", "valueCodeableConcept": {"coding": [{"code": "help"}]}}
DAY = limit("minValue", "Date", "2020-01-01")
SMALL_FILE = [limit("maxSize", "Decimal", 0.001), limit("mimeType", "Code", "image/png")]
ALONE = {"url": HL7 + "questionnaire-optionExclusive", "valueBoolean": True}
LONELY = {**option("b", None), "extension": [ALONE]}
EVERY_TYPE = definition(
    item("note", "display"),
    item("yes-no", "boolean"),
    item("decimal", "decimal", extension=[limit("minValue", "Decimal", 30), limit("maxValue", "Decimal", 45.5)]),
    item("integer", "integer"),
    item("date", "date", extension=[DAY], item=[item("date-help", "display", extension=[EXPLAINS])]),
    item("moment", "dateTime"),
    item("time", "time"),
    item("string", "string", maxLength=20),
    item("text", "text"),
    item("url", "url"),
    item("choice", "choice", answerValueSet="#answers"),
    item("words", "choice", answerOption=[{"valueString": "rask"}, {"valueString": "syg"}]),
    item("several", "choice", repeats=True, answerOption=[option("a", None), LONELY]),
    item("open", "open-choice", answerOption=[option("a", None), option("b", None)]),
    item("weight", "quantity", extension=[unit("kg")]),
    item("dose", "quantity", extension=[unit("mg"), unit("g")]),
    item("file", "attachment", extension=SMALL_FILE),
    item("lines", "string", repeats=True),
    item("days", "date", repeats=True),
    item(
        "medicine",
        "group",
        repeats=True,
        item=[
            item("name", "string"),
            item("daily", "boolean"),
            item("often", "integer", enableWhen=[when("daily")]),
        ],
    ),
    item("must", "boolean", required=True),
    contained=[value_set("answers", 0, 1)],
)
(QUESTIONNAIRE,) = [compile_questionnaire(EVERY_TYPE, "small.json")]


def released_with(questionnaire: Questionnaire = QUESTIONNAIRE) -> Released:
    """Return our content with one questionnaire more, of which no score is computed but that of one choice."""
    rule = RELEASED.catalogue.rule_for("https://svarbro.example/fhir/Questionnaire/mmrc|2.0.0")
    scores = {}
    for name, one in rule.scores.items():
        items = tuple(replace(part, link_id="choice") for part in one.items)
        scores[name] = replace(one, items=items, bands=())
    own = replace(rule, questionnaire=questionnaire.canonical, scores=MappingProxyType(scores))
    rules = RELEASED.catalogue._rules
    more = replace(rules, by_canonical=MappingProxyType({**rules.by_canonical, questionnaire.canonical: own}))
    known: dict[str, Questionnaire] = {one.canonical: one for one in (*RELEASED.questionnaires.all(), questionnaire)}
    return replace(
        RELEASED,
        questionnaires=Registry(MappingProxyType(known)),
        catalogue=Catalogue(more, RELEASED.catalogue._tables),
    )


def ask_every_type(world: World, name: str = "Nancy Berggren") -> tuple[Invited, Visit, RequestId]:
    """Invite a test person, and ask everything of them first; whatever else was asked is withdrawn."""
    invited = world.invite(name)
    visit = world.services.use_cases.form.open(invited.token)
    request_id = RequestId(new_id())
    with world.services.store.write(visit.clinic_id, visit.actor) as tx:
        others = tx.requests.of_occasion(visit.occasion_id)
        for other in others:
            tx.requests.move(other.id, (RequestState.REQUESTED,), RequestState.CANCELLED, tx.now)
        first = others[0]
        tx.requests.add(
            Request(
                request_id,
                visit.occasion_id,
                visit.patient_ref,
                QUESTIONNAIRE.canonical,
                99,
                RequestState.REQUESTED,
                first.requested_at,
                first.expires_at,
                None,
            )
        )
    return invited, visit, request_id
