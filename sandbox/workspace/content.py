"""What a bot wants a message to show, judged as Slack judges it."""

from collections.abc import Mapping
from typing import Any

from sandbox.workspace.blockkit.judge import is_too_long, message_faults
from sandbox.workspace.errors import SlackRefusal
from sandbox.workspace.fields import with_ids
from sandbox.workspace.model import Content
from sandbox.workspace.stamps import Stamps

POSTED_TEXT_MOST = 40_000
UPDATED_TEXT_MOST = 4_000


def content_of(body: Mapping[str, Any], stamps: Stamps, text_most: int = POSTED_TEXT_MOST) -> Content:
    """The content of a message from its `text` and `blocks`; SlackRefusal when Slack would refuse it."""
    text, blocks = body.get("text") or "", body.get("blocks") or []
    if not text and not blocks:
        raise SlackRefusal("no_text")
    if len(text) > text_most:
        raise SlackRefusal("msg_too_long")
    if faults := message_faults(blocks):
        raise SlackRefusal("invalid_blocks", tuple(faults))
    if is_too_long(blocks):
        raise SlackRefusal("msg_blocks_too_long")
    return Content(text, tuple(with_ids(blocks, stamps)))
