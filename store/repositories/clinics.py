"""The clinic of a transaction: its data, packages, people and tokens."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, update

from delivery.parties import Clinic, PackageOptIn, Window
from kernel.errors import NotFoundError
from kernel.ids import PersonId
from security.actor import Actor, Person
from security.scopes import written_scopes
from store.base import table_of
from store.scope import Found, Scope
from store.sealing import new_wrapped_key
from store.tables.access_token import AccessTokenRow
from store.tables.clinic import ClinicRow
from store.tables.clinic_closure import ClinicClosureRow
from store.tables.clinic_package import ClinicPackageRow
from store.tables.person import PersonRow
from store.values import to_columns, to_value

CLINIC = table_of(ClinicRow)
CLOSURE = table_of(ClinicClosureRow)
PACKAGE = table_of(ClinicPackageRow)
PERSON = table_of(PersonRow)
TOKEN = table_of(AccessTokenRow)


@dataclass(frozen=True, slots=True)
class Clinics:
    """Reads and writes the transaction's own clinic, never another."""

    scope: Scope

    def get(self) -> Clinic:
        """Return the clinic; its window has the usual hours, `closures` are read where it is planned by.

        Raises:
            NotFoundError: the transaction names a clinic that does not exist.
        """
        row = self._remembered("clinic", CLINIC.select().where(CLINIC.c.id == self.scope.clinic_id))
        if row is None:
            raise NotFoundError("There is no such clinic.")
        return to_value(Clinic, row, window=_window(row))

    def add(self, clinic: Clinic) -> None:
        """Add the clinic of this transaction.

        Raises:
            ConflictError: it exists already, or another has its SOR id.
        """
        key = new_wrapped_key(self.scope, self.scope.clinic_id)
        window = clinic.window
        columns = {
            **to_columns(clinic, without=frozenset({"id", "window"})),
            "window_opens": window.opens,
            "window_closes": window.closes,
            "window_weekdays": "".join(str(day) for day in sorted(window.weekdays)),
            "window_on_holidays": window.on_holidays,
            "window_on_optional_days": window.on_optional_days,
            "key_id": key.key_id,
            "data_key": key.blob,
            "created_at": self.scope.now,
        }
        self.scope.insert(CLINIC, columns)

    def closures(self) -> tuple[date, ...]:
        """Return the dates on which the clinic itself is closed, in order."""
        return tuple(row.day for row in self.scope.all(self.scope.select(CLOSURE).order_by(CLOSURE.c.day)))

    def close_on(self, day: date) -> bool:
        """Close the clinic on a Danish date; False if it was closed already."""
        return self.scope.insert_once(CLOSURE, ("clinic_id", "day"), {"day": day})

    def open_on(self, day: date) -> bool:
        """Take a closure back; False if there was none."""
        return self.scope.delete(CLOSURE, CLOSURE.c.day == day) == 1

    def set_window(self, opens: int, closes: int, weekdays: frozenset[int]) -> None:
        """Set the usual hours and weekdays."""
        self.scope.remembered.pop("clinic", None)
        usual = {"window_opens": opens, "window_closes": closes, "window_weekdays": "".join(map(str, sorted(weekdays)))}
        self.scope.connection.execute(update(CLINIC).where(CLINIC.c.id == self.scope.clinic_id).values(usual))

    def open_on_optional_days(self, *, is_open: bool) -> None:
        """Set whether days on which clinics commonly close count as open."""
        self.scope.remembered.pop("clinic", None)
        self.scope.connection.execute(
            update(CLINIC).where(CLINIC.c.id == self.scope.clinic_id).values(window_on_optional_days=is_open)
        )

    def opt_in(self, package: str) -> PackageOptIn:
        """Return the clinic's choice for a care package.

        Raises:
            NotFoundError: the clinic does not run it.
        """
        row = self._remembered(f"package/{package}", self.scope.select(PACKAGE, PACKAGE.c.package == package))
        if row is None:
            raise NotFoundError("The clinic does not run this care package.")
        return to_value(PackageOptIn, row)

    def packages(self) -> frozenset[str]:
        """Return the care packages that the clinic runs, without those that it left."""
        running = self.scope.select(PACKAGE, PACKAGE.c.opted_out_at.is_(None))
        return frozenset(row.package for row in self.scope.all(running))

    def add_opt_in(self, opt_in: PackageOptIn) -> None:
        """Record that the clinic runs a care package; a second time is a ConflictError."""
        self.scope.insert(PACKAGE, to_columns(opt_in))

    def people(self) -> tuple[Person, ...]:
        """Return the staff, in the order in which they were added."""
        rows = self.scope.all(self.scope.select(PERSON).order_by(PERSON.c.id))
        return tuple(to_value(Person, row) for row in rows)

    def person(self, person_id: PersonId) -> Person:
        """Return one member of the staff; NotFoundError if there is none."""
        return to_value(Person, self.scope.get(PERSON, person_id))

    def add_person(self, person: Person) -> None:
        """Add a member of the staff."""
        self.scope.insert(PERSON, to_columns(person))

    def add_token(self, token_hash: str, actor: Actor, expires_at: datetime) -> None:
        """Record a bearer token by its hash (`security.links.token_hash`); a known one is a ConflictError."""
        columns = {
            "token_hash": token_hash,
            "role": actor.role,
            "actor_id": actor.id,
            "display": actor.display,
            "on_behalf_of": actor.on_behalf_of,
            "expires_at": expires_at,
            "scopes": None if actor.scopes is None else written_scopes(actor.scopes),
        }
        self.scope.insert(TOKEN, columns)

    def _remembered(self, name: str, query: Select[Any]) -> Found | None:
        """Ask once per transaction; what is not there is asked for again."""
        row = self.scope.remembered.get(name) or self.scope.first(query)
        if row is not None:
            self.scope.remembered[name] = row
        return row


def _window(row: Found) -> Window:
    return Window(
        opens=row.window_opens,
        closes=row.window_closes,
        weekdays=frozenset(int(day) for day in row.window_weekdays),
        on_holidays=row.window_on_holidays,
        on_optional_days=row.window_on_optional_days,
    )
