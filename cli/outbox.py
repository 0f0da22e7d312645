"""`svarbro outbox`: what has not left yet, sent again or given up by an operator."""

import heapq
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import click

from app import Services, open_services
from cli.message_shown import tell_trace
from cli.outbox_shown import messages_table, show, tell_receivers, told
from delivery.backlog import MOST_LISTED, STUCK, BacklogEntry, Wanted
from delivery.outbox import MessageState
from flow.operate import OperateOutbox
from kernel.errors import NotFoundError, StoreError
from kernel.ids import ClinicId, MessageId
from security.actor import Actor, Role

REFUSED = 1
STATES = click.Choice([state.value for state in MessageState])


@click.group()
def outbox() -> None:
    """Look after what leaves: invitations, reports, notes. Nothing shown tells who a patient is."""


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Write JSON."),
        click.option("--limit", default=100, type=click.IntRange(1, MOST_LISTED), show_default=True),
        click.option(
            "--older-than", "minutes", type=click.IntRange(0), help="Only what is older than so many minutes."
        ),
        click.option("--clinic", help="Id of a clinic; all of them without it."),
        click.option("--target", "targets", multiple=True, help="Such as webpatient or flp; may be given again."),
        click.option("--state", "states", multiple=True, type=STATES, help="May be given again."),
    ):
        command = option(command)
    return command


@outbox.command(name="list")
@_filters
def list_command(clinic: str | None, *, as_json: bool, **filters: Any) -> None:
    """List messages, oldest first: by default all whose time has come and that have not left, or wait for a person.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with _desk() as desk:
        entries = desk.listed(_wanted(desk, None, **filters), clinic)
        now = desk.services.clock.now()
    if as_json:
        click.echo(json.dumps([told(entry) for entry in entries]))
        return
    show(messages_table(entries, now) if entries else "Nothing waits.")


@outbox.command()
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def receivers(*, as_json: bool) -> None:
    """Show every receiver: whether its circuit is closed, what waits for it, and for how long it has failed.

    Exit codes: 0 done, 1 failed, 2 misused.
    """
    with _desk() as desk:
        tell_receivers(desk.services.use_cases.watch(), desk.services.clock.now(), as_json=as_json)


@outbox.command(name="show")
@click.argument("message_id", metavar="ID", type=MessageId)
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def show_command(message_id: MessageId, *, as_json: bool) -> None:
    """Show one message, finished or not: its transmissions, what its receiver told, and what people did to it.

    Exit codes: 0 done, 1 there is no such message, 2 misused.
    """
    with _desk() as desk:
        trace = desk.services.use_cases.operate.trace(desk.operator_of(message_id), message_id)
        now = desk.services.clock.now()
    tell_trace(trace, now, as_json=as_json)


@outbox.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@click.option("--all", "every", is_flag=True, help="All that the filters leave; by default what is dead or in doubt.")
@click.option("--force-new-key", is_flag=True, help="Send as new: a receiver that has the old one may take it twice.")
@click.option("--reason", default="", help="Why; needed with --force-new-key, kept with the message.")
@_filters
def retry(ids: tuple[str, ...], clinic: str | None, *, every: bool, force_new_key: bool, **rest: Any) -> None:
    """Make messages due now that are dead, in doubt or wait after a failure, each with the key that it had.

    Exit codes: 0 all were, 1 one was refused, 2 misused.
    """
    as_json, reason = rest.pop("as_json"), rest.pop("reason")
    if bool(ids) == every:
        raise click.UsageError("Name messages by their ids, or give --all.")
    if force_new_key and not reason.strip():
        raise click.UsageError("--force-new-key needs --reason TEXT.")
    with _desk() as desk:
        chosen = desk.listed(_wanted(desk, STUCK, **rest), clinic) if every else ()

        def send(operate: OperateOutbox, actor: Actor, message_id: MessageId) -> BacklogEntry:
            if force_new_key:
                return operate.renew(actor, message_id, reason=reason)
            return operate.retry(actor, message_id)

        # What is due and was never tried needs no help.
        failed = [entry.id for entry in chosen if entry.state is not MessageState.DUE or entry.last_error]
        desk.each([*ids, *failed], send, as_json=as_json)


@outbox.command()
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--reason", required=True, help="Why; kept with the message.")
@click.option("--json", "as_json", is_flag=True, help="Write JSON.")
def cancel(ids: tuple[str, ...], reason: str, *, as_json: bool) -> None:
    """Give messages up that have not left; where one invites a patient, the clinic is told to call.

    Exit codes: 0 all were, 1 one was refused, 2 misused.
    """
    with _desk() as desk:
        desk.each(ids, lambda operate, actor, one: operate.cancel(actor, one, reason=reason), as_json=as_json)


@dataclass(frozen=True, slots=True)
class _Desk:
    """The service, and an operator who may go from clinic to clinic."""

    services: Services

    def listed(self, wanted: Wanted, clinic: str | None) -> tuple[BacklogEntry, ...]:
        """Return the oldest messages of one clinic, or of all together."""
        known = self.services.store.clinics()
        if clinic is not None and clinic not in known:
            raise click.BadParameter("There is no such clinic.", param_hint="--clinic")
        operate = self.services.use_cases.operate
        found = [operate.listed(_operator(one), wanted) for one in known if clinic in (None, one)]
        return tuple(heapq.merge(*found, key=lambda entry: entry.id))[: wanted.limit]

    def operator_of(self, message_id: MessageId) -> Actor:
        """Return an operator of the clinic that a message is of; NotFoundError if there is no such message."""
        clinic_id = self.services.store.clinic_of_message(message_id)
        if clinic_id is None:
            raise NotFoundError("There is no such message.")
        return _operator(clinic_id)

    def each(
        self,
        ids: Sequence[str],
        act: Callable[[OperateOutbox, Actor, MessageId], BacklogEntry],
        *,
        as_json: bool,
    ) -> None:
        """Do the same to each message and tell what came of it; exit code 1 if one was refused."""
        done, refused = [], {}
        for message_id in map(MessageId, ids):
            try:
                done.append(act(self.services.use_cases.operate, self.operator_of(message_id), message_id))
            except StoreError as error:
                refused[message_id] = error.text
        if as_json:
            click.echo(json.dumps({"done": [told(entry) for entry in done], "refused": refused}))
        else:
            for entry in done:
                click.echo(f"{entry.id} {entry.state.value}")
            for message_id, why in refused.items():
                click.echo(f"{message_id} refused: {why}", err=True)
        if refused:
            raise SystemExit(REFUSED)


@contextmanager
def _desk() -> Iterator[_Desk]:
    services = open_services()
    try:
        yield _Desk(services)
    finally:
        services.store.close()


def _operator(clinic_id: ClinicId) -> Actor:
    return Actor(Role.OPERATOR, "cli", clinic_id)


def _wanted(
    desk: _Desk,
    otherwise: Sequence[MessageState] | None,
    *,
    states: Sequence[str],
    targets: Sequence[str],
    minutes: int | None,
    limit: int,
) -> Wanted:
    wanted = Wanted(tuple(map(MessageState, states)) or otherwise, targets, limit=limit)
    if minutes is None:
        return wanted
    return replace(wanted, before=desk.services.clock.now() - timedelta(minutes=minutes))
