"""Undoing a decision on the day on which it was taken: a further change, which puts everything back as it was."""

from collections.abc import Iterable

from billing.errors import Refused
from commands.actors import Actor, Clock
from commands.approvals import refuse_others
from commands.bill_dates import next_unbilled
from commands.change_cards import ChangeView, change_view
from commands.changes import NoSuchChange
from commands.decisions import Undone, keep_decision, undone_of
from commands.permissions import UseCase, require
from commands.proposals import RosterMove, difference, propose, roster_moves
from commands.refusals import RefusedWithNames
from commands.taking_up import DECISION, plain_items
from documents.format import day
from documents.sources import By, When
from rosters.changes import ChangeItem, ItemKind, Items, after_change, effect_of, fingerprint
from storage import audit, changes, clients, notices, quantities, rejections, seats, series, snapshots
from storage.codec import encode
from storage.database import Database, Session
from storage.ids import id_of
from storage.tables import ChangeRow, ClientRow

_DECIDED = {"approved", "rejected"}
_CORRECT = "The next change corrects it"


class NotDecided(Refused):
    """There is no decision to undo."""


class AlreadyUndone(RefusedWithNames):
    """Somebody was first; the message says who and when."""


class DayIsOver(Refused):
    """A decision is undone on the day on which it was taken, or not at all."""


class InvoiceRestsOnIt(Refused):
    """An invoice was issued since, and what is issued is frozen."""


class SeatsMovedSince(Refused):
    """What the decision brought was altered by a later one."""


def undo(database: Database, actor: Actor, clock: Clock, change_id: int) -> ChangeView:
    """Puts back what a decision of today did, by a further change, and proposes anew what is open then.

    An approval's seats and numbers are as before, and so are the refusals of whom it left out; of a rejection, its
    refusals are forgotten. Gives the change that was undone.

    Raises:
        AlreadyUndone, DayIsOver, InvoiceRestsOnIt, NoSuchChange, NotAllowed, NotDecided, OthersDecide, SeatsMovedSince:
            as named.

    """
    with database.write("undo") as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_undo(session, actor, clock, change_id)
        today = clock.today(client.timezone)
        by = _put_back(session, actor, clock, client, row) if row.state == "approved" else None
        rejections.forget_of_change(session, row.client_id, row.id)
        row.undo_open, row.undone = False, encode(Undone(actor.id, clock.now(), today, by.id if by else None))
        session.add(row)
        session.flush()
        audit.append(
            session,
            client.slug,
            clock.now(),
            actor.id,
            "change.undo",
            f"{by.id}:{by.revision}" if by else f"{row.id}:{row.revision}",
            {"undoes": f"{row.id}:{row.revision}", "was": row.state, "items": plain_items(session, by) if by else []},
        )
        card = notices.owe(session, "change", str(row.id), row.client_id, client.channel)
        if by is not None:
            notices.owe(session, DECISION, f"{by.id}:{by.revision}", row.client_id, client.channel, card)
        propose(session, actor, clock, client, difference(session, client, today))
        return change_view(session, row, actor)


def _to_undo(session: Session, actor: Actor, clock: Clock, change_id: int) -> tuple[ChangeRow, ClientRow]:
    found = changes.newest(session, change_id)
    if found is None:
        raise NoSuchChange(f"There is no change {change_id}.")
    client = clients.lock(session, found.client_id)
    session.expire_all()
    row = changes.newest(session, change_id)
    if row is None or row.state not in _DECIDED:
        raise NotDecided(f"Change {change_id} is {found.state}: there is no decision to undo.")
    if row.undoes is not None:
        raise NotDecided(f"Change {change_id} undoes change {row.undoes} itself. Decide what was proposed anew since.")
    refuse_others(session, actor, client, change_id)
    undone = undone_of(row)
    if undone is not None:
        told = (" on ", When(undone.on, undone.at, client.timezone), ".")
        raise AlreadyUndone((f"Change {change_id} was already undone by ", By(undone.by), *told))
    if row.decided_on != clock.today(client.timezone):
        when = f" of {day(row.decided_on)}" if row.decided_on else ""
        raise DayIsOver(f"The decision{when} on change {change_id} could be undone on that day only. {_CORRECT}.")
    issued = _issued_since(session, client, row)
    if issued:
        raise InvoiceRestsOnIt(
            f"{', '.join(issued)} was issued after change {change_id} was {row.state}, so that can't be undone. "
            f"{_CORRECT}, and the next invoice with it."
        )
    return row, client


def _issued_since(session: Session, client: ClientRow, row: ChangeRow) -> list[str]:
    action = "change.approve" if row.state == "approved" else "change.reject"
    since = audit.since(session, client.slug, action, f"{row.id}:{row.revision}")
    return [entry.subject for entry in since if entry.action == "invoice.issue"]


def _put_back(session: Session, actor: Actor, clock: Clock, client: ClientRow, row: ChangeRow) -> ChangeRow:
    """The further change, approved by whoever undoes: the items the other way round, and what they cost."""
    today, client_id = clock.today(client.timezone), id_of(client)
    if not seats.stand_as_left(session, client_id, row.id) or not quantities.approved_last(session, client_id, row.id):
        raise SeatsMovedSince(
            f"Change {row.id} can't be undone, since a later one moved the same people or numbers. {_CORRECT}."
        )
    items = _inverse(
        changes.as_item(item) for item in changes.item_rows(session, row.id, row.revision) if not item.excepted
    )
    snapshot = snapshots.load(session, client)
    seats.put_back(session, client_id, row.id)
    quantities.forget_approved(session, client_id, row.id)
    changed = after_change(snapshot, items, known=today)
    money = effect_of(snapshot, changed, items, today, next_unbilled(session, client_id, snapshot.terms, today))
    by = ChangeRow(
        id=series.take(session, series.CHANGES),
        revision=1,
        client_id=client_id,
        state="approved",
        proposed_on=today,
        proposed_at=clock.now(),
        fingerprint=fingerprint(items, money),
        counts=encode(roster_moves(snapshot, changed, items, today), tuple[RosterMove, ...]),
        monthly_minor=money.monthly_minor,
        next_invoice_minor=money.next_invoice_minor,
        next_bill_date=money.next_bill_date,
        decided_by=actor.id,
        decided_at=clock.now(),
        decided_on=today,
        reason=f"Undoes change {row.id}",
        undoes=row.id,
    )
    keep_decision(by, items, money)
    return changes.add(session, by, items)


def _inverse(items: Iterable[ChangeItem]) -> Items:
    """The items the other way round, leavers first as ever."""
    other: dict[str, ItemKind] = {"join": "leave", "leave": "join"}
    turned = [
        item._replace(before=item.after, after=item.before) if item.measure else item._replace(kind=other[item.kind])
        for item in items
    ]
    return Items(sorted(turned, key=lambda item: item.kind != "leave"))


def close_past(database: Database, clock: Clock) -> int:
    """The day being over, at each client by its own calendar, the cards of its decisions lose the button; how many."""
    with database.read() as session:
        if not _past(session, clock):
            return 0
    with database.write("undo-close") as session:
        past = _past(session, clock)
        for row in past:
            row.undo_open = False
            session.add(row)
            notices.ask_again(session, "change", str(row.id))
        return len(past)


def _past(session: Session, clock: Clock) -> list[ChangeRow]:
    offered = changes.undo_open(session)
    zones = {id_of(client): client.timezone for client in clients.every(session)} if offered else {}
    return [row for row in offered if row.decided_on is None or row.decided_on < clock.today(zones[row.client_id])]
