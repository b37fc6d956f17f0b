"""What a card shows now: a notice says which, the commands say what."""

from collections.abc import Callable, Mapping
from datetime import date

from bot.message import Message
from bot.targets import ChangeTarget
from bot.views.alerts import alert_card
from bot.views.change_details import decision_reply
from bot.views.changes import change_card
from bot.views.digests import digest_card
from bot.views.reminders import reminder
from bot.views.runs import run_card
from bot.views.undelivered import closed_channel_card, given_up_card
from commands import alerts, changes, credentials, digests, reminders, runs
from commands.closed_channels import closed_channel
from commands.notices import CHANNEL, UNDELIVERED, Owed
from commands.reminders import REMINDER
from commands.taking_up import DECISION
from commands.undelivered import given_up
from storage.database import Database


def card(database: Database, notice: Owed) -> Message | None:
    """The newest card of a notice's subject; nothing where there is nothing to say any more."""
    return _CARDS[notice.kind](database, notice.subject)


def _change(database: Database, subject: str) -> Message:
    return change_card(changes.show(database, int(subject)))


def _decision(database: Database, subject: str) -> Message:
    target = ChangeTarget.parse(subject)
    return decision_reply(changes.show(database, target.id, target.revision))


def _reminder(database: Database, subject: str) -> Message | None:
    waiting = reminders.show(database, subject)
    return reminder(waiting) if waiting else None


def _run(database: Database, subject: str) -> Message:
    return run_card(runs.show(database, date.fromisoformat(subject)))


def _alert(database: Database, subject: str) -> Message:
    return alert_card(alerts.alert(database, int(subject.removeprefix("directory:"))))


def _credential(database: Database, subject: str) -> Message:
    return alert_card(credentials.show(database, subject))


def _channel(database: Database, subject: str) -> Message:
    return closed_channel_card(closed_channel(database, subject.partition("/")[0]))


def _undelivered(database: Database, _subject: str) -> Message:
    return given_up_card(given_up(database))


def _digest(database: Database, subject: str) -> Message:
    return digest_card(digests.show(database, subject))


_CARDS: Mapping[str, Callable[[Database, str], Message | None]] = {
    "change": _change,
    DECISION: _decision,
    REMINDER: _reminder,
    "run": _run,
    "alert": _alert,
    "credential": _credential,
    CHANNEL: _channel,
    UNDELIVERED: _undelivered,
    "digest": _digest,
}
