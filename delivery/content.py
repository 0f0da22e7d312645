"""All clinical content of this deployment: loaded and checked together, and in force as the deployment adopted it."""

from collections.abc import Iterable
from datetime import date

from delivery.adopted import Adopted
from delivery.contact_advice import ContactAdvice, load_contact_advice
from delivery.escalation import EscalationLimits
from delivery.escalation_file import load_escalation
from delivery.in_force import InForce, Released, in_force, version_of
from delivery.letter_file import Letter, load_letter
from delivery.licence_free import refuse_licensed_variants
from delivery.monitoring import MonitoringRule
from delivery.monitoring_file import load_monitoring
from delivery.note_file import Note, load_note
from delivery.paper_file import Paper, load_paper
from delivery.patient_pages import PatientPages, load_patient_pages
from delivery.profile import Profiles
from delivery.profile_file import load_profiles
from delivery.programme import Programme, Programmes
from delivery.result_sheet_file import ResultSheet, load_result_sheet
from delivery.retention import Retention, load_retention
from delivery.sendable import WhyNot, why_not
from delivery.worklist import WorklistRule
from delivery.worklist_file import load_worklist
from kernel.ids import Canonical
from questionnaires.licence import LicenceList
from questionnaires.licence_file import load_licences
from questionnaires.model import Questionnaire
from questionnaires.registry import Registry
from questionnaires.wording import UsedWording
from scoring.actions import ActionList
from scoring.actions_file import load_actions
from scoring.approval_file import load_approval_rule
from scoring.catalogue import Catalogue
from scoring.measurements import MeasurementList
from scoring.measurements_file import load_measurements
from scoring.result import RuleVersion


class Content:
    """What is in force now: one whole that `adopt` replaces by another whole, in one step.

    Args:
        released: the content files.
        governed: outside demo, where tables and programmes need approval and instruments their licences.
    """

    __slots__ = ("_now", "governed", "released")

    def __init__(self, released: Released, *, governed: bool = False) -> None:
        self.released = released
        self.governed = governed
        self._now: InForce = in_force(released, Adopted(), governed=governed)

    def adopt(self, adopted: Adopted) -> None:
        """Put in force what the deployment's database says; who looked before keeps what they saw."""
        self._now = in_force(self.released, adopted, governed=self.governed)

    @property
    def adopted(self) -> Adopted:
        """What the deployment added."""
        return self._now.adopted

    @property
    def questionnaires(self) -> Registry:
        """What can be asked, in the owners' wording where it was imported."""
        return self._now.questionnaires

    @property
    def catalogue(self) -> Catalogue:
        """Rules and decision tables."""
        return self._now.catalogue

    @property
    def programmes(self) -> Programmes:
        """What is asked when."""
        return self._now.programmes

    @property
    def actions(self) -> ActionList:
        """What can be agreed with a patient."""
        return self.released.actions

    @property
    def measurements(self) -> MeasurementList:
        """What a clinician may write down with a decision."""
        return self.released.measurements

    @property
    def note(self) -> Note:
        """What the note in a record says."""
        return self.released.note

    @property
    def result_sheet(self) -> ResultSheet:
        """What stands around a result on paper."""
        return self.released.result_sheet

    @property
    def contact(self) -> ContactAdvice:
        """Whom a patient can call, by region and hour."""
        return self.released.contact

    @property
    def licences(self) -> LicenceList:
        """What the owners of the questionnaires ask."""
        return self.released.licences

    @property
    def escalation(self) -> EscalationLimits:
        """How long a red may wait."""
        return self.released.escalation

    @property
    def letter(self) -> Letter:
        """What a letter to a patient says."""
        return self.released.letter

    @property
    def retention(self) -> Retention:
        """How long data is kept."""
        return self.released.retention

    @property
    def paper(self) -> Paper:
        """What a paper form says around its questions."""
        return self.released.paper

    @property
    def profiles(self) -> Profiles:
        """Whom a population list proposes for a package."""
        return self.released.profiles

    @property
    def worklist(self) -> WorklistRule:
        """How the clinic's worklist is kept."""
        return self.released.worklist

    @property
    def monitoring(self) -> MonitoringRule:
        """Which figures a clinic follows."""
        return self.released.monitoring

    @property
    def patient_pages(self) -> PatientPages:
        """What the patient's pages promise and offer around the form."""
        return self.released.patient_pages

    def awaits_approval(self, version: RuleVersion) -> bool:
        """Tell whether a table or programme may not be used yet; in demo everything may."""
        return self.governed and not self.released.approval.is_met(version, self.adopted.approvals)

    def programme_awaits(self, programme: Programme) -> bool:
        """Tell whether a programme may not be used yet."""
        return self.awaits_approval(version_of(programme))

    def why_not_sendable(self, questionnaire: Questionnaire, on: date) -> WhyNot | None:
        """Tell why a questionnaire version cannot be sent on a Danish date; None where it can, as always in demo."""
        return why_not(questionnaire, self.licences, self.adopted, on) if self.governed else None

    def are_sendable(self, names: Iterable[str], on: date) -> bool:
        """Tell whether the newest versions of questionnaires can all be sent on a Danish date."""
        return all(self.why_not_sendable(self.questionnaires.newest(name), on) is None for name in names)

    def held(self, on: date) -> frozenset[Canonical]:
        """List every questionnaire version that cannot be sent on a Danish date."""
        found = self.questionnaires.all() if self.governed else ()
        return frozenset(one.canonical for one in found if self.why_not_sendable(one, on) is not None)

    def wording(self, canonical: Canonical) -> tuple[UsedWording, ...]:
        """List the imported wordings of a questionnaire version; empty where our working texts are shown."""
        return self._now.wording.get(canonical, ())


def load_content(*, governed: bool = False) -> Content:
    """Load the service's own content.

    Args:
        governed: outside demo, where tables and programmes need approval and instruments their licences.

    Raises:
        ContentError: a file is wrong, or names what no other file has: the start stops.
    """
    return Content(load_released(), governed=governed)


def load_released() -> Released:
    """Load the content files of the service.

    Raises:
        ContentError: a file is wrong, or names what no other file has.
    """
    registry = Registry.load()
    catalogue = Catalogue.load(registry)
    programmes = Programmes.load(registry=registry, catalogue=catalogue)
    licences = load_licences({one.id for one in registry.all()})
    refuse_licensed_variants(licences, programmes)
    return Released(
        registry,
        catalogue,
        programmes,
        load_actions(),
        load_contact_advice(),
        licences,
        load_approval_rule(),
        load_escalation(),
        load_letter(),
        load_retention(),
        load_patient_pages(),
        load_paper(),
        load_profiles(),
        load_monitoring(),
        worklist=load_worklist(),
        measurements=load_measurements(),
        note=load_note(),
        result_sheet=load_result_sheet(),
    )
