"""Launches of one clinic: each step is one conditional change, so that none happens twice."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from security.launch import Launch, LaunchState
from store.base import table_of
from store.scope import Found, Scope, Where
from store.tables.launch import LaunchRow
from store.values import to_value

LAUNCH = table_of(LaunchRow)


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser got for a launch, as hashes.

    Args:
        challenge: of RFC 7636, as it was sent.
    """

    code_hash: str
    challenge: str
    browser_hash: str


@dataclass(frozen=True, slots=True)
class Launches:
    """The launches of one clinic."""

    scope: Scope

    def add(self, launch: Launch, token_hash: str, until: datetime) -> None:
        """Prepare a launch."""
        about = {"client_id": launch.client_id, "person_id": launch.person_id, "patient_ref": launch.patient_ref}
        way = {"state": launch.state, "token_hash": token_hash, "expires_at": until}
        self.scope.insert(LAUNCH, {"id": launch.id, **about, **way})

    def authorize(self, client_id: str, token_hash: str, browser: Browser, until: datetime) -> bool:
        """Use up a launch token for one browser; tell whether it counted."""
        values = {
            "code_hash": browser.code_hash,
            "challenge": browser.challenge,
            "browser_hash": browser.browser_hash,
        }
        same = (LAUNCH.c.client_id == client_id, LAUNCH.c.token_hash == token_hash)
        return self._step(LaunchState.PREPARED, LaunchState.AUTHORIZED, until, *same, **values) is not None

    def redeem(self, client_id: str, code_hash: str, challenge: str, until: datetime) -> Launch | None:
        """Use up a code; None where it does not count."""
        same = (LAUNCH.c.client_id == client_id, LAUNCH.c.code_hash == code_hash, LAUNCH.c.challenge == challenge)
        return self._step(LaunchState.AUTHORIZED, LaunchState.REDEEMED, until, *same)

    def open(self, browser_hash: str) -> Launch | None:
        """Let a browser open the page once; None where it may not, or not any more."""
        same = LAUNCH.c.browser_hash == browser_hash
        return self._step(LaunchState.REDEEMED, LaunchState.OPENED, self.scope.now, same)

    def void(self, client_id: str, code_hash: str) -> Launch | None:
        """End a launch whose code was used already; None where there is none."""
        used = LAUNCH.c.state.in_((LaunchState.REDEEMED, LaunchState.OPENED))
        same = (LAUNCH.c.client_id == client_id, LAUNCH.c.code_hash == code_hash, used)
        return _first(self.scope.update_returning(LAUNCH, same, {"state": LaunchState.VOID}))

    def forget(self, before: datetime) -> None:
        """Drop launches that ran out before a moment."""
        self.scope.delete(LAUNCH, LAUNCH.c.expires_at < before)

    def _step(
        self, begin: LaunchState, end: LaunchState, until: datetime, *same: Where, **values: str
    ) -> Launch | None:
        here = (LAUNCH.c.state == begin, LAUNCH.c.expires_at > self.scope.now, *same)
        return _first(self.scope.update_returning(LAUNCH, here, {"state": end, "expires_at": until, **values}))


def _first(rows: Sequence[Found]) -> Launch | None:
    return to_value(Launch, rows[0]) if rows else None
