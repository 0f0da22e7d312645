"""The same service with nothing encrypted, with audit rows or without: guarding is measured beside it."""

import argparse
from collections.abc import Mapping, Sequence
from types import ModuleType

from flask import Flask

from app import create_app
from cli.webserver import WebServer
from kernel.log import configure_logs
from kernel.settings import Settings
from security import kek
from security.audit import AuditEvent
from security.keys import KEY_BYTES, Keys
from security.vault import WrappedKey
from store import sealing, transaction
from store.repositories.audit import Audit


class NoAudit(Audit):
    """Records nothing."""

    def record_all(self, events: Sequence[AuditEvent]) -> None:
        """Leave it."""


def _kept_as_it_is(data_key: bytes, plaintext: bytes, context: str) -> bytes:
    return plaintext


def _read_as_it_is(data_key: bytes, sealed: bytes, context: str) -> bytes:
    return sealed


def _any_key(ring: Keys, wrapped: WrappedKey, context: str) -> bytes:
    return bytes(KEY_BYTES)


def leave_open() -> None:
    """Take the cryptography out of this process: data keys are not unwrapped, and contents are stored as they are."""
    _replace(kek, {"unwrap": _any_key})
    _replace(sealing, {"seal": _kept_as_it_is, "open_sealed": _read_as_it_is})


def forget_acts() -> None:
    """Take the audit rows out of this process; what queues them for the chain is a trigger of the database."""
    _replace(transaction, {"Audit": NoAudit})


def _replace(room: ModuleType, stand_ins: Mapping[str, object]) -> None:
    for name, stand_in in stand_ins.items():
        assert hasattr(room, name), name
        setattr(room, name, stand_in)


def _make_app() -> Flask:
    configure_logs("web")
    return create_app(Settings.from_env())


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int)
    parser.add_argument("--audited", action="store_true")
    chosen = parser.parse_args()
    leave_open()
    if not chosen.audited:
        forget_acts()
    WebServer(_make_app, f"127.0.0.1:{chosen.port}").run()
