"""Blocks that Slack brings to workspaces one after the other: shown where they are taken, else as plainer ones.

Slack doesn't say whether a workspace takes them; a refusal does, though it may be for something else in the message. So
only after two different ones, with none taken in between, it is remembered for as long as the process lives.
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
        self._doubted: Message | None = None

    async def shown(self, message: Message, show: Callable[[Message], Awaitable[Shown]]) -> Shown:
        """Shows the message; with its plainer blocks where the workspace refuses the newer ones, now or before.

        Raises:
            SlackRefused: for another reason, or the plainer blocks as well.

        """
        if not message.plainer:
            return await show(message)
        if self._are_refused:
            return await show(made_plain(message))
        try:
            shown = await show(message)
        except SlackRefused as refusal:
            if refusal.code not in _OF_BLOCKS:
                raise
            code = refusal.code
        else:
            self._doubted = None
            return shown
        shown = await show(made_plain(message))
        # Only now: had the plainer ones been refused too, it would not have been for the newer ones.
        self._doubt(message, code)
        return shown

    def _doubt(self, message: Message, code: str) -> None:
        _log.info("A message was refused with its tables, and taken with text in their place", code=code)
        if self._doubted is None:
            self._doubted = message
        elif self._doubted != message and not self._are_refused:
            self._are_refused = True
            _log.info("This workspace refuses tables; they are shown as text from now on", code=code)
