"""Who is in the groups that rules ask for, also through other groups.

Without a cast to users and without a count, Graph reads the members from the directory itself and not from an index
that lags behind; whatever isn't a user is left out here.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote

from msgspec import Struct, field
from msgspec.json import Decoder

from connectors.directories.entra.graph import Graph
from connectors.directories.entra.paging import however_often, pages
from connectors.directories.entra.shapes import ObjectId, Page
from connectors.errors import Cause, DirectoryNotRead

_NEEDS = "GroupMember.Read.All"
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_USER = "#microsoft.graph.user"


class _Group(Struct, frozen=True):
    id: ObjectId


class _Member(Struct, frozen=True, gc=False):
    id: ObjectId
    kind: str = field(name="@odata.type")


_GROUPS = Decoder(Page[_Group])
_MEMBERS = Decoder(Page[_Member])


async def members(graph: Graph, names: Iterable[str]) -> dict[str, frozenset[str]]:
    """The object ids of each group's users by the name that the rule gives it: an id or a display name.

    Raises `DirectoryNotRead` for a name that fits no group or several: a group that can't be read is not an empty one.
    """
    return {name: await _members(graph, name) for name in names}


async def _members(graph: Graph, name: str) -> frozenset[str]:
    identity = name if _ID.fullmatch(name) else await _resolved(graph, name)
    url = f"{graph.base_url}/v1.0/groups/{quote(identity, safe='')}/transitiveMembers?$select=id&$top=999"

    async def attempt() -> frozenset[str]:
        found: set[str] = set()
        async for page in pages(graph, url, _MEMBERS, needs=_NEEDS):
            found.update(member.id for member in page.value if member.kind == _USER)
        return frozenset(found)

    try:
        return await however_often(f"the list of members of group {name}", attempt)
    except DirectoryNotRead as failure:
        if failure.cause is Cause.NOT_FOUND:
            raise _no_group(name, "no group") from failure
        raise


async def _resolved(graph: Graph, name: str) -> str:
    condition = quote("displayName eq '{}'".format(name.replace("'", "''")), safe="")
    url = f"{graph.base_url}/v1.0/groups?$filter={condition}&$select=id"

    async def attempt() -> list[str]:
        return [group.id async for page in pages(graph, url, _GROUPS, needs=_NEEDS) for group in page.value]

    found = await however_often("the list of groups", attempt)
    if len(found) != 1:
        raise _no_group(name, f"{len(found)} groups, {', '.join(found[:5])}," if found else "no group")
    return found[0]


def _no_group(name: str, count: str) -> DirectoryNotRead:
    message = (
        f"The tenant has {count} of the name or id '{name}', which a rule or the directory's `only` names. Write the "
        "object id of the group that is meant there; it stands in the Entra admin center under Groups."
    )
    return DirectoryNotRead(Cause.NOT_FOUND, message)
