"""Who is in a group of Google Workspace, also through other groups; a book calls it by its address or its name."""

from collections.abc import Sequence
from urllib.parse import quote

from connectors.directories.google.answers import malformed
from connectors.directories.google.api import GoogleApi
from connectors.directories.google.settings import GoogleSettings
from connectors.errors import Cause, DirectoryNotRead

_PAGE_SIZE = "200"


async def members_of(api: GoogleApi, settings: GoogleSettings, groups: Sequence[str]) -> dict[str, frozenset[str]]:
    """The ids of the people in each group."""
    return {group: await _members(api, settings, group) for group in groups}


async def _members(api: GoogleApi, settings: GoogleSettings, group: str) -> frozenset[str]:
    key = group if "@" in group else await _named(api, settings, group)
    url = f"{settings.directory_url}/admin/directory/v1/groups/{quote(key, safe='@')}/members"
    query = {"includeDerivedMembership": "true", "maxResults": _PAGE_SIZE}
    found: set[str] = set()
    async for page in api.pages(
        url, query, kind="admin#directory#members", items="members", missing=_missing(settings, group)
    ):
        for member in page:
            kind, member_id = member.get("type"), member.get("id")
            if kind == "CUSTOMER":
                raise _everybody(group)
            if kind == "USER":
                if not isinstance(member_id, str):
                    raise malformed("a member without an id")
                found.add(member_id)
    return frozenset(found)


async def _named(api: GoogleApi, settings: GoogleSettings, name: str) -> str:
    """The id of the one group with this name."""
    quoted = name.replace("\\", "\\\\").replace("'", "\\'")
    query = {
        "customer": settings.customer,
        "query": f"name='{quoted}'",
        "maxResults": _PAGE_SIZE,
        "fields": "kind,nextPageToken,groups(id,name)",
    }
    url = f"{settings.directory_url}/admin/directory/v1/groups"
    missing = _missing(settings, name)
    ids: list[str] = []
    async for page in api.pages(url, query, kind="admin#directory#groups", items="groups", missing=missing):
        for group in page:
            if not isinstance(group.get("id"), str) or not isinstance(group.get("name"), str):
                raise malformed("a group without an id or a name")
            if group["name"].casefold() == name.casefold():
                ids.append(group["id"])
    if not ids:
        raise DirectoryNotRead(Cause.NOT_FOUND, missing)
    if len(ids) > 1:
        message = (
            f"Google has {len(ids)} groups named '{name}'. Write the address of the one that is meant into the rule or "
            "the directory's `only`."
        )
        raise DirectoryNotRead(Cause.NOT_FOUND, message)
    return ids[0]


def _missing(settings: GoogleSettings, group: str) -> str:
    return (
        f"Google has no group '{group}' that {settings.admin} can see. Correct its address or its name in the roster's "
        "rule or the directory's `only`, or make the group."
    )


def _everybody(group: str) -> DirectoryNotRead:
    message = (
        f"The group '{group}' has the whole organization as a member, whom Google doesn't list one by one. Put people "
        "or other groups into it, or leave it out of the book."
    )
    return DirectoryNotRead(Cause.NOT_FOUND, message)
