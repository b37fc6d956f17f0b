"""What a book means for who counts: verdicts anew from the accounts as last read, and the change that follows.

No directory is asked. An import never changes a bill by itself: what it would change about people, and about the money
of a change that waits, is proposed in its own transaction.
"""

from datetime import date

from billing.safety import Trip
from commands.accepting import hold_back, keep_first_days
from commands.actors import Actor, Clock
from commands.proposals import difference, propose, trips
from documents import mismatches
from storage import acceptance, changes, clients, directories
from storage.database import Session
from storage.ids import id_of
from storage.tables import ClientRow

# That a reading must show somebody isn't about an import, which reads nothing.
_SOMEBODY = 1


class _TooMany(Exception):
    """The safety catch is on: leaves the judging without a trace."""

    def __init__(self, tripped: tuple[Trip, ...], moved: list[int]) -> None:
        super().__init__()
        self.tripped, self.moved = tripped, moved


def rejudge(session: Session, actor: Actor, clock: Clock, client: ClientRow, *, by_other_rules: bool) -> str | None:
    """Brings verdicts and the pending change in line with the client's book, and says what comes of it, if anything."""
    client_id, today = id_of(client), clock.today(client.timezone)
    if by_other_rules:
        try:
            with session.begin_nested():
                _judge(session, client, today)
        except _TooMany as catch:
            session.expire_all()
            return _held(session, actor, clock, client, catch)
    waited = changes.pending(session, client_id)
    before = (waited.id, waited.revision) if waited else None
    change = propose(session, actor, clock, client, difference(session, client))
    if change is not None:
        is_new = before != (change.id, change.revision)
        return f"change {change.id} waits for approval, as revision {change.revision}" if is_new else None
    return f"change {before[0]} is withdrawn, since the difference is gone" if before else None


def _judge(session: Session, client: ClientRow, today: date) -> None:
    client_id = id_of(client)
    rosters = clients.rosters_of(session, client_id)
    before = _places(session, client_id)
    for directory in directories.of_client(session, client_id):
        acceptance.judge(session, directory, rosters, today, None, {})
    tripped = trips(session, client, difference(session, client), _SOMEBODY)
    if tripped:
        after = _places(session, client_id)
        raise _TooMany(tripped, [account for account in after if after[account] != before.get(account)])


def _places(session: Session, client_id: int) -> dict[int, str | None]:
    return {placement.account: placement.roster for placement in directories.placements(session, client_id)}


def _held(session: Session, actor: Actor, clock: Clock, client: ClientRow, catch: _TooMany) -> str:
    today = clock.today(client.timezone)
    moved = directories.by_ids(session, catch.moved).values()
    for row in directories.of_client(session, id_of(client)):
        moving = {account.object_id: today for account in moved if account.directory_id == row.id}
        if moving:
            hold_back(session, actor, clock, client, row, catch.tripped, moving)
            keep_first_days(row, moving)
    return (
        f"the safety catch holds the new rule back: {mismatches.tripped(catch.tripped)}. "
        f"Who counts stays as it was. If it is meant: rollcall sync {client.slug} --let-through REASON"
    )
