"""Patients come without an app: they sign in as citizens, and find what waits, what they sent, or what a link opens."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from flow.form import PatientForm, Visit
from flow.own_occasions import Answered, FindOwn, Waiting
from kernel.clock import Clock, SystemClock
from kernel.errors import AccessError, UnauthenticatedError
from kernel.ids import ClinicId, OccasionId, PatientRef, RelatedPersonId
from kernel.log import logger
from security.broker_file import Broker
from security.claims import CitizenRules, citizen_of
from security.cpr import Identifier
from security.links import token_hash
from web.oidc import Provider
from web.pages import protect
from web.visit import keep_visit

log = logger(__name__)
LINK, CHOICES = "link", "choices"
"""Where a browser keeps the hash of the link that it came with, and what it may choose from."""
CHOICE_LIFE_S = 600
NOTHING: Mapping[str, Any] = MappingProxyType({"at": 0, "of": {}, "sent": {}})
NONE_WAITS: Mapping[str, Waiting] = MappingProxyType({})
NONE_SENT: Mapping[str, Answered] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Citizens:
    """The brokers of citizens; without any, nobody comes this way.

    Args:
        public_url: where the world reaches us; what a caller says of it counts for nothing.
    """

    providers: Mapping[str, Provider]
    public_url: str
    clock: Clock = field(default_factory=SystemClock)

    @classmethod
    def of(cls, brokers: Iterable[Broker[CitizenRules]], public_url: str, timeout_s: float) -> "Citizens":
        """Speak with these brokers."""
        return cls({broker.name: Provider(broker, timeout_s) for broker in brokers}, public_url)

    @property
    def titles(self) -> Mapping[str, str]:
        """Name and title of every broker."""
        return {name: provider.broker.title for name, provider in self.providers.items()}


def keep_link(token: str) -> None:
    """Remember the link that a browser came with until somebody has signed in."""
    session[LINK] = token_hash(token)


def blueprint(form: PatientForm, own: FindOwn, citizens: Citizens) -> Blueprint:
    """Make `/p/` and what lies behind it."""
    pages = Blueprint("citizen", __name__, url_prefix="/p")
    pages.before_request(protect)
    views = _Views(form, own, citizens)
    pages.add_url_rule("/", "login", views.login)
    pages.add_url_rule("/", "choose", views.choose, methods=["POST"])
    pages.add_url_rule("/login/<broker>", "leave", views.leave)
    pages.add_url_rule("/login/<broker>/callback", "come_back", views.come_back)
    return pages


@dataclass(frozen=True, slots=True)
class _Views:
    form: PatientForm
    own: FindOwn
    citizens: Citizens

    def login(self) -> ResponseReturnValue:
        """Say how to sign in, or what waits for whoever has just done so."""
        kept = session.get(CHOICES)
        if kept is None or self._is_late(kept):
            return self._page()
        waiting = {number: self.own.again(_visit(parts)) for number, parts in kept["of"].items()}
        sent = {number: self.own.answered_again(_visit(parts)) for number, parts in kept.get("sent", {}).items()}
        return self._page(
            {number: one for number, one in waiting.items() if one},
            {number: one for number, one in sent.items() if one},
            has_come=True,
        )

    def leave(self, broker: str) -> ResponseReturnValue:
        """Send the browser to a broker."""
        try:
            return self._provider(broker).leave(self._way_back(broker))
        except AccessError as error:
            return self._refused(error.text)

    def come_back(self, broker: str) -> ResponseReturnValue:
        """Open what the link of this browser opens, or what waits for whoever signed in."""
        provider = self._provider(broker)
        try:
            identifier = citizen_of(provider.returned(), provider.broker.rules)
        except AccessError as error:
            return self._refused(error.text)
        link = session.pop(LINK, None)
        if link:
            return _begun(self.form.open_hashed(link, identifier))
        return self._own(identifier)

    def choose(self) -> ResponseReturnValue:
        """Open one of several that wait, or what was sent to a clinic.

        Raises:
            UnauthenticatedError: nobody signed in, or too long ago.
        """
        kept = session.get(CHOICES, NOTHING)
        number = request.form.get("choice", "")
        sent = kept.get("sent", {})
        if self._is_late(kept) or number not in {**kept["of"], **sent}:
            raise UnauthenticatedError("Nobody is signed in.")
        if number in sent:
            return _begun(_visit(sent[number]), "afterwards.listed")
        return _begun(self.form.begin(_visit(kept["of"][number])))

    def _own(self, identifier: Identifier) -> ResponseReturnValue:
        waiting, sent = self.own(identifier), self.own.answered(identifier)
        # From the start page the way leads to what was sent to the same clinic.
        if len(waiting) == 1 and {one.clinic.id for one in sent} <= {waiting[0].clinic.id}:
            return _begun(self.form.begin(waiting[0].visit))
        listed = {str(number): _kept(one.visit) for number, one in enumerate(waiting, 1)}
        past = {f"sent-{number}": _kept(one.visit) for number, one in enumerate(sent, 1)}
        session[CHOICES] = {"at": self._now(), "of": listed, "sent": past}
        return redirect(url_for("citizen.login"), 303)

    def _now(self) -> int:
        return int(self.citizens.clock.now().timestamp())

    def _refused(self, why: str) -> ResponseReturnValue:
        log.info("citizen-refused", outcome=why)
        return self._page(refused=True), AccessError.status

    def _is_late(self, kept: Mapping[str, Any]) -> bool:
        return self._now() - int(kept["at"]) > CHOICE_LIFE_S

    def _page(
        self,
        waiting: Mapping[str, Waiting] = NONE_WAITS,
        sent: Mapping[str, Answered] = NONE_SENT,
        *,
        has_come: bool = False,
        refused: bool = False,
    ) -> str:
        told = {"waiting": waiting, "sent": sent, "has_come": has_come, "refused": refused}
        return render_template(
            "patient/login.html", brokers=self.citizens.titles, has_link=LINK in session, way_back=None, **told
        )

    def _provider(self, broker: str) -> Provider:
        if broker not in self.citizens.providers:
            raise NotFound
        return self.citizens.providers[broker]

    def _way_back(self, broker: str) -> str:
        return self.citizens.public_url + url_for("citizen.come_back", broker=broker)


def _begun(visit: Visit, where: str = "patient.start") -> ResponseReturnValue:
    session.pop(CHOICES, None)
    keep_visit(visit)
    return redirect(url_for(where), 303)


def _visit(kept: Sequence[str]) -> Visit:
    clinic_id, occasion_id, patient_ref, related = kept
    related_id = RelatedPersonId(related) if related else None
    return Visit(ClinicId(clinic_id), OccasionId(occasion_id), PatientRef(patient_ref), related=related_id)


def _kept(visit: Visit) -> list[str | None]:
    return [visit.clinic_id, visit.occasion_id, visit.patient_ref, visit.related]
