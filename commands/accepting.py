"""What becomes of a reading in one short transaction: accepted with its proposal, or failed."""

from dataclasses import replace
from datetime import date

from commands.actors import Actor, Clock
from commands.approvals import in_force
from commands.automatic import propose_or_approve
from commands.held import moves_of, pass_of, seal_of
from commands.holding import Held, first_days, moving_of, release
from commands.proposals import Difference, difference, newly_found, trips
from commands.sync_outcomes import SyncOutcome, outcome_of, record, recovered
from commands.targets import Target, locked
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from documents import wording
from rosters.origins import READ, Cause, Origin
from storage import acceptance, audit, bulk, changes, clients, directories, licences, notices, rules
from storage.database import Database, Session
from storage.handovers import NO_HANDOVERS, handovers_of
from storage.ids import id_of
from storage.judging import Judging
from storage.tables import ChangeRow, ClientRow, DirectoryRow


def accept(
    database: Database,
    actor: Actor,
    clock: Clock,
    target: Target,
    reading: Reading,
    spool: Spool,
    let_through: str | None,
) -> SyncOutcome:
    """Takes a reading in and proposes what differs.

    Raises:
        Held, ReadingIsOutdated: nothing of it was taken.

    """
    with database.write("sync") as session, bulk.uncollected():
        row, client = locked(session, target)
        today = clock.today(client.timezone)
        origin = _origin(session, row, client)
        sync = record(session, row, clock, today, "accepted", reading)
        judging = _judging(session, row, today, sync)
        knew = row.knows_licences, row.mailboxes_read
        row.knows_licences = reading.licences if target.wanted.licences else None
        row.mailboxes_read = target.wanted.mailboxes
        newcomers = acceptance.take(session, row, spool.told(), judging, full=reading.full, members=reading.members)
        if reading.full:
            # Everybody was judged just now.
            row.judged_by = rules.digest(session, row.client_id)
        elif (row.knows_licences, row.mailboxes_read) != knew:
            # Whoever waited for licences that will never be known is judged without them, and whoever waited for
            # mailboxes by what they are.
            row.judged_by = ""
        judge_by_present_rules(session, client, judging, row)
        tally = acceptance.tally(session, row)
        seen = tally.present
        vanished = _take_licences(session, row, target, reading, today)
        found = difference(session, client, today, vanished, newcomers if reading.full else None)
        if _goes_through(session, actor, clock, client, row, found, seen, let_through):
            origin = replace(origin, cause=Cause.LET_THROUGH)
        _clear(session, row, client, reading, clock, today, seen)
        waited = changes.pending(session, row.client_id)
        change = propose_or_approve(session, actor, clock, client, found, origin)
        then = f"{_unknown(tally)}{_what_waits(change, waited)}{_for_whom(found)}"
        text = f"{wording.accounts(seen)}, {tally.counting} billable{then}"
        which = (change.id, change.revision) if change else (None, None)
        return outcome_of(target, "accepted", seen, tally.counting, text, *which)


def _judging(session: Session, row: DirectoryRow, today: date, sync: int) -> Judging:
    """By what the accounts of a reading are judged; days that are yet to come are put straight first."""
    if row.last_read is not None and row.last_read > today:
        directories.not_after(session, row, today)
    rosters, version = clients.rosters_of(session, row.client_id), rules.newest_number(session, row.client_id)
    return Judging(rosters, today, sync, first_days(row, today), version, handovers_of(session, row, today))


def _goes_through(
    session: Session,
    actor: Actor,
    clock: Clock,
    client: ClientRow,
    row: DirectoryRow,
    found: Difference,
    seen: int,
    let_through: str | None,
) -> bool:
    """Whether the safety catch would hold what somebody lets through; False where there is nothing to hold.

    Raises:
        Held: there is, and nobody let this list through.

    """
    tripped = trips(session, client, found, seen)
    moves = moves_of(session, newly_found(session, client, found)) if tripped else ()
    given = pass_of(row, moves, clock.now()) if tripped else None
    # A list that was shown is let through as it was shown; where none was, what is held is told as it goes through.
    is_other = row.held_seal not in (None, seal_of(moves))
    if tripped and given is None and (let_through is None or is_other):
        moving = dict(moving_of(session, row, clock.today(client.timezone)))
        raise Held(tripped, seen, moving, moves, was_other=let_through is not None)
    if given is not None or (let_through is not None and (tripped or row.trips is not None)):
        by, reason = (given.by, given.reason) if given is not None else (actor.id, let_through)
        said = {"directory": row.name, "reason": reason}
        audit.append(session, client.slug, clock.now(), by, "sync.let_through", client.slug, said)
    return bool(tripped)


def judge_by_present_rules(
    session: Session, client: ClientRow, judging: Judging, read: DirectoryRow | None = None
) -> None:
    """Judges anew the directories whose verdicts were given by other rules than the present ones.

    The days of a held reading are those of the directory that was read.
    """
    present = rules.digest(session, id_of(client))
    for directory in directories.of_client(session, id_of(client)):
        if directory.judged_by != present:
            mine = read is not None and directory.id == read.id
            others = replace(judging, first_seen={}, handovers=NO_HANDOVERS)
            acceptance.judge(session, directory, judging if mine else others)
            directory.judged_by = present
            session.add(directory)


def _origin(session: Session, row: DirectoryRow, client: ClientRow) -> Origin:
    """What a reading's new items come of: other rules where somebody's verdict is still one by those before."""
    if row.trips is not None:
        return Origin(Cause.LET_THROUGH)
    policies = in_force(session, client)
    if not policies.automatic and policies.own_proposals is not False:
        # Nobody asks for it, and to look through all accounts takes its time.
        return READ
    present, newest = rules.digest(session, row.client_id), rules.newest(session, row.client_id)
    theirs = directories.of_client(session, id_of(client))
    if newest is not None and directories.judged_otherwise(session, row.client_id, newest.version):
        return Origin(Cause.RULES, newest.by)
    return Origin(Cause.RULES) if any(each.judged_by not in (None, present) for each in theirs) else READ


def _take_licences(
    session: Session, row: DirectoryRow, target: Target, reading: Reading, today: date
) -> frozenset[str]:
    if not target.wanted.units:
        row.counts_licences = None
        return frozenset()
    bought = None if reading.units is None else [(each.licence, each.bought) for each in reading.units]
    return licences.take(session, row, bought, today, first_days(row, today))


def _unknown(tally: acceptance.Tally) -> str:
    number = tally.without_licences
    return f", {number} whose licences it doesn't know" if number else ""


def _what_waits(change: ChangeRow | None, waited: ChangeRow | None) -> str:
    if change is not None:
        by_policy = change.state == "approved"
        return f"; change {change.id} {'was approved by policy' if by_policy else 'waits for approval'}"
    return f"; change {waited.id} was withdrawn, since the difference is gone" if waited is not None else ""


def _for_whom(found: Difference) -> str:
    """Which directories a first count waits for."""
    if not found.unread:
        return ""
    are = "is" if len(found.unread) == 1 else "are"
    return f"; the first count waits until {' and '.join(found.unread)} {are} read too"


def fail(database: Database, clock: Clock, target: Target, message: str, cause: str) -> SyncOutcome:
    """Keeps that a directory can't be read; it is told once for each cause, whatever its wording each night."""
    with database.write("sync-failed") as session:
        row, client = locked(session, target)
        today = clock.today(client.timezone)
        record(session, row, clock, today, "failed", None, message)
        newly = row.failing_since is None or row.failure_cause != cause
        if row.failing_since is None:
            row.failing_since, row.failing_at = today, clock.now()
        row.failure, row.failure_cause = message, cause
        session.add(row)
        if newly:
            notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
    return outcome_of(target, "failed", 0, 0, message)


def _clear(
    session: Session, row: DirectoryRow, client: ClientRow, reading: Reading, clock: Clock, today: date, seen: int
) -> None:
    if row.failing_since is not None or row.trips is not None:
        notices.owe(session, "alert", f"directory:{row.id}", row.client_id, client.channel)
    release(session, row)
    row.cursor, row.last_read, row.read_at = reading.cursor, today, clock.now()
    recovered(row)
    row.accounts_seen = seen
    session.add(row)
