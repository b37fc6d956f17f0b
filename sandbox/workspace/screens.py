"""The modals that are open on people's screens, and their home tabs."""

from dataclasses import replace

from sandbox.workspace.blockkit.judge import is_too_large, view_faults
from sandbox.workspace.errors import NotOnTheScreen, SlackRefusal
from sandbox.workspace.fields import initial_answers, with_ids
from sandbox.workspace.model import Json, View
from sandbox.workspace.pulse import Pulse
from sandbox.workspace.stamps import Stamps

STACKED_MOST = 3


class Screens:
    """A stack of modals for each user, the top one last, and a home tab for each user."""

    def __init__(self, stamps: Stamps, pulse: Pulse) -> None:
        """Start with empty screens."""
        self._stamps = stamps
        self._pulse = pulse
        self._stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """The modals of a user, the one that can be used last."""
        return list(self._stacks.get(user, []))

    def top(self, user: str) -> View:
        """The modal that the user sees."""
        if not self._stacks.get(user):
            raise NotOnTheScreen("No modal is open on this user's screen.")
        return self._stacks[user][-1]

    def open(self, user: str, payload: Json) -> View:
        """Show a modal instead of whatever modals were open; SlackRefusal when Slack would refuse it."""
        self._judge(payload, "modal")
        view_id = self._stamps.id("V")
        view = self._new(view_id, user, payload, root_id=view_id)
        self._stacks[user] = [view]
        self._pulse.beat()
        return view

    def push(self, user: str, payload: Json) -> View:
        """Show a modal over the open one, at most three deep."""
        self._judge(payload, "modal")
        stack = self._stacks.get(user, [])
        if not stack:
            raise SlackRefusal("not_found")
        if len(stack) >= STACKED_MOST:
            raise SlackRefusal("push_limit_reached")
        view = self._new(self._stamps.id("V"), user, payload, root_id=stack[0].id, previous_id=stack[-1].id)
        stack.append(view)
        self._pulse.beat()
        return view

    def update(self, view: View, payload: Json, expected_hash: str | None = None) -> View:
        """Show something else in an open modal; what was put into fields that stay is kept."""
        self._judge(payload, view.payload["type"], except_for=view)
        if expected_hash not in {None, view.hash}:
            raise SlackRefusal("hash_conflict")
        new = self._new(view.id, view.user, payload, view.root_id, view.previous_id)
        kept = {
            block_id: {**fields, **{key: old for key, old in view.answers.get(block_id, {}).items() if key in fields}}
            for block_id, fields in new.answers.items()
        }
        updated = replace(new, answers=kept)
        self.keep(updated)
        return updated

    def publish(self, user: str, payload: Json, expected_hash: str | None = None) -> View:
        """Show a home tab."""
        before = self.homes.get(user)
        self._judge(payload, "home", except_for=before)
        if before is not None and expected_hash not in {None, before.hash}:
            raise SlackRefusal("hash_conflict")
        view_id = before.id if before else self._stamps.id("V")
        self.homes[user] = self._new(view_id, user, payload, root_id=view_id)
        self._pulse.beat()
        return self.homes[user]

    def home(self, user: str) -> View:
        """The home tab that the user sees."""
        if user not in self.homes:
            raise NotOnTheScreen("The app has not put anything on this user's home tab.")
        return self.homes[user]

    def find(self, view_id: str | None, external_id: str | None) -> View:
        """An open modal or a home tab as the bot names it; SlackRefusal when it is gone."""
        for view in [*self.all(), *self.homes.values()]:
            named = external_id and view.payload.get("external_id") == external_id
            if view.id == view_id or named:
                return view
        raise SlackRefusal("not_found")

    def keep(self, view: View) -> None:
        """Put a changed modal or home tab in the place of the old one."""
        if view.payload["type"] == "home":
            self.homes[view.user] = view
        else:
            self._stacks[view.user] = [view if view.id == other.id else other for other in self.stack(view.user)]
        self._pulse.beat()

    def remove(self, view: View) -> None:
        """Close one modal, if it is still there; the one below is seen again."""
        self._stacks[view.user] = [other for other in self.stack(view.user) if other.id != view.id]
        self._pulse.beat()

    def clear(self, user: str) -> None:
        """Close all modals of a user."""
        self._stacks.pop(user, None)
        self._pulse.beat()

    def all(self) -> list[View]:
        """Every open modal of everybody."""
        return [view for stack in self._stacks.values() for view in stack]

    def _new(self, view_id: str, user: str, payload: Json, root_id: str, previous_id: str | None = None) -> View:
        filled = {**payload, "blocks": with_ids(payload["blocks"], self._stamps)}
        view_hash = f"{int(self._stamps.now())}.{self._stamps.secret()}"
        return View(view_id, user, filled, view_hash, root_id, previous_id, initial_answers(filled["blocks"]))

    def _judge(self, payload: Json, kind: str, except_for: View | None = None) -> None:
        faults = view_faults(payload)
        if faults or payload["type"] != kind:
            raise SlackRefusal(
                "invalid_arguments", (*faults,) or (f"[ERROR] must be a {kind} [json-pointer:/view/type]",)
            )
        if is_too_large(payload):
            raise SlackRefusal("view_too_large")
        external_id = payload.get("external_id")
        others = (
            view for view in [*self.all(), *self.homes.values()] if except_for is None or view.id != except_for.id
        )
        if external_id and any(view.payload.get("external_id") == external_id for view in others):
            raise SlackRefusal("duplicate_external_id")
