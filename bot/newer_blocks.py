"""Blocks that Slack brings to workspaces one after the other: shown where they are taken, else as plainer ones.

Slack doesn't say whether a workspace takes them; a refusal does. It is remembered for as long as the process lives.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog

from bot.message import Message
from bot.refusals import SlackRefused
from bot.views.surfaces import made_plain

Shown = TypeVar("Shown")

# Which of them it is depends on the method and on what is new about the block.
_OF_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "invalid_attachments", "invalid_arguments"})

_log = structlog.stdlib.get_logger(__name__)


class NewerBlocks:
    """What one workspace has refused so far."""

    def __init__(self) -> None:
        self._are_refused = False

    async def shown(self, message: Message, show: Callable[[Message], Awaitable[Shown]]) -> Shown:
        """Shows the message; with its plainer blocks where the workspace refuses the newer ones, now or before.

        Raises:
            SlackRefused: for another reason, or the plainer blocks as well.

        """
        if not message.plainer:
            return await show(message)
        if not self._are_refused:
            try:
                return await show(message)
            except SlackRefused as refusal:
                if refusal.code not in _OF_BLOCKS:
                    raise
        shown = await show(made_plain(message))
        if not self._are_refused:
            # Only now: had the plainer ones been refused too, it would not have been for the newer ones.
            self._are_refused = True
            _log.info("This workspace refuses tables; they are shown as text from now on")
        return shown
