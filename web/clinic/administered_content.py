"""The pages of the content: every file with licence and approval, and what another table would have said here."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from delivery.in_force import version_of
from delivery.recurrence import danish_date
from flow.content_list import list_content
from flow.content_simulate import Simulated, SimulateTable
from kernel.clock import Clock
from questionnaires.model import Text
from scoring.cohort import Rates, measure
from scoring.cohort_file import cohort_of, load_cohorts
from scoring.levels import Colour
from scoring.table import Table
from security.policy import Action, allow
from web.clinic.staff import Staff

KINDS = ("questionnaire", "table", "programme")
"""Kinds of content with a licence or an approval of their own."""


@dataclass(frozen=True, slots=True)
class ContentViews:
    """The views of the pages."""

    simulate: SimulateTable
    clock: Clock
    staff: Staff

    def show(self) -> ResponseReturnValue:
        """Show every file that asks for a licence or an approval."""
        actor = self.staff.current()
        allow(actor, Action.ADMINISTER)
        lines = list_content(self.simulate.content, danish_date(self.clock.now()))
        return render_template(
            "clinic/administered_content.html",
            actor=actor,
            lines={kind: [line for line in lines if line.kind == kind] for kind in KINDS},
            others=sum(line.kind not in KINDS for line in lines),
            titles=self._titles(),
        )

    def simulation(self) -> ResponseReturnValue:
        """Show whom another table would change; without one, only which there are."""
        actor = self.staff.current()
        allow(actor, Action.ADMINISTER)
        tables = sorted(self.simulate.content.released.catalogue.tables(), key=lambda one: str(one.version))
        named = {f"{one.version.id}|{one.version.version}": one for one in tables}
        table = named.get(request.args.get("table", ""))
        ids = {one.version.id for one in tables}
        instead = request.args.get("instead", "")
        instead = instead if instead in ids or not table else table.version.id
        found = self.simulate.in_clinic(actor, table, instead) if table else None
        return render_template(
            "clinic/administered_simulation.html",
            actor=actor,
            tables=named,
            ids={one.version.id: one.title for one in tables},
            instead=instead,
            table=table,
            found=found,
            changed=_changed(found) if found else 0,
            rates=_rates(table) if table else None,
            colours=tuple(Colour),
        )

    def _titles(self) -> Mapping[str, Text]:
        """Return the titles of the files that have one, by their hashes."""
        released = self.simulate.content.released
        return {
            **{one.sha256: one.title for one in released.questionnaires.all()},
            **{one.version.sha256: one.title for one in released.catalogue.tables()},
            **{one.version.sha256: one.title for one in released.catalogue.needs_tables()},
            **{version_of(one).sha256: one.title for one in released.programmes.all()},
        }


def _changed(found: Simulated) -> int:
    return sum(count for (old, new), count in found.newest.items() if old is not new)


def _rates(table: Table) -> Rates:
    cohort = cohort_of(load_cohorts(), table.version.id)
    return measure(cohort, table, patients=cohort.quick)
