"""What a bot gets with an interaction and may use for a while: a trigger, and a response URL."""

from dataclasses import dataclass

from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.stamps import Stamps

TRIGGER_SECONDS = 3
RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60


@dataclass(slots=True)
class _Trigger:
    user: str
    issued_at: float
    is_exchanged: bool = False


class Triggers:
    """Triggers: each opens or pushes one modal, within three seconds."""

    def __init__(self, stamps: Stamps) -> None:
        """Start without any."""
        self._stamps = stamps
        self._issued: dict[str, _Trigger] = {}

    def issue(self, user: str) -> str:
        """A trigger for what this user just did."""
        trigger_id = f"{int(self._stamps.now())}.{self._stamps.id('')}.{self._stamps.secret()}"
        self._issued[trigger_id] = _Trigger(user, self._stamps.now())
        return trigger_id

    def exchange(self, trigger_id: str) -> str:
        """The user of a trigger, once; SlackRefusal when it is unknown, expired or was exchanged before."""
        trigger = self._issued.get(trigger_id)
        if trigger is None:
            raise SlackRefusal("invalid_trigger_id")
        if self._stamps.now() - trigger.issued_at > TRIGGER_SECONDS:
            raise SlackRefusal("expired_trigger_id")
        if trigger.is_exchanged:
            raise SlackRefusal("exchanged_trigger_id")
        trigger.is_exchanged = True
        return trigger.user


@dataclass(slots=True)
class ResponseTicket:
    """Where a response URL leads: a channel, the user who acted, and the message that was acted on, if any."""

    channel: str
    user: str
    message_ts: str | None
    thread_ts: str | None
    issued_at: float
    uses: int = 0


class ResponseUrls:
    """Response URLs: five uses within thirty minutes, in any channel, whether the bot is a member or not."""

    def __init__(self, stamps: Stamps) -> None:
        """Start without any."""
        self._stamps = stamps
        self._issued: dict[str, ResponseTicket] = {}

    def issue(self, channel: str, user: str, message_ts: str | None = None, thread_ts: str | None = None) -> str:
        """The secret part of a new response URL."""
        secret = self._stamps.secret()
        self._issued[secret] = ResponseTicket(channel, user, message_ts, thread_ts, self._stamps.now())
        return secret

    def use(self, secret: str) -> ResponseTicket:
        """Where it leads, and one use less; SlackRefusal when it is unknown, expired or used up."""
        ticket = self._issued.get(secret)
        if ticket is None:
            raise SlackRefusal("invalid_url")
        if self._stamps.now() - ticket.issued_at > RESPONSE_URL_SECONDS:
            raise SlackRefusal("expired_url")
        if ticket.uses >= RESPONSE_URL_USES:
            raise SlackRefusal("used_url")
        ticket.uses += 1
        return ticket
