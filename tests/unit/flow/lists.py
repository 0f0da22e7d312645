"""A population list, and what a clinician sees of it."""

from datetime import date

from delivery.candidate import CandidateState
from flow.status import RecordStatus, StatusDelivery, StatusEntry

HEADER = "identifier;name;package;diagnosis;own_patient\n"
NANCY = "2512489996;Nancy Berggren;KOL;R95;ja\n"
SVERRE = "010490-9995;Sverre Mosebryggeren;kol;r95;nej\n"
NIELS = "3001749995;Niels Vendelboe;KOL;R95;ja\n"
LATER = date(2027, 3, 1)


def listed(way, candidates, state=CandidateState.WAITING):
    return candidates.listed(way.doctor, state).candidates


def ids(way, candidates, state=CandidateState.WAITING):
    return [one.candidate.id for one in listed(way, candidates, state)]


def told(way, kind):
    entry = StatusEntry(0, NANCY[:10], kind, value=True)
    RecordStatus(way.store, way.clock)(way.system, StatusDelivery("cpr", (entry,)))


def lines(outcome):
    return {came.value: numbers for came, numbers in outcome.lines.items() if numbers}
