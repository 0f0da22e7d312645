"""What is in force: the released content with what the deployment added, made once for each revision."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from delivery.adopted import Adopted
from delivery.contact_advice import ContactAdvice
from delivery.escalation import EscalationLimits
from delivery.letter_file import Letter
from delivery.monitoring import MonitoringRule
from delivery.note_file import Note
from delivery.paper_file import Paper
from delivery.patient_pages import PatientPages
from delivery.profile import Profiles
from delivery.programme import Programme, Programmes
from delivery.result_sheet_file import ResultSheet
from delivery.retention import Retention
from delivery.worklist import WorklistRule
from kernel.ids import Canonical
from questionnaires.licence import LicenceList
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry
from questionnaires.wording import DANISH, UsedWording, worded
from questionnaires.wording_fhir import worded_source
from scoring.actions import ActionList
from scoring.approval import ApprovalRule
from scoring.catalogue import Catalogue
from scoring.measurements import MeasurementList
from scoring.result import RuleVersion


@dataclass(frozen=True, slots=True)
class Released:
    """The content files, compiled; never changed after loading.

    Args:
        questionnaires: what can be asked.
        catalogue: rules and decision tables.
        programmes: what is asked when.
        actions: what can be agreed with a patient.
        contact: whom a patient can call, by region and hour.
        licences: what the owners of the questionnaires ask.
        approval: what the house asks before a table or programme is used.
        escalation: how long a red may wait.
        letter: what a letter to a patient says.
        retention: how long data is kept.
        patient_pages: what the patient's pages promise and offer.
        paper: what a paper form says around its questions.
        profiles: whom a population list proposes for a package.
        monitoring: which figures a clinic follows.
        worklist: how the clinic's worklist is kept.
        measurements: what a clinician may write down with a decision.
        note: what the note in a record says.
        result_sheet: what stands around a result on paper.
    """

    questionnaires: Registry
    catalogue: Catalogue
    programmes: Programmes
    actions: ActionList
    contact: ContactAdvice
    licences: LicenceList
    approval: ApprovalRule
    escalation: EscalationLimits
    letter: Letter
    retention: Retention
    patient_pages: PatientPages
    paper: Paper
    profiles: Profiles
    monitoring: MonitoringRule
    worklist: WorklistRule
    measurements: MeasurementList
    note: Note
    result_sheet: ResultSheet


@dataclass(frozen=True, slots=True)
class InForce:
    """One whole: nobody ever sees a part of one revision and a part of another.

    Args:
        questionnaires: with the owners' wording where it was imported.
        catalogue: a table named without version is the newest that was approved, if any was.
        programmes: likewise.
        wording: questionnaire version -> its imported wordings, as responses keep them.
        adopted: what it was made of.
    """

    questionnaires: Registry
    catalogue: Catalogue
    programmes: Programmes
    wording: Mapping[Canonical, tuple[UsedWording, ...]]
    adopted: Adopted


def in_force(released: Released, adopted: Adopted, *, governed: bool) -> InForce:
    """Make what is in force.

    Args:
        governed: outside demo, where content needs approval.
    """

    def is_approved(version: RuleVersion) -> bool:
        return released.approval.is_met(version, adopted.approvals)

    return InForce(
        questionnaires=_with_wording(released.questionnaires, adopted),
        catalogue=released.catalogue.preferring(is_approved) if governed else released.catalogue,
        programmes=released.programmes.preferring(lambda one: is_approved(version_of(one)))
        if governed
        else released.programmes,
        wording=MappingProxyType({one.questionnaire: _used(adopted, one.questionnaire) for one in adopted.wordings}),
        adopted=adopted,
    )


def _used(adopted: Adopted, canonical: Canonical) -> tuple[UsedWording, ...]:
    found = adopted.by_language(canonical).values()
    return tuple(UsedWording(one.language, one.sha256, one.licence_id) for one in found)


def version_of(programme: Programme) -> RuleVersion:
    """Name the exact file of a programme."""
    return RuleVersion(programme.id, programme.version, programme.sha256)


def _with_wording(registry: Registry, adopted: Adopted) -> Registry:
    if not adopted.wordings:
        return registry
    return Registry(MappingProxyType({one.canonical: _worded(one, adopted) for one in registry.all()}))


def _worded(questionnaire: Questionnaire, adopted: Adopted) -> Questionnaire:
    wordings = adopted.by_language(questionnaire.canonical)
    if not wordings:
        return questionnaire
    first = wordings.get(DANISH) or next(iter(wordings.values()))
    record = adopted.licence(first.licence_id)
    shown = worded(questionnaire, wordings)
    return replace(shown, source=worded_source(shown, f"{record.holder}. {record.terms}"))
