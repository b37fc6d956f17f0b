"""The hands of the workspace's people: commands, clicks and modals, told to the bot as Slack tells it."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.workspace.errors import NotOnTheScreen, SlackRefusal
from sandbox.workspace.events import OTHER_BOT, Events
from sandbox.workspace.fields import Offers, answer, complaints, filled, path, takes_value
from sandbox.workspace.model import SLACKBOT, Channel, Content, Json, Message, User, View
from sandbox.workspace.offering import is_asked, suggested
from sandbox.workspace.payloads import action, command_form, in_message, in_view, interaction, on_message, suggestion
from sandbox.workspace.reading import control
from sandbox.workspace.records import Answer, Suggested
from sandbox.workspace.responding import respond
from sandbox.workspace.sending import Acknowledgement, Sender
from sandbox.workspace.state import Workspace
from sandbox.workspace.submissions import take_response
from sandbox.workspace.wire import view_json


class Interactions:
    """What a person can do with the app; users and channels are named by id or name."""

    def __init__(self, workspace: Workspace, sender: Sender, base_url: str) -> None:
        """Act in this workspace, whose response URLs the bot reaches below `base_url`."""
        self._workspace = workspace
        self._sender = sender
        self._events = Events(workspace, sender)
        self._base_url = base_url

    async def command(self, user: str, channel: str, command: str, text: str) -> Answer:
        """Type a slash command; an answer in the acknowledgement is shown as Slack shows it."""
        person, place = self._workspace.places.user(user), self._workspace.places.channel(channel)
        secret = self._workspace.response_urls.issue(place.id, person.id)
        form = {
            **command_form(person, place, command, text),
            "trigger_id": self._workspace.triggers.issue(person.id),
            "response_url": self._response_url(secret),
        }
        acknowledgement = await self._sender.send("command", person.id, form)
        error = acknowledgement.error
        messages: tuple[str, ...] = ()
        if error is None and acknowledgement.body:
            said = acknowledgement.structure() or {"text": acknowledgement.body}
            try:
                respond(self._workspace, self._workspace.response_urls.use(secret), said)
            except SlackRefusal as refusal:
                error, messages = "invalid_command_response", (refusal.code, *refusal.messages)
        self._show_failure(error, place.id, person.id, command)
        return Answer(acknowledgement.seconds, error, messages=list(messages))

    async def act(
        self, user: str, channel: str, ts: str, named: str, *, value: Any = None, edition: int | None = None
    ) -> Answer:
        """Use a button or another element of a message, named by action id or label.

        `edition` acts on what the message showed earlier (0: as posted), as on a screen that has not refreshed.
        """
        person, place = self._workspace.places.user(user), self._workspace.places.channel(channel)
        message = self._seen(person, place, ts)
        shown = _shown(message, edition)
        block, element = control(shown, named)
        _check_value(element, named, value)
        offered = self._workspace.suggestions.on(person.id, message.ts)
        secret = self._workspace.response_urls.issue(place.id, person.id, message.ts, message.thread_ts)
        chosen = self._workspace.chosen.setdefault((person.id, place.id, message.ts), {})
        told = on_message(place, message, shown, block, element, value, offered, chosen)
        if takes_value(element):
            chosen[path(block, element)] = answer(element, value, offered.get(path(block, element), ()))
        payload = {
            **self._interaction("block_actions", person.id),
            **told,
            "response_url": self._response_url(secret),
            "actions": [action(block, element, value, self._workspace.stamps.ts(), offered)],
        }
        acknowledgement = await self._send("block_actions", person.id, payload)
        self._show_failure(acknowledgement.error, place.id, person.id, named)
        return Answer(acknowledgement.seconds, acknowledgement.error)

    async def act_in_view(self, user: str, named: str, *, value: Any = None) -> Answer:
        """Use a button or another element of the open modal that tells the bot at once."""
        person = self._workspace.places.user(user)
        return await self._use(self._workspace.screens.top(person.id), named, value)

    async def act_at_home(self, user: str, named: str, *, value: Any = None) -> Answer:
        """Use a button or another element of the app's home tab."""
        person = self._workspace.places.user(user)
        return await self._use(self._workspace.screens.home(person.id), named, value)

    async def _use(self, view: View, named: str, value: Any) -> Answer:
        block, element = control(view.payload["blocks"], named)
        if block["type"] == "input" and not block.get("dispatch_action"):
            raise NotOnTheScreen(f"The field {named} tells the bot nothing until the modal is submitted.")
        _check_value(element, named, value)
        if takes_value(element) and block["block_id"] in view.answers:
            view = self._put_in(view, {path(block, element): value})
        payload = {
            **self._interaction("block_actions", view.user),
            **in_view(view),
            "actions": [action(block, element, value, self._workspace.stamps.ts(), self._offered_in(view))],
        }
        acknowledgement = await self._send("block_actions", view.user, payload)
        return Answer(acknowledgement.seconds, acknowledgement.error, "open")

    async def say(
        self, user: str, channel: str, text: str, thread_ts: str | None = None, *, is_bot: bool = False
    ) -> Message:
        """Post a message, in a thread below any of its messages; with `is_bot`, as the bot of another app.

        The text is as Slack keeps it: escaped, and mentions as `<@U…>`. The bot is told what it subscribed to.
        """
        person, place = self._workspace.places.user(user), self._workspace.places.channel(channel)
        above = self._workspace.messages.get(place.id, thread_ts) if thread_ts else None
        thread = (above.thread_ts or above.ts) if above else None
        message = self._workspace.messages.post(place.id, person.id, Content(text), thread_ts=thread)
        await self._events.posted(place, message, OTHER_BOT if is_bot else None)
        return message

    async def open_home(self, user: str) -> None:
        """Open the app's home tab; it shows what the app put there last."""
        person = self._workspace.places.user(user)
        await self._events.home_opened(person.id, self._workspace.places.direct(person.id))

    async def verify(self) -> bool:
        """Enter the bot's request URL, as whoever installs an app does; says whether Slack takes it."""
        return await self._events.verify()

    async def suggest(
        self, user: str, named: str, query: str, *, channel: str | None = None, ts: str | None = None
    ) -> Suggested:
        """Type letters into a select whose options the bot looks up: in a message, or else in the open modal.

        The bot is asked at the address that takes its interactions. What it offers can be chosen from then on.
        """
        person = self._workspace.places.user(user)
        if channel is not None and ts is not None:
            place = self._workspace.places.channel(channel)
            message = self._seen(person, place, ts)
            screen, shown = message.ts, list(message.content.blocks)
            where = in_message(place, message, shown)
        else:
            view = self._workspace.screens.top(person.id)
            screen, shown = view.id, view.payload["blocks"]
            where = in_view(view)
        block, element = control(shown, named)
        if not is_asked(element, named, query):
            return Suggested()
        payload = {**suggestion(person, block, element, query), **where}
        answer = suggested(await self._send("block_suggestion", person.id, payload))
        grouped = [option for group in answer.option_groups for option in group["options"]]
        self._workspace.suggestions.keep(person.id, screen, path(block, element), [*answer.options, *grouped])
        return answer

    async def submit(self, user: str, values: Mapping[str, Any]) -> Answer:
        """Fill in the open modal, fields named by label, block id or action id, and press its submit button."""
        person = self._workspace.places.user(user)
        view = self._workspace.screens.top(person.id)
        if "submit" not in view.payload:
            raise NotOnTheScreen("The open modal has no button to submit it.")
        view = self._put_in(view, values)
        if complained := complaints(view.payload["blocks"], view.answers):
            return Answer(outcome="open", complaints=complained)
        payload = {**self._interaction("view_submission", person.id), "view": view_json(view), "response_urls": []}
        acknowledgement = await self._send("view_submission", person.id, payload)
        return take_response(self._workspace.screens, view, acknowledgement)

    def fill(self, user: str, values: Mapping[str, Any]) -> None:
        """Fill in the open modal; Slack tells the bot of it with the next press of a button."""
        self._put_in(self._workspace.screens.top(self._workspace.places.user(user).id), values)

    async def close(self, user: str) -> Answer:
        """Close the open modal with its close button; the bot is told if it asked for that."""
        person = self._workspace.places.user(user)
        view = self._workspace.screens.top(person.id)
        self._workspace.screens.remove(view)
        if view.payload.get("clear_on_close"):
            self._workspace.screens.clear(person.id)
        if not view.payload.get("notify_on_close"):
            return Answer(outcome="closed")
        payload = {**self._interaction("view_closed", person.id), "view": view_json(view), "is_cleared": False}
        acknowledgement = await self._send("view_closed", person.id, payload)
        return Answer(acknowledgement.seconds, acknowledgement.error, "closed")

    async def _send(self, kind: str, user: str, payload: Json) -> Acknowledgement:
        return await self._sender.send(kind, user, {"payload": json.dumps(payload)})

    def _interaction(self, kind: str, user: str) -> Json:
        return interaction(kind, self._workspace.places.users[user], self._workspace.triggers.issue(user))

    def _response_url(self, secret: str) -> str:
        return f"{self._base_url}/respond/{secret}"

    def _seen(self, person: User, place: Channel, ts: str) -> Message:
        message = self._workspace.messages.get(place.id, ts)
        if message.only_for not in {None, person.id}:
            raise NotOnTheScreen(f"{person.name} does not see the message {ts}; it is for somebody else only.")
        return message

    def _offered_in(self, view: View) -> Offers:
        return self._workspace.suggestions.on(view.user, view.id)

    def _put_in(self, view: View, values: Mapping[str, Any]) -> View:
        answers = filled(view.payload["blocks"], view.answers, values, self._offered_in(view))
        changed = replace(view, answers=answers)
        self._workspace.screens.keep(changed)
        return changed

    def _show_failure(self, error: str | None, channel: str, user: str, what: str) -> None:
        if error is not None:
            said = Content(f'{what} failed with the error "{error}"')
            self._workspace.messages.post(channel, SLACKBOT, said, only_for=user)


def _shown(message: Message, edition: int | None) -> list[Json]:
    if edition is None:
        return list(message.content.blocks)
    if not 0 <= edition < len(message.editions):
        raise NotOnTheScreen(f"The message showed {len(message.editions)} editions, counted from 0; not {edition}.")
    return list(message.editions[edition].blocks)


def _check_value(element: Json, named: str, value: Any) -> None:
    if takes_value(element) and value is None:
        raise NotOnTheScreen(f"{named} is chosen from or typed into, so say what: give a value.")
