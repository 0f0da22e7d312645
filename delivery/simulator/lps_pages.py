"""The practice system as its users see it: the inbox, and a patient's record; as pages and as JSON."""

from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template

from delivery.instants import instant
from delivery.simulator.lps_records import INBOX, NOTES, LpsEntry
from delivery.simulator.parts import Simulator

EVENT_WORDS = {
    "answer": "Nyt svar",
    "decision": "Vurderet",
    "not-answered": "Ikke besvaret",
    "undelivered": "Ikke leveret",
    "escalation": "Rødt svar venter",
    "refused": "Rapport afvist",
    "unsent": "Alvorligt svar, ikke sendt",
    "left": "Patienten svarer ikke",
    "wish": "Ønsker kontakt",
}
COLOUR_WORDS = {"GREEN": "grøn", "UNKNOWN": "uafklaret", "YELLOW": "gul", "RED": "rød"}
URGENCY_WORDS = {
    "routine": "uden hast",
    "planned-4-weeks": "planlagt inden 4 uger",
    "within-2-weeks": "inden 2 uger",
    "within-1-week": "inden 1 uge",
    "same-day": "samme dag",
    "emergency": "straks",
}
_WORDS = {"events": EVENT_WORDS, "colours": COLOUR_WORDS, "urgencies": URGENCY_WORDS}


def lps_pages_blueprint(simulator: Simulator) -> Blueprint:
    """Build the pages and endpoints that need no token."""
    blueprint = Blueprint("lps_pages", __name__)

    @blueprint.get("/lps")
    def inbox() -> str:
        entries, patients = simulator.lps.entries(INBOX)[:100], simulator.lps.patients()
        return render_template("lps.html", entries=entries, patients=patients, words=_WORDS)

    @blueprint.get("/lps/patients/<int:n>")
    def record(n: int) -> str:
        patient = next((one for one in simulator.lps.patients() if one.n == n), None)
        if patient is None:
            abort(404)
        notes, entries = (simulator.lps.of_patient(n, place) for place in (NOTES, INBOX))
        return render_template("lps_record.html", patient=patient, notes=notes, entries=entries, words=_WORDS)

    @blueprint.get("/api/lps/inbox")
    def inbox_json() -> Response:
        return jsonify({"entries": [_shown(entry) for entry in simulator.lps.entries(INBOX)]})

    @blueprint.get("/api/lps/notes")
    def notes_json() -> Response:
        return jsonify({"notes": [_shown(entry) for entry in simulator.lps.entries(NOTES)]})

    return blueprint


def _shown(entry: LpsEntry) -> dict[str, Any]:
    patient = {"n": entry.patient.n, "identifier": entry.patient.identifier, "name": entry.patient.name}
    head = {"reference": entry.reference, "receivedAt": instant(entry.received_at), "patient": patient}
    return {**head, **entry.body}
