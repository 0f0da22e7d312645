"""SEAL: what was committed is put into the chain of its clinic within seconds, and each day's end is anchored."""

from dataclasses import dataclass

from flow.schedule import worker_of
from kernel.ids import ClinicId
from kernel.log import logger
from store.anchors import Anchor, AnchorFile
from store.database import Store
from store.repositories.chain import Sealed

log = logger(__name__)
AT_A_TIME = 2_000
"""Rows of one transaction; other writers wait no longer than they take."""


@dataclass(frozen=True, slots=True)
class SealAudit:
    """The tick that seals."""

    store: Store
    anchors: AnchorFile
    at_a_time: int = AT_A_TIME

    def __call__(self) -> int:
        """Seal whatever waits; return how many rows that were."""
        with self.store.survey() as survey:
            clinics = survey.clinics_to_seal()
        return sum(self._seal(clinic_id) for clinic_id in clinics)

    def _seal(self, clinic_id: ClinicId) -> int:
        total = 0
        while True:
            with self.store.write(clinic_id, worker_of(clinic_id)) as tx:
                sealed = tx.chain.seal(self.at_a_time)
                self._anchor(clinic_id, sealed, tx.now.date().isoformat())
            total += sealed.count
            if not sealed.more:
                return total

    def _anchor(self, clinic_id: ClinicId, sealed: Sealed, today: str) -> None:
        """Anchor where the chain ended on its last day, before the first link of a new day is committed."""
        day = (sealed.before_at or today)[:10]
        if day < today:
            self.anchors.add(Anchor(clinic_id, day, sealed.before.seq, sealed.before.hash))
            log.info("chain-anchor", reference=clinic_id, count=sealed.before.seq, code=sealed.before.hash)
