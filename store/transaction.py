"""One transaction of one clinic: what a use case is given."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from delivery.parties import Window
from kernel.ids import ClinicId
from security.actor import Actor
from store.looking import Looking
from store.repositories.actions import Actions
from store.repositories.agreements import Agreements
from store.repositories.alerts import Alerts
from store.repositories.appointments import Appointments
from store.repositories.audit import Audit
from store.repositories.backlog import Backlog
from store.repositories.calls import Calls
from store.repositories.chain import Chain
from store.repositories.clients import Clients
from store.repositories.clinics import Clinics
from store.repositories.cuts import Cuts
from store.repositories.decisions import Decisions
from store.repositories.destruction import Destruction
from store.repositories.drafts import Drafts
from store.repositories.enrolments import Enrolments
from store.repositories.events import Events
from store.repositories.freshness import Freshness
from store.repositories.history import Histories
from store.repositories.keeping import Keeping
from store.repositories.ladders import Ladders
from store.repositories.launches import Launches
from store.repositories.leaves import Leaves
from store.repositories.occasions import Occasions
from store.repositories.outbox import Outbox
from store.repositories.patients import Patients
from store.repositories.postponements import Postponements
from store.repositories.reds import Reds
from store.repositories.related_persons import RelatedPersons
from store.repositories.requests import Requests
from store.repositories.rescoring import Rescoring
from store.repositories.research import Research
from store.repositories.responses import Responses
from store.repositories.schedule import Schedule
from store.repositories.scores import Scores
from store.repositories.staff import Staff
from store.repositories.stand_ins import StandIns
from store.repositories.statuses import Statuses
from store.repositories.suggestions import Suggestions
from store.repositories.traces import Traces
from store.repositories.unmatched import Unmatched
from store.repositories.unsent import Unsent
from store.repositories.work import Work
from store.repositories.work_pages import WorkPages


@dataclass(frozen=True)
class Tx(Looking):
    """One transaction: committed when its `with` block ends, rolled back when it raises.

    Args:
        scope: what all its repositories share; nothing outside the store uses it.
    """

    @property
    def clinic_id(self) -> ClinicId:
        """The only clinic whose rows can be reached."""
        return self.scope.clinic_id

    @property
    def actor(self) -> Actor:
        """Who acts."""
        return self.scope.actor

    @property
    def now(self) -> datetime:
        """The moment of the transaction: taken when first asked for, so lock first."""
        return self.scope.now

    @cached_property
    def clinics(self) -> Clinics:
        """The clinic, its packages, people and tokens."""
        return Clinics(self.scope)

    @cached_property
    def agreements(self) -> Agreements:
        """What the clinic agreed to."""
        return Agreements(self.scope)

    @cached_property
    def clients(self) -> Clients:
        """Systems that sign in by themselves."""
        return Clients(self.scope)

    @cached_property
    def staff(self) -> Staff:
        """By which sign-in the clinic's people are known, and who is signed in."""
        return Staff(self.scope)

    @cached_property
    def launches(self) -> Launches:
        """Pages that practice systems open."""
        return Launches(self.scope)

    @cached_property
    def window(self) -> Window:
        """When the clinic's patients may be written to, its own closures included."""
        return replace(self.clinics.get().window, closed=frozenset(self.clinics.closures()))

    @cached_property
    def patients(self) -> Patients:
        """Patients and who they are."""
        return Patients(self.scope)

    @cached_property
    def related_persons(self) -> RelatedPersons:
        """Who may answer for patients."""
        return RelatedPersons(self.scope)

    @cached_property
    def statuses(self) -> Statuses:
        """What feeds tell of patients."""
        return Statuses(self.scope)

    @cached_property
    def freshness(self) -> Freshness:
        """How fresh patients' status must be."""
        return Freshness(self.scope)

    @cached_property
    def enrolments(self) -> Enrolments:
        """Patients in care packages."""
        return Enrolments(self.scope)

    @cached_property
    def schedule(self) -> Schedule:
        """Series and slots."""
        return Schedule(self.scope)

    @cached_property
    def ladders(self) -> Ladders:
        """Through which channels patients are asked, one after another."""
        return Ladders(self.scope)

    @cached_property
    def occasions(self) -> Occasions:
        """What is asked at one time."""
        return Occasions(self.scope)

    @cached_property
    def requests(self) -> Requests:
        """Questionnaires asked."""
        return Requests(self.scope)

    @cached_property
    def drafts(self) -> Drafts:
        """Half-filled responses."""
        return Drafts(self.scope)

    @cached_property
    def responses(self) -> Responses:
        """Accepted responses."""
        return Responses(self.scope)

    @cached_property
    def scores(self) -> Scores:
        """Scores of responses."""
        return Scores(self.scope)

    @cached_property
    def rescoring(self) -> Rescoring:
        """Scores of many responses at once."""
        return Rescoring(self.scope)

    @cached_property
    def suggestions(self) -> Suggestions:
        """What the tables advise."""
        return Suggestions(self.scope)

    @cached_property
    def decisions(self) -> Decisions:
        """What clinicians decided."""
        return Decisions(self.scope)

    @cached_property
    def actions(self) -> Actions:
        """What clinicians agreed with their patients."""
        return Actions(self.scope)

    @cached_property
    def history(self) -> Histories:
        """What the tables look back at."""
        return Histories(self.scope)

    @cached_property
    def calls(self) -> Calls:
        """Whom the clinic calls itself."""
        return Calls(self.scope)

    @cached_property
    def outbox(self) -> Outbox:
        """What leaves the house."""
        return Outbox(self.scope)

    @cached_property
    def events(self) -> Events:
        """What channels tell."""
        return Events(self.scope)

    @cached_property
    def unmatched(self) -> Unmatched:
        """Answers that fit no request."""
        return Unmatched(self.scope)

    @cached_property
    def backlog(self) -> Backlog:
        """What of the outbox is not finished, and what people do about it."""
        return Backlog(self.scope)

    @cached_property
    def traces(self) -> Traces:
        """What happened to single messages of the outbox."""
        return Traces(self.scope)

    @cached_property
    def reds(self) -> Reds:
        """Red suggestions until a decision."""
        return Reds(self.scope)

    @cached_property
    def work(self) -> Work:
        """What waits in each enrolment."""
        return Work(self.scope)

    @cached_property
    def work_pages(self) -> WorkPages:
        """The worklist, page by page."""
        return WorkPages(self.scope)

    @cached_property
    def alerts(self) -> Alerts:
        """What somebody was alerted of."""
        return Alerts(self.scope)

    @cached_property
    def postponements(self) -> Postponements:
        """Who was put off."""
        return Postponements(self.scope)

    @cached_property
    def stand_ins(self) -> StandIns:
        """Who looks after whose patients."""
        return StandIns(self.scope)

    @cached_property
    def appointments(self) -> Appointments:
        """When patients come next."""
        return Appointments(self.scope)

    @cached_property
    def unsent(self) -> Unsent:
        """Danger answers that were not sent."""
        return Unsent(self.scope)

    @cached_property
    def leaves(self) -> Leaves:
        """What patients chose instead of answering."""
        return Leaves(self.scope)

    @cached_property
    def destruction(self) -> Destruction:
        """Everything of one patient, given out or destroyed."""
        return Destruction(self.scope)

    @cached_property
    def research(self) -> Research:
        """What research may see."""
        return Research(self.scope)

    @cached_property
    def keeping(self) -> Keeping:
        """How long the clinic keeps what it may choose about."""
        return Keeping(self.scope)

    @cached_property
    def audit(self) -> Audit:
        """Who did what."""
        return Audit(self.scope)

    @cached_property
    def chain(self) -> Chain:
        """What seals audit rows and scores."""
        return Chain(self.scope)

    @cached_property
    def cuts(self) -> Cuts:
        """Where the chain was cut."""
        return Cuts(self.scope)
