"""Changes: what waits, and the decision that opens and closes seats."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from billing.errors import Refused, WrongInput
from commands.actors import Actor, Clock
from commands.approvals import FirstApproval, first_of, judge, money_of, proposal_of, proposers_of, refuse_others
from commands.backdating import refuse_backdating
from commands.change_cards import ChangeView, change_view, differs
from commands.clients import named
from commands.decisions import keep_decision, money_shown
from commands.first_counts import uncounted
from commands.left_out import leave_out
from commands.permissions import UseCase, may, require
from commands.proposals import as_seen, difference, propose
from commands.reasons import REJECTED, require_reason
from commands.refusals import RefusedWithNames
from commands.taking_up import dated, gone_rosters, record, take_up
from commands.terms import NOBODY, NumberedReasons, Terms, terms, terms_before
from documents.sources import By, Told, when
from rosters.changes import ChangeItem
from rosters.policies import Outcome
from storage import changes, clients, rejections
from storage.codec import encode
from storage.database import Database, Session
from storage.tables import ChangeItemRow, ChangeRow, ClientRow


class NoSuchChange(WrongInput):
    """There is no change with that id."""


class AlreadyDecided(RefusedWithNames):
    """Somebody was first; the message says who, when and what."""


class ChangeWasReplaced(Refused):
    """The card that was clicked shows an older revision, or its amounts are no longer true."""


def pending(
    database: Database, actor: Actor, client: str | None = None, *, every: bool = False
) -> tuple[ChangeView, ...]:
    """The changes that wait for approval, or all there ever were, of one client or of all."""
    with database.read() as session:
        require(session, actor, UseCase.SEE)
        client_id = named(session, client).id if client else None
        return tuple(
            change_view(session, row, actor) for row in changes.every(session, client_id, only_pending=not every)
        )


def show(database: Database, change_id: int, revision: int | None = None) -> ChangeView:
    """One change as it is now, or one revision of it; for cards, so without a role."""
    with database.read() as session:
        row = changes.newest(session, change_id) if revision is None else changes.get(session, change_id, revision)
        if row is None:
            raise NoSuchChange(f"There is no change {change_id}.")
        return change_view(session, row)


def to_be_decided(database: Database, actor: Actor, change_id: int) -> ChangeView:
    """A change as it is now, for whoever may decide it: refused before they are asked for a day or a reason."""
    with database.read() as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row = changes.newest(session, change_id)
        if row is not None:
            refuse_others(session, actor, clients.get(session, row.client_id), change_id)
    return show(database, change_id)


def approve(
    database: Database,
    actor: Actor,
    clock: Clock,
    change_id: int,
    *,
    revision: int | None = None,
    effective: date | None = None,
    left_out: NumberedReasons = NOBODY,
    reason: str | None = None,
) -> ChangeView:
    """Opens and closes the seats of a pending change, and puts its numbers in force.

    `revision` is what the approver saw; without it the newest counts. `effective` replaces the days of a first
    count's items, or of all items where there is no first count; a first count must have it where the days before
    would be billed as nobody. `left_out` are the numbers of items, each with its reason; an empty one is `reason`.

    Where the client's policies ask for two people, the first approval is kept, and the change waits on. The second
    one approves the same without saying it again; one that states another day, or leaves others out, is a first one.

    Raises:
        AlreadyDecided, ChangeWasReplaced, FirstDayIsMissing, GoesBackTooFar, MoveIsOneDecision, NoSuchChange,
            NoSuchItem, OthersDecide, ProposedByYou, ReasonIsMissing, SecondPersonIsMissing, NotAllowed: as named.

    """
    said = terms(effective, left_out, reason)
    with database.write("approve") as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_decide(session, actor, change_id, revision)
        refusal = None if revision is None else _shown_anew(session, actor, clock, client, row)
        if refusal is None:
            _approve(session, actor, clock, client, row, said)
            return change_view(session, row, actor)
    # Raised only now: the card that is owed with the new revision must outlast the refusal.
    raise refusal


def rehearse_approval(
    database: Database,
    actor: Actor,
    clock: Clock,
    target: tuple[int, int],
    effective: date | None,
    left_out: NumberedReasons,
) -> None:
    """Raises what `approve` would raise for these terms, and decides nothing: for a form that says so at its fields.

    `target` is the change with the revision that was shown. Whatever the form can't mend isn't looked for.
    """
    said = terms(effective, left_out)
    with database.rehearse() as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_decide(session, actor, *target)
        _approve(session, actor, clock, client, row, said)


def _approve(session: Session, actor: Actor, clock: Clock, client: ClientRow, row: ChangeRow, said: Terms) -> None:
    today = clock.today(client.timezone)
    item_rows = changes.item_rows(session, row.id, row.revision)
    first = first_of(row)
    if first is not None:
        before = terms_before(first, item_rows)
        said = before if said.as_shown else said
        # The second of two may say otherwise; then it is a first one.
        first = first if (before.effective, set(before.left_out)) == (said.effective, set(said.left_out)) else None
    leave_out(session, item_rows, said.left_out)
    taken = [item for item in item_rows if not item.excepted]
    items = dated(session, client, row, taken, said.effective)
    _refuse_gone_rosters(session, client, row, items)
    refuse_backdating(session, actor, row.id, items, today)
    money = money_shown(row) if said.as_shown else money_of(session, client, items, today)
    proposal = replace(
        proposal_of(client, row, list(map(changes.as_item, item_rows)), today),
        proposers=proposers_of(items),
        decided_minor=max(abs(money.monthly_minor), abs(money.next_invoice_minor)),
    )
    if judge(session, actor, client, proposal, row, first).outcome is Outcome.FIRST_OF_TWO:
        approval = FirstApproval(actor.id, clock.now(), today, said.effective, said.reason)
        changes.approve_first(session, row, encode(approval))
        about = {"reason": said.reason, "effective": said.effective}
        record(session, actor.id, clock, client, row, "change.approve_first", about)
        return
    _settle(session, row, actor, clock, client, "approved", said.reason)
    keep_decision(row, items, money)
    take_up(session, clock, client, row, taken, items)
    _keep_refusals(session, client, row, [item for item in item_rows if item.excepted], today)
    if first is None:
        row.first_approval = None
    first_by = {"first_approved_by": first.by} if first is not None else {}
    record(session, actor.id, clock, client, row, "change.approve", {"reason": said.reason, **first_by})


def _keep_refusals(
    session: Session, client: ClientRow, row: ChangeRow, left_out: Sequence[ChangeItemRow], today: date
) -> None:
    refused = as_seen(session, client, map(changes.as_item, left_out), today)
    why = (item.reason or "" for item in left_out)
    rejections.add(session, row.client_id, row.id, zip(refused, why, strict=True))


def reject(
    database: Database, actor: Actor, clock: Clock, change_id: int, *, revision: int | None = None, reason: str
) -> ChangeView:
    """Refuses a pending change; each item stays refused until that account's verdict changes again."""
    require_reason(reason, REJECTED)
    with database.write("reject") as session:
        require(session, actor, UseCase.DECIDE_CHANGE)
        row, client = _to_decide(session, actor, change_id, revision)
        refusal = None if revision is None else _shown_anew(session, actor, clock, client, row)
        if refusal is None:
            # A first count is asked for again: until somebody approves one, the roster isn't counted at all.
            fresh = uncounted(session, row.client_id)
            items = [item for item in changes.items(session, row) if item.roster not in fresh]
            # Whom a first approval would have left out is rejected like everybody else.
            leave_out(session, changes.item_rows(session, row.id, row.revision), NOBODY)
            _settle(session, row, actor, clock, client, "rejected", reason)
            refused = as_seen(session, client, items, clock.today(client.timezone))
            rejections.add(session, row.client_id, row.id, ((item, reason) for item in refused))
            record(session, actor.id, clock, client, row, "change.reject", {"reason": reason})
            return change_view(session, row, actor)
    # Raised only now, as above.
    raise refusal


def _to_decide(session: Session, actor: Actor, change_id: int, revision: int | None) -> tuple[ChangeRow, ClientRow]:
    found = changes.newest(session, change_id)
    if found is None:
        raise NoSuchChange(f"There is no change {change_id}: rollcall changes lists what waits.")
    client = clients.lock(session, found.client_id)
    session.expire_all()
    row = changes.newest(session, change_id)
    if row is None:
        raise NoSuchChange(f"There is no change {change_id}.")
    if row.state != changes.PENDING:
        raise AlreadyDecided(_decided(row, client))
    refuse_others(session, actor, client, change_id)
    if revision is not None and revision != row.revision:
        raise ChangeWasReplaced(
            f"Change {change_id} has been replaced: you saw revision {revision}, now it is revision {row.revision}. "
            "Nothing was decided; look at the new card and decide there."
        )
    return row, client


def _shown_anew(
    session: Session, actor: Actor, clock: Clock, client: ClientRow, row: ChangeRow
) -> ChangeWasReplaced | None:
    """What was shown must still be what would be proposed now; otherwise that is proposed, and this is the refusal."""
    now = propose(session, actor, clock, client, difference(session, client, clock.today(client.timezone)))
    if now is None:
        return ChangeWasReplaced(f"Change {row.id} was withdrawn, since the difference is gone; nothing was decided.")
    if now.revision == row.revision:
        return None
    may_see = may(session, actor, UseCase.SEE_MONEY)
    other = differs(row, now, client) if may_see else "its people, days or amounts are others now"
    return ChangeWasReplaced(
        f"Change {row.id} is no longer what its card showed, so nothing was decided: {other}. "
        f"Revision {now.revision} shows it anew: look at it and decide there."
    )


def _decided(row: ChangeRow, client: ClientRow) -> Told:
    decided = when(row.decided_on, row.decided_at, client.timezone)
    on: Told = (" on ", decided) if decided else ()
    if row.state == "withdrawn" or row.decided_by is None:
        return (f"Change {row.id} was {row.state}", *on, f": {row.reason}.")
    return (f"Change {row.id} was already {row.state} by ", By(row.decided_by), *on, ".")


def _refuse_gone_rosters(session: Session, client: ClientRow, row: ChangeRow, items: Sequence[ChangeItem]) -> None:
    gone = gone_rosters(session, row.client_id, items)
    if gone:
        raise ChangeWasReplaced(
            f"Change {row.id} is about {', '.join(gone)}, which is no longer in the book, so nothing was decided. "
            f"rollcall sync {client.slug} proposes it anew."
        )


def _settle(
    session: Session, row: ChangeRow, actor: Actor, clock: Clock, client: ClientRow, state: str, reason: str | None
) -> None:
    today = clock.today(client.timezone)
    if not changes.decide(session, row, state, actor.id, clock.now(), today, reason):
        raise AlreadyDecided(_decided(row, client))
    session.refresh(row)
