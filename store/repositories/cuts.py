"""Where a clinic's audit was cut: the checkpoint that verification accepts in place of rows whose time was over."""

from dataclasses import dataclass
from datetime import datetime

from security.audit import AuditEvent
from security.chain import Cut
from store.base import table_of
from store.repositories.audit import Audit
from store.repositories.chain import CHAIN
from store.scope import Scope
from store.tables.audit_cut import AuditCutRow
from store.values import to_columns, to_value

CUT = table_of(AuditCutRow)
ACT = "cut-audit"


@dataclass(frozen=True, slots=True)
class Cuts:
    """Makes and reads the cuts of one clinic."""

    scope: Scope

    def newest(self) -> Cut | None:
        """Return the cut that goes furthest and stands in the audit itself; None where nothing was cut."""
        row = self.scope.first(self.scope.select(CUT).order_by(CUT.c.seq.desc()))
        if row is None:
            return None
        cut = to_value(Cut, row)
        # Whoever puts a cut in by hand, to hide rows, puts it into the chain too.
        return cut if Audit(self.scope).doer((ACT,), _entity(cut)) else None

    def checkpoint(self, before: datetime) -> None:
        """Record up to which link of the chain rows from before a moment may go; once for each such link."""
        query = self.scope.select(CHAIN, CHAIN.c.sealed_at < before).order_by(CHAIN.c.seq.desc())
        last = self.scope.first(query)
        if last is None:
            return
        cut = Cut(last.seq, last.hash, before, self.scope.now)
        if self.scope.insert_once(CUT, ("clinic_id", "seq"), to_columns(cut)):
            Audit(self.scope).record(AuditEvent(ACT, _entity(cut), purpose="retention"))


def _entity(cut: Cut) -> str:
    return f"AuditCut/{cut.seq}/{cut.hash}"
