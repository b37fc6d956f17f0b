"""A click, a modal that is sent off, a command that decides or a mention, as far as it matters, and as it is kept."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from bot.actions import TYPED
from bot.mentions import is_from_a_person, words_of
from bot.reader import Reader
from bot.views.modals import Origin
from commands.interactions import Interaction


@dataclass(frozen=True, slots=True)
class Click:
    """Who did what to what. `kind` is an action id or a callback id; `fields` are a modal's answers by block id.

    An answer of several options has their values with spaces between. `view` is the id of the modal.

    Of a command or a mention it is TYPED, and `value` the words after /rollcall that ask the same.

    `key` is the same when Slack delivers the same click twice. `thread` is the ts of the thread that it was in;
    `at_home` says that it came from the home tab, perhaps by a modal that was opened there.
    """

    key: str
    kind: str
    user: str
    value: str
    trigger_id: str
    channel: str | None
    response_url: str | None
    fields: Mapping[str, str]
    view: str = ""
    thread: str | None = None
    at_home: bool = False

    @classmethod
    def of_action(cls, body: Mapping[str, Any]) -> Self:
        """From a block_actions payload."""
        action = body["actions"][0]
        chosen = action.get("selected_option") or {}
        return cls(
            key=f"click:{body['trigger_id']}",
            kind=action["action_id"],
            user=body["user"]["id"],
            value=action.get("value") or chosen.get("value", ""),
            trigger_id=body["trigger_id"],
            channel=(body.get("channel") or {}).get("id"),
            response_url=body.get("response_url"),
            fields={},
            thread=(body.get("container") or {}).get("thread_ts"),
            at_home=(body.get("view") or {}).get("type") == "home",
        )

    @classmethod
    def of_ticks(cls, body: Mapping[str, Any]) -> Self:
        """From the block_actions payload of a button that is about what is ticked beside it; `value` has all of it."""
        elements = [answer for block in body.get("state", {}).get("values", {}).values() for answer in block.values()]
        ticked = [option["value"] for answer in elements for option in answer.get("selected_options") or ()]
        return replace(cls.of_action(body), value=" ".join(ticked))

    @classmethod
    def of_choice(cls, body: Mapping[str, Any]) -> Self:
        """From a block_actions payload of one of our modals; what the modal asks has the answers so far."""
        return replace(
            cls.of_submission(body), key=f"choice:{body['trigger_id']}", kind=body["actions"][0]["action_id"]
        )

    @classmethod
    def of_submission(cls, body: Mapping[str, Any]) -> Self:
        """From a view_submission payload of one of our modals."""
        view = body["view"]
        origin = Origin.unpacked(view["private_metadata"])
        return cls(
            key=f"submission:{view['id']}:{view['hash']}",
            kind=view["callback_id"],
            user=body["user"]["id"],
            value=origin.value,
            trigger_id=body.get("trigger_id", ""),
            channel=origin.channel,
            response_url=origin.response_url,
            fields={block: _answer(elements) for block, elements in view["state"]["values"].items()},
            view=view["id"],
            thread=origin.thread,
            at_home=origin.at_home,
        )

    @classmethod
    def of_command(cls, body: Mapping[str, Any], words: str) -> Self:
        """From a slash command's payload, with its words as they are kept."""
        return cls(
            key=f"command:{body['trigger_id']}",
            kind=TYPED,
            user=body["user_id"],
            value=words,
            trigger_id=body["trigger_id"],
            channel=body.get("channel_id"),
            response_url=body.get("response_url"),
            fields={},
        )

    @classmethod
    def of_mention(cls, body: Mapping[str, Any]) -> Self | None:
        """From an app_mention event; nothing where no person said it."""
        event, bot = body["event"], _bot_of(body)
        if not is_from_a_person(event, bot):
            return None
        return cls(
            key=f"event:{body['event_id']}",
            kind=TYPED,
            user=event["user"],
            value=words_of(event.get("text", ""), bot),
            trigger_id="",
            channel=event["channel"],
            response_url=None,
            fields={},
            thread=event.get("thread_ts"),
        )

    @classmethod
    def of_interaction(cls, interaction: Interaction) -> Self:
        """From what was kept."""
        return cls(**json.loads(interaction.payload))

    def as_interaction(self) -> Interaction:
        """To be kept."""
        return Interaction(self.key, self.kind, json.dumps(asdict(self)))

    @property
    def origin(self) -> Origin:
        """Where an answer goes, for a modal that this click opens."""
        return Origin(self.value, self.channel, self.response_url, self.thread, self.at_home)

    @property
    def reader(self) -> Reader:
        """Whom it is answered to."""
        return Reader(self.user, self.channel, self.response_url, self.thread)


def _bot_of(body: Mapping[str, Any]) -> str | None:
    """The bot's own user id, by the installation that an event is delivered to."""
    return next((each.get("user_id") for each in body.get("authorizations") or () if each.get("is_bot")), None)


def _answer(elements: Mapping[str, Mapping[str, Any]]) -> str:
    (answer,) = elements.values()
    if "selected_options" in answer:
        return " ".join(option["value"] for option in answer["selected_options"])
    chosen = answer.get("selected_option") or {}
    plain = answer.get("value") or answer.get("selected_date") or answer.get("selected_conversation")
    return str(plain or chosen.get("value") or "")
