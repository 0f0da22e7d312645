"""The pages of the content: every file with licence and approval, and what another table would have said here."""

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from delivery.recurrence import danish_date
from flow.content_list import list_content
from flow.content_simulate import Simulated, SimulateTable
from kernel.clock import Clock
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
        )

    def simulation(self) -> ResponseReturnValue:
        """Show whom another table would change; without one, only which there are."""
        actor = self.staff.current()
        allow(actor, Action.ADMINISTER)
        tables = sorted(self.simulate.content.released.catalogue.tables(), key=lambda one: str(one.version))
        named = {f"{one.version.id}|{one.version.version}": one for one in tables}
        table = named.get(request.args.get("table", ""))
        ids = sorted({one.version.id for one in tables})
        instead = request.args.get("instead", "")
        instead = instead if instead in ids or not table else table.version.id
        found = self.simulate.in_clinic(actor, table, instead) if table else None
        return render_template(
            "clinic/administered_simulation.html",
            actor=actor,
            tables=tuple(named),
            ids=ids,
            instead=instead,
            table=table,
            found=found,
            changed=_changed(found) if found else 0,
            rates=_rates(table) if table else None,
            colours=tuple(Colour),
        )


def _changed(found: Simulated) -> int:
    return sum(count for (old, new), count in found.newest.items() if old is not new)


def _rates(table: Table) -> Rates:
    cohort = cohort_of(load_cohorts(), table.version.id)
    return measure(cohort, table, patients=cohort.quick)
