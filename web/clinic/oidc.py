"""Staff sign in by a broker, in the role and at one of the clinics that it names, and sign out there too."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from flow.staff_sessions import Workplace
from kernel.errors import AccessError, UnauthenticatedError
from kernel.ids import ClinicId, PersonId
from kernel.log import logger
from security.actor import Person
from security.broker_file import Broker
from security.claims import ClaimRules, identity_of
from web.clinic.staff import BROKER, PROVEN, Staff
from web.oidc import Provider

log = logger(__name__)
CLINICS = "clinics"
"""Where a browser keeps the clinics that it may choose from."""
CHOICE_LIFE_S = 300
AUTH_TIME = "auth_time"
"""Claim of when somebody proved who they are: a broker may let in whom it knows (OpenID Connect Core, section 2)."""
AGAIN = "again"
"""Where a browser keeps that somebody signs in again to end other sessions."""
Once = Callable[[str, datetime], bool]


@dataclass(frozen=True, slots=True)
class BrokerViews:
    """The way to the brokers and back.

    Args:
        public_url: where the world reaches us; what a caller says of it counts for nothing.
        once: uses a choice until a moment; False when it was used before.
    """

    staff: Staff
    providers: Mapping[str, Provider]
    public_url: str
    once: Once

    @classmethod
    def of(
        cls, staff: Staff, brokers: Iterable[Broker[ClaimRules]], public_url: str, once: Once, *, timeout_s: float
    ) -> "BrokerViews":
        """Make the views of these brokers."""
        return cls(staff, {broker.name: Provider(broker, timeout_s) for broker in brokers}, public_url, once)

    @property
    def titles(self) -> Mapping[str, str]:
        """Name and title of every broker, for the sign-in page."""
        return {name: provider.broker.title for name, provider in self.providers.items()}

    def leave(self, broker: str) -> ResponseReturnValue:
        """Send the browser to a broker."""
        again = bool(request.args.get(AGAIN))
        try:
            answer = self._provider(broker).leave(self._way_back(broker), again=again)
        except AccessError as error:
            return self._refused(error.text)
        session[AGAIN] = again
        return answer

    def come_back(self, broker: str) -> ResponseReturnValue:
        """Sign in whom a broker sends back, let them choose a clinic, or say that nobody was signed in."""
        provider = self._provider(broker)
        try:
            claims = provider.returned()
            identity = identity_of(provider.broker.issuer, claims, provider.broker.rules)
            places = self.staff.sessions.recognise(identity)
        except AccessError as error:
            return self._refused(error.text)
        if len(places) == 1:
            return self._signed_in(places[0].person, broker, claims.get(AUTH_TIME))
        self._keep(places, broker, claims.get(AUTH_TIME))
        return redirect(url_for("clinic.show_clinics"), 303)

    def show_clinics(self) -> ResponseReturnValue:
        """Show the clinics of whoever has just signed in."""
        clinics = {number: one[2] for number, one in self._kept()["of"].items()}
        return render_template("clinic/choose.html", clinics=clinics)

    def choose_clinic(self) -> ResponseReturnValue:
        """Sign in at one of them, once.

        Raises:
            UnauthenticatedError: nobody came from a broker, or too long ago.
        """
        kept, number = self._kept(), request.form.get("clinic", "")
        session.pop(CLINICS)
        if number not in kept["of"] or not self.once(f"clinic\x00{kept['name']}", self._until(kept)):
            raise UnauthenticatedError("Nobody is signed in.")
        clinic_id, person_id, _ = kept["of"][number]
        person = self.staff.sessions.person(ClinicId(clinic_id), PersonId(person_id))
        return self._signed_in(person, kept["broker"], kept.get(PROVEN))

    def sign_out(self) -> ResponseReturnValue:
        """End our session, and lead to the broker where that is to end its own."""
        provider = self.providers.get(session.pop(BROKER, ""))
        self.staff.sign_out()
        address = provider.sign_out_address(self.public_url + url_for("clinic.login")) if provider else None
        if provider is None or address is None:
            return redirect(url_for("clinic.login"), 303)
        page = render_template("clinic/signed_out.html", address=address, broker=provider.broker.title)
        # A redirect would be one of the form that signs out, which our own policy lets go nowhere else.
        return page, {"Refresh": f"0; url={address}"}

    def _signed_in(self, person: Person, broker: str, proven: object) -> ResponseReturnValue:
        self.staff.begin(self.staff.sessions.open(person))
        session[BROKER] = broker
        if isinstance(proven, int):
            session[PROVEN] = proven
        return redirect(url_for("clinic.show_sessions" if session.pop(AGAIN, False) else "clinic.list_work"), 303)

    def _keep(self, places: Iterable[Workplace], broker: str, proven: object) -> None:
        listed = {
            str(number): [place.person.clinic_id, place.person.id, place.clinic]
            for number, place in enumerate(places, 1)
        }
        at = int(self.staff.sessions.clock.now().timestamp())
        name = secrets.token_urlsafe(16)
        session[CLINICS] = {"at": at, "name": name, "of": listed, "broker": broker, PROVEN: proven}

    def _kept(self) -> Mapping[str, Any]:
        kept = session.get(CLINICS)
        if not kept or self.staff.sessions.clock.now() > self._until(kept):
            raise UnauthenticatedError("Nobody is signed in.")
        return kept  # type: ignore[no-any-return]  # a session holds anything

    def _until(self, kept: Mapping[str, Any]) -> datetime:
        return datetime.fromtimestamp(kept["at"], UTC) + timedelta(seconds=CHOICE_LIFE_S)

    def _refused(self, why: str) -> ResponseReturnValue:
        log.info("sign-in-refused", outcome=why)
        page = render_template("clinic/login.html", people=(), brokers=self.titles, refused=True)
        return page, AccessError.status

    def _provider(self, broker: str) -> Provider:
        if broker not in self.providers:
            raise NotFound
        return self.providers[broker]

    def _way_back(self, broker: str) -> str:
        return self.public_url + url_for("clinic.come_back", broker=broker)
