"""Who is told what is wrong with the bot itself."""

from bot.edge import Edge
from commands.roles import admins as given_to
from documents.sources import is_slack_group


async def admins(edge: Edge) -> tuple[str, ...]:
    """Every admin by Slack id, those of user groups too; a group that Slack doesn't tell about has nobody in it."""
    found: list[str] = []
    for subject in await edge.run(given_to, edge.database):
        found += await edge.groups.everybody(subject) if is_slack_group(subject) else [subject]
    return tuple(dict.fromkeys(found))
