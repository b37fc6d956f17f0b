"""One user asked for by itself, where the list of changes leaves a doubt."""

from urllib.parse import quote

from msgspec.json import Decoder

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.shapes import User
from connectors.directories.entra.users import UserReader, selected
from connectors.directories.entries import Entry, Removal
from connectors.errors import Cause, DirectoryNotRead
from rosters.rules import Wanted

_USER = Decoder(User)
_NEEDS = "User.Read.All"


async def present_state(graph: Graph, reader: UserReader, object_id: str, wanted: Wanted) -> Entry:
    """The user as it is now; gone where there is none any more."""
    user = await _user(graph, object_id, ",".join(selected(wanted)))
    return Removal(object_id, permanent=False) if user is None else reader.entry(user)


async def is_there(graph: Graph, object_id: str) -> bool:
    """Whether there is such a user."""
    return await _user(graph, object_id, "id") is not None


async def _user(graph: Graph, object_id: str, select: str) -> User | None:
    url = f"{graph.base_url}/v1.0/users/{quote(object_id, safe='')}?$select={select}"
    try:
        return await graph.get(url, _USER, needs=_NEEDS)
    except DirectoryNotRead as failure:
        if failure.cause is Cause.NOT_FOUND:
            return None
        raise
