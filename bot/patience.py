"""How long an answer to somebody is tried for: over a short pause of Slack's, and over what does no harm twice.

What may have been done and must not be done twice is not repeated: a message whose answer was lost may stand already.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import stamina

from bot.refusals import RATE_LIMITED, SlackIsUnreachable, SlackRefused

Answer = TypeVar("Answer")

# Whoever clicked still looks at the channel then; a longer wait is for what is kept in the database.
LONGEST_PAUSE_SECONDS = 30
_ATTEMPTS = 3
_ALL_SECONDS = 60
_FIRST_WAIT_SECONDS = 0.5
# Slack says of the first that some of the call may have been done.
_PASSES = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "500", "502", "503", "504"}


async def patiently(call: Callable[[], Awaitable[Answer]], *, harmless: bool = False) -> Answer:
    """The call's answer after a few attempts at most; `harmless` is a call that may be done twice.

    Raises:
        SlackRefused, SlackIsUnreachable: the last attempt's.

    """

    def again(error: Exception) -> bool | float:
        if isinstance(error, SlackRefused) and error.code == RATE_LIMITED:
            pause = error.retry_after or _FIRST_WAIT_SECONDS
            return pause if pause <= LONGEST_PAUSE_SECONDS else False
        if isinstance(error, SlackRefused):
            return harmless and error.code in _PASSES
        return isinstance(error, SlackIsUnreachable) and (harmless or not error.was_sent)

    attempts = stamina.retry_context(
        on=again, attempts=_ATTEMPTS, timeout=_ALL_SECONDS, wait_initial=_FIRST_WAIT_SECONDS
    )
    async for attempt in attempts:
        with attempt:
            return await call()
    raise RuntimeError("Unreachable: the last attempt gives an answer or raises.")
