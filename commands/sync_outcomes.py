"""What is said of one directory's reading, and the record that every attempt leaves."""

from dataclasses import dataclass, replace
from datetime import date

from commands.actors import Clock
from commands.held import Move
from commands.targets import ReadingIsOutdated, Target
from connectors.directories.port import Reading
from storage import directories
from storage.database import Session
from storage.ids import id_of
from storage.tables import DirectoryRow


@dataclass(frozen=True, slots=True)
class SyncOutcome:
    """What became of reading one directory: accepted, held by the safety catch, failed, or dropped as outdated.

    `exit_code` is that of the error that stood in the way (0: none), so that a missing setting is told apart from a
    source that doesn't answer. `moves` is what a held reading would have moved.
    """

    client: str
    directory: str
    outcome: str
    accounts_seen: int
    billable: int
    change_id: int | None
    revision: int | None
    message: str
    exit_code: int = 0
    moves: tuple[Move, ...] = ()


def outcome_of(
    target: Target,
    outcome: str,
    seen: int,
    billable: int,
    text: str,
    change_id: int | None = None,
    revision: int | None = None,
) -> SyncOutcome:
    """An outcome that names its client and directory."""
    message = f"{target.client}/{target.name}: {text}"
    return SyncOutcome(target.client, target.name, outcome, seen, billable, change_id, revision, message)


def dropped(target: Target, outdated: ReadingIsOutdated) -> SyncOutcome:
    """What is said of a reading that isn't worth taking any more; where a newer one is stored, nothing is missing."""
    told = outcome_of(target, "dropped", 0, 0, str(outdated))
    return told if outdated.is_superseded else replace(told, exit_code=outdated.exit_code)


def record(
    session: Session,
    row: DirectoryRow,
    clock: Clock,
    today: date,
    outcome: str,
    reading: Reading | None,
    detail: str = "",
) -> int:
    """Keeps that a directory was read, or that it couldn't be; the id of that."""
    seen, full = (reading.people, reading.full) if reading else (0, False)
    sync = directories.add_sync(
        session,
        directory_id=row.id,
        at=clock.now(),
        on=today,
        outcome=outcome,
        full=full,
        accounts_seen=seen,
        detail=detail,
    )
    return id_of(sync)


def recovered(row: DirectoryRow) -> None:
    """Forgets the failure of a directory that could be read."""
    row.failing_since = row.failing_at = row.failure = row.failure_cause = None
