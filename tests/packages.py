"""Programmes of both packages for tests of the schedule: every trigger, slots, caps and spans as published."""

import json
from dataclasses import replace
from typing import Any

from delivery.content import Content, load_content
from delivery.programme import Programme, Programmes, parse_programme

FOLLOWUP = {"phase": "followup"}
EVERY_BY_LEVEL = {"type": "every", "monthsByLevel": {"1": 12, "2": 6, "3": 3}, "undecided": 6}


def _kind(kind_id: str, trigger: dict[str, Any], ask: list[str], **other: Any) -> dict[str, Any]:
    return {"id": kind_id, "phase": "followup", "trigger": trigger, "ask": ask, **other}


def _programme(package: str, occasions: list[dict[str, Any]], slots: dict[str, Any], **other: Any) -> Programme:
    name = package.lower()
    raw = {
        "id": name,
        "version": "9.0.0",
        "package": package,
        "title": {"da": f"{package}-forløb", "en": f"{package} programme"},
        "alert": "alert/kol",
        "needs": name,
        "planTarget": "flp",
        "slots": slots,
        "occasions": occasions,
        "reminders": {"afterDays": [3, 7], "expiresAfterDays": 21},
        "decision": {"validMonths": 12},
        "caps": {"itemsPerOccasion": 25, "occasionsPerYear": 4, "minDaysBetween": 14},
        "grouping": {"joinDays": 14, "replaceDays": 60},
        "vectors": [{"level": level, "months": months} for level, months in ((None, 6), (1, 12), (2, 6), (3, 3))],
        "source": "tests",
        "licence": "Apache-2.0",
        "approval": {"status": "draft", "approvedBy": []},
        **other,
    }
    return parse_programme(json.dumps(raw).encode(), f"{name}-9.0.0.json")


def _usual(ask: list[str]) -> list[dict[str, Any]]:
    """What both packages do alike."""
    return [
        _kind("periodic", EVERY_BY_LEVEL, ask),
        _kind("before-appointment", {"type": "before-appointment", "days": 14}, ask),
        _kind("control-month", {"type": "control-month"}, ask),
        _kind("ordered", {"type": "on-order"}, ask),
        _kind("needs-yearly", {"type": "every", "months": 12}, ["slot:healthLiteracy"], joins={"days": 60}),
    ]


HEALTH_LITERACY = {"healthLiteracy": {"default": "shk-draft", "alternatives": ["hls19-q12"]}}
KOL_FORMS = ["kol-status", "mmrc", "cat"]
LRS_FORMS = ["lrs-flags", "nrs-pain", "slot:function"]
KOL = _programme(
    "KOL",
    [
        _kind("start", {"type": "start"}, [*KOL_FORMS, "slot:healthLiteracy"], phase="start"),
        *_usual(KOL_FORMS),
        _kind("after-discharge", {"type": "after-discharge", "days": 7}, KOL_FORMS),
    ],
    HEALTH_LITERACY,
)
LRS = _programme(
    "LRS",
    [
        _kind(
            "start",
            {"type": "start"},
            ["lrs-flags", "slot:prognosis", "nrs-pain", "slot:healthLiteracy"],
            phase="start",
        ),
        _kind("start-function", {"type": "after-start", "days": 14}, LRS_FORMS),
        *_usual(LRS_FORMS),
        _kind("new-episode", {"type": "new-episode"}, ["lrs-flags", "slot:prognosis", "nrs-pain"], phase="start"),
    ],
    HEALTH_LITERACY
    | {
        "function": {"default": "rmdq23", "alternatives": ["odi"]},
        "prognosis": {"default": "startback", "alternatives": ["ompsq10"]},
    },
)
BOTH: Content = replace(load_content(), programmes=Programmes((KOL, LRS)))
