"""Home tabs: made anew when somebody opens theirs, and when they decided something there."""

import structlog

from bot.apology import apology
from bot.edge import Edge
from bot.message import HomeTab
from bot.slack import SlackIsUnreachable, SlackRefused
from bot.views.home import home_tab, home_trouble
from commands.home import home

_IS_NEWER = "hash_conflict"

_log = structlog.stdlib.get_logger(__name__)


async def show(edge: Edge, user: str, seen: str | None = None) -> None:
    """Shows somebody's home tab as it is now; it never fails, since nothing else depends on it.

    `seen` is the hash of what stood there when it was asked for: what was put there since is newer, and stays.
    """
    tab = await _made(edge, user)
    try:
        await edge.slack.publish(user, tab, seen)
    except (SlackRefused, SlackIsUnreachable) as error:
        if not (isinstance(error, SlackRefused) and error.code == _IS_NEWER):
            _log.warning("A home tab could not be shown", user=user, error=str(error))


async def _made(edge: Edge, user: str) -> HomeTab:
    try:
        return home_tab(await edge.run(home, edge.database, await edge.actor(user), edge.clock))
    except Exception as error:  # noqa: BLE001 - whoever opens the tab is told, also of a bug
        return home_trouble(apology(error).text)
