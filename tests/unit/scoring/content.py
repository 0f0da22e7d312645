"""Shipped content as JSON to break, and small content to build."""

import json
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from questionnaires.plain import read_plain
from questionnaires.registry import Registry
from scoring.catalogue import HERE, Catalogue
from scoring.result import Score, Scored
from scoring.scores import score

REGISTRY = Registry.load()
CATALOGUE = Catalogue.load(REGISTRY)


def shipped(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((HERE / f"{name}-2.0.0.json").read_bytes())
    return deepcopy(found)


def load(directory: Path, *contents: dict[str, Any], registry: Registry = REGISTRY) -> Catalogue:
    """Load these files; the shipped rules come with them unless a file replaces one."""
    for folder in ("rules", "tables"):
        (directory / folder).mkdir(exist_ok=True)
    if registry is REGISTRY:
        for name in ("cat", "mmrc", "kol-status"):
            (directory / "rules" / f"{name}-2.0.0.json").write_bytes((HERE / f"rules/{name}-2.0.0.json").read_bytes())
    for content in contents:
        folder = "tables" if "rows" in content else "rules"
        name = str(content.get("id")).replace("/", "-")
        (directory / folder / f"{name}-{content.get('version')}.json").write_text(json.dumps(content))
    return Catalogue.load(registry, directory)


def scored(questionnaire_id: str, answers: dict[str, Any], **params: int | str) -> Scored:
    known = REGISTRY.newest(questionnaire_id)
    rule = CATALOGUE.rule_for(known.canonical)
    return score(rule, known, read_plain(REGISTRY.plan(known.canonical), answers), params=params)


def one_score(questionnaire_id: str, score_id: str, answers: dict[str, Any], **params: int | str) -> Score:
    return next(one for one in scored(questionnaire_id, answers, **params).scores if one.id == score_id)


def numbered(prefix: str, answers: Sequence[Any], width: int = 2) -> dict[str, Any]:
    """Name answers by linkId in order; None is left out."""
    return {f"{prefix}-{place:0{width}d}": one for place, one in enumerate(answers, 1) if one is not None}


def label(text: str) -> dict[str, str]:
    return {"da": text, "en": text}


def small_rule(*scores: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "small",
        "version": "1.0.0",
        "questionnaire": "https://svarbro.example/fhir/Questionnaire/small|1.0.0",
        "title": label("Small"),
        "status": "test",
        "approval": {"state": "draft"},
        "sheet": "none",
        "sources": ["none"],
        "licence": "none",
        "polarity": "higher-is-worse",
        "scores": list(scores),
        "vectors": [{"answers": {}, "scores": {one["id"]: nothing(one) for one in scores}}],
        **more,
    }


def nothing(one: dict[str, Any]) -> dict[str, Any]:
    """What a score without any answer gives, all its items being asked."""
    return {
        "value": None,
        "display": None,
        "band": None,
        "estimated": False,
        "answered": 0,
        "missing": len(one["items"]),
        "reason": "too-many-missing",
    }


def small_score(op: str, items: list[str], ends: list[Any], **more: Any) -> dict[str, Any]:
    return {
        "id": "total",
        "type": "number",
        "op": op,
        "items": items,
        "missing": {"strategy": "strict"},
        "range": ends,
        "decimals": 0,
        "unit": "{score}",
        "label": label("Total"),
        **more,
    }
