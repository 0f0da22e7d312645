"""PlanDefinition: a programme as others read it, generated from the file that runs it."""

from collections.abc import Mapping
from functools import partial
from types import MappingProxyType
from typing import Any

from fhir.resources.R4B.plandefinition import PlanDefinition

from delivery.content import Content
from delivery.occasion_kind import SLOT, OccasionKind, Trigger, TriggerType
from delivery.programme import Programme
from delivery.timing import timing_of
from questionnaires.model import Text
from scoring.result import RuleVersion
from web.fhir.model import concept, written
from web.fhir.shelf import Shelf, Shelved
from web.fhir.systems import BASE, DAYS, LEVELS, PACKAGES, PLAN_TYPE, TRANSLATION, library

STATUS: Mapping[str, str] = MappingProxyType({"active": "active", "draft": "draft"})
"""Approval of a programme -> PlanDefinition.status; whatever else it may be is unknown to FHIR."""
DAY = "d"


def plan_definition_shelf(content: Content) -> Shelf:
    """Put every programme version on a shelf."""
    return Shelf("PlanDefinition", (_shelved(programme, content) for programme in content.programmes.all()))


def plan_definition(programme: Programme, content: Content) -> str:
    """Write the PlanDefinition of a programme: an action per kind of occasion, with what it asks inside."""
    tables = _tables(programme, content)
    status = _status(programme)
    return written(
        PlanDefinition,
        {
            "id": f"{programme.id}-{programme.version}",
            "url": f"{BASE}/PlanDefinition/{programme.id}",
            "version": programme.version,
            "name": _name(programme),
            "title": programme.title.da,
            "_title": _translated(programme.title),
            "type": concept(PLAN_TYPE, "workflow-definition"),
            "status": status,
            "experimental": status != "active",
            "publisher": "Svarbro",
            "useContext": [_package(programme)],
            "library": [library(table.id, table.version) for table in tables],
            "action": [_action(programme, kind, content) for kind in programme.occasions],
        },
    )


def _shelved(programme: Programme, content: Content) -> Shelved:
    facts = {
        "url": f"{BASE}/PlanDefinition/{programme.id}",
        "version": programme.version,
        "status": _status(programme),
        "title": programme.title.da,
        "name": _name(programme),
    }
    return Shelved(f"{programme.id}-{programme.version}", facts, partial(plan_definition, programme, content))


def _status(programme: Programme) -> str:
    return STATUS.get(programme.status, "unknown")


def _name(programme: Programme) -> str:
    """Build the name that programs use: letters only, such as `KolFree`."""
    return "".join(part.capitalize() for part in programme.id.split("-"))


def _tables(programme: Programme, content: Content) -> tuple[RuleVersion, ...]:
    alert = content.catalogue.table(programme.alert).version
    return (alert, content.catalogue.needs().version) if programme.needs else (alert,)


def _package(programme: Programme) -> dict[str, Any]:
    code = {"system": "http://terminology.hl7.org/CodeSystem/usage-context-type", "code": "program"}
    return {"code": code, "valueCodeableConcept": concept(PACKAGES, programme.package)}


def _action(programme: Programme, kind: OccasionKind, content: Content) -> dict[str, Any]:
    return {
        "id": kind.id,
        "title": kind.id,
        "code": [{"text": kind.phase}],
        **_when(programme, kind.trigger),
        "action": [
            *(_every(level, months) for level, months in sorted(kind.trigger.months_by_level.items())),
            *(_asked(programme, name, content) for name in kind.ask),
        ],
    }


def _when(programme: Programme, trigger: Trigger) -> dict[str, Any]:
    """Tell when an occasion falls due: by a clock where there is one, else by the event that it waits for."""
    days = {"value": trigger.days, "unit": DAY, "system": "http://unitsofmeasure.org", "code": DAY}
    match trigger.type:
        case TriggerType.EVERY:
            months = trigger.months or trigger.undecided
            return {"timingTiming": timing_of(months)}
        case TriggerType.AFTER_START:
            related = {"actionId": programme.start.id, "relationship": "after-start", "offsetDuration": days}
            return {"relatedAction": [related]}
        case _:
            event: dict[str, Any] = {"type": "named-event", "name": trigger.type.value}
            if trigger.days is not None:
                event["extension"] = [{"url": DAYS, "valueDuration": days}]
            return {"trigger": [event]}


def _every(level: int, months: int) -> dict[str, Any]:
    """Tell the interval of one decided level; until one is decided, that of the action around holds."""
    return {
        "title": f"level-{level}",
        "code": [concept(LEVELS, str(level))],
        "condition": [
            {
                "kind": "applicability",
                "expression": {"language": "text/plain", "expression": f"decided level = {level}"},
            }
        ],
        "timingTiming": timing_of(months),
    }


def _asked(programme: Programme, name: str, content: Content) -> dict[str, Any]:
    """Tell what is asked: one questionnaire, or the one that the enrolment chose for a slot."""
    if not name.startswith(SLOT):
        return _questionnaire(name, content)
    slot = programme.slots[name.removeprefix(SLOT)]
    return {
        "title": name.removeprefix(SLOT),
        "groupingBehavior": "logical-group",
        "selectionBehavior": "exactly-one",
        "action": [
            {**_questionnaire(choice, content), "precheckBehavior": "yes" if choice == slot.default else "no"}
            for choice in slot.choices
        ],
    }


def _questionnaire(short_name: str, content: Content) -> dict[str, Any]:
    known = content.questionnaires.newest(short_name)
    return {"title": known.title.da, "definitionCanonical": known.canonical}


def _translated(text: Text) -> dict[str, Any]:
    parts = [{"url": "lang", "valueCode": "en"}, {"url": "content", "valueString": text.en}]
    return {"extension": [{"url": TRANSLATION, "extension": parts}]}
