"""Cards that Slack didn't take: what they are, whose, and why, as the admins, the shell and doctor are told."""

from dataclasses import dataclass
from datetime import date, datetime

from documents.format import day
from storage import clients, failures
from storage.database import Database, Session
from storage.failures import Stuck

_KINDS = {
    "change": "a change",
    "decision": "what a decision on a change meant",
    "reminder": "a reminder of what waits",
    "alert": "word of a directory",
    "credential": "word of what expires",
    "digest": "a digest",
    "channel": "word of a channel that Rollcall is kept out of",
    "undelivered": "word of cards that were given up",
}


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A card that was tried in vain: what it is, its channel (None: the default one), why, and since when."""

    what: str
    channel: str | None
    problem: str
    since: datetime | None
    is_given_up: bool


def undelivered(database: Database) -> tuple[Undelivered, ...]:
    """Every card that was tried in vain, those that were given up first."""
    with database.read() as session:
        return tuple(
            Undelivered(called(session, each), each.channel, each.problem or "", each.since, each.is_given_up)
            for each in failures.stuck(session)
        )


def given_up(database: Database) -> tuple[Undelivered, ...]:
    """Those of them that were given up."""
    return tuple(each for each in undelivered(database) if each.is_given_up)


def called(session: Session, card: Stuck) -> str:
    """What a card is, and whose."""
    whose = f" of {clients.get(session, card.client_id).name}" if card.client_id is not None else ""
    if card.kind == "run":
        return f"the billing run of {day(date.fromisoformat(card.subject))}"
    return f"{_KINDS.get(card.kind, 'a card')}{whose}"
