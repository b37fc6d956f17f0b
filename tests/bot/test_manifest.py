"""The manifest, the handlers, the parser, the help and the reference speak of the same commands."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml
from slack_bolt.async_app import AsyncApp

from bot.actions import Act, Modal
from bot.app import decisions, register
from bot.desk import Desk
from bot.edge import Edge
from bot.parsing import USAGES
from bot.replies import Replies
from sandbox.workspace.events import SCOPES as EVENT_SCOPES
from sandbox.workspace.state import SUBSCRIPTIONS as SANDBOX_SUBSCRIPTIONS
from tests.support.office import Office

ROOT = Path(__file__).parents[2]
WRITTEN = (ROOT / "manifest.yaml").read_text(encoding="utf-8")
MANIFEST = yaml.safe_load(WRITTEN)
SUBSCRIPTIONS = MANIFEST["settings"]["event_subscriptions"]
COMMANDS = [entry["command"] for entry in MANIFEST["features"]["slash_commands"]]
REFERENCE = (ROOT / "docs" / "reference" / "slack.md").read_text(encoding="utf-8")


# What takes the buttons and modals of other versions.
STRANGE = re.compile(".*")


class Recorder(AsyncApp):
    """An app that only notes what is registered."""

    def __init__(self) -> None:
        self.seen: dict[str, list[Any]] = {"command": [], "action": [], "view": [], "options": [], "event": []}

    def command(self, command: Any, *_: Any, **__: Any) -> Callable[..., Any]:
        return self._note("command", command)

    def action(self, constraints: Any, *_: Any, **__: Any) -> Callable[..., Any]:
        return self._note("action", constraints)

    def view(self, constraints: Any, *_: Any, **__: Any) -> Callable[..., Any]:
        return self._note("view", constraints)

    def options(self, constraints: Any, *_: Any, **__: Any) -> Callable[..., Any]:
        return self._note("options", constraints)

    def event(self, event: Any, *_: Any, **__: Any) -> Callable[..., Any]:
        return self._note("event", event)

    def _note(self, kind: str, name: Any) -> Callable[..., Any]:
        def taken(listener: Any) -> Any:
            self.seen[kind].append(name)
            return listener

        return taken


def registered(edge: Edge) -> dict[str, list[Any]]:
    """What the product registers, by kind."""
    recorder = Recorder()
    register(recorder, Replies(edge, {}), Desk(edge, {}))
    return recorder.seen


def test_every_command_of_the_manifest_has_a_handler_and_the_other_way_round(office: Office) -> None:
    assert sorted(registered(office.edge)["command"]) == sorted(COMMANDS)


def test_every_event_of_the_manifest_has_a_handler_and_the_other_way_round(office: Office) -> None:
    assert sorted(registered(office.edge)["event"]) == sorted(SUBSCRIPTIONS["bot_events"])


def test_every_event_that_the_app_is_told_of_has_its_scope_and_its_tab() -> None:
    assert set(SUBSCRIPTIONS["bot_events"]) == set(SANDBOX_SUBSCRIPTIONS)
    assert {scope for event in SUBSCRIPTIONS["bot_events"] if (scope := EVENT_SCOPES[event])} <= set(
        MANIFEST["oauth_config"]["scopes"]["bot"]
    )
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True
    assert SUBSCRIPTIONS["request_url"] == MANIFEST["settings"]["interactivity"]["request_url"]


def test_every_button_and_modal_has_a_handler(office: Office) -> None:
    seen = registered(office.edge)
    assert {name for name in seen["action"] if isinstance(name, str)} == set(Act)
    assert set(seen["view"]) - {STRANGE} == set(Modal)
    assert set(seen["options"]) == {Act.LEAVE_OUT}


def test_every_modal_and_no_question_is_a_decision() -> None:
    pressed = {Act.APPROVE, Act.APPROVE_TICKED, Act.UNDO, Act.APPROVE_RUN, Act.ISSUE, Act.SAME_PERSON, Act.TWO_PEOPLE}
    pressed.add(Act.TRY_AGAIN)
    assert set(decisions()) == {*Modal, *pressed}


def test_the_help_has_every_command_of_the_manifest_and_no_other() -> None:
    assert {usage.split()[0] for usage, _ in USAGES} == set(COMMANDS)


def test_every_command_goes_to_the_address_that_takes_clicks() -> None:
    addresses = {entry["url"] for entry in MANIFEST["features"]["slash_commands"]}
    assert addresses == {MANIFEST["settings"]["interactivity"]["request_url"]}
    assert all(address.endswith("/slack/events") for address in addresses)


def test_the_long_description_has_a_length_that_slack_takes() -> None:
    assert 174 <= len(MANIFEST["display_information"]["long_description"]) <= 4000
    assert len(MANIFEST["display_information"]["description"]) <= 140


def test_the_reference_tells_every_way_to_ask() -> None:
    # Inside a table of Markdown a bar is written with a backslash.
    told = REFERENCE.replace("\\|", "|")
    assert [usage for usage, _ in USAGES if f"`{usage}`" not in told] == []


def test_the_reference_tells_every_button() -> None:
    labels = (
        "Approve",
        "Approve with changes",
        "Reject",
        "Details",
        "Undo",
        "Approve ticked",
        "Override",
        "Approve run",
        "Issue",
    )
    assert [label for label in labels if f"**{label}**" not in REFERENCE] == []


def test_the_reference_tells_every_scope_of_the_manifest() -> None:
    assert [scope for scope in MANIFEST["oauth_config"]["scopes"]["bot"] if f"`{scope}`" not in REFERENCE] == []


def test_the_app_is_made_for_socket_mode_and_the_manifest_says_how_to_turn_to_http() -> None:
    assert MANIFEST["settings"]["socket_mode_enabled"] is True
    comments = " ".join(line for line in WRITTEN.splitlines() if line.lstrip().startswith("#"))
    told = ("socket_mode_enabled: false", "rollcall.example.com", "ROLLCALL_SLACK_APP_TOKEN", "connections:write")
    assert [words for words in told if words not in comments] == []
