"""What a view looks like, kept as a file beside the tests. ROLLCALL_UPDATE_SNAPSHOTS=1 writes the files anew."""

import json
import os
from pathlib import Path

from bot.message import Json, Message
from sandbox.workspace.blockkit.judge import is_too_long, message_faults, view_faults

FOLDER = Path(__file__).parent.parent / "bot" / "snapshots"


def assert_message_looks(name: str, message: Message) -> None:
    """The message is what the file says, and Slack would take it."""
    assert_slack_takes(message)
    plainer = {"plainer": list(message.plainer)} if message.plainer else {}
    _assert_same(name, {"text": message.text, "blocks": list(message.blocks), **plainer})


def assert_modal_looks(name: str, modal: Json) -> None:
    """The modal is what the file says, and Slack would take it."""
    assert view_faults(modal) == []
    _assert_same(name, modal)


def assert_home_looks(name: str, home: Json) -> None:
    """The home tab is what the file says, and Slack would take it."""
    assert_modal_looks(name, home)


def assert_slack_takes(message: Message) -> None:
    """Slack would take the message, by rules that share no code with our views."""
    assert message.text.strip()
    for blocks in (list(message.blocks), list(message.plainer)):
        assert message_faults(blocks) == []
        assert not is_too_long(blocks)


def _assert_same(name: str, seen: Json) -> None:
    file = FOLDER / f"{name}.json"
    if os.environ.get("ROLLCALL_UPDATE_SNAPSHOTS"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(json.dumps(seen, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")
    assert seen == json.loads(file.read_text(encoding="utf-8"))
