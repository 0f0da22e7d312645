"""The page of the population: who is in which package, and how they stand."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from delivery.population import Standing, Wish
from flow.population import ShowPopulation
from kernel.ids import EnrolmentId
from web.clinic.staff import Staff

AT_ONCE = 50
"""Patients on one page."""


@dataclass(frozen=True, slots=True)
class PopulationViews:
    """The view of the page."""

    population: ShowPopulation
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show a page of those who were asked for."""
        actor, after = self.staff.current(), request.args.get("after")
        package, standing = request.args.get("package"), request.args.get("standing")
        wish = Wish(package or None, Standing(standing) if standing in set(Standing) else None)
        page = self.population(actor, wish, limit=AT_ONCE, after=EnrolmentId(after) if after else None)
        return render_template("clinic/population.html", actor=actor, page=page, wish=wish, standings=tuple(Standing))
