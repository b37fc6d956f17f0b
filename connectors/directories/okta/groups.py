"""Who is in a group of Okta, which a book calls by its name or its id."""

import re
from collections.abc import Sequence
from typing import Any

from connectors.directories.okta.api import OktaApi
from connectors.directories.okta.users import malformed
from connectors.errors import Cause, DirectoryNotRead

_GROUPS = "/api/v1/groups"
_ID = re.compile(r"00g[A-Za-z0-9]{17}")


async def members_of(api: OktaApi, groups: Sequence[str]) -> dict[str, frozenset[str]]:
    """The ids of the members of each group; groups of Okta have no groups in them."""
    return {group: await _members(api, group) for group in groups}


async def _members(api: OktaApi, group: str) -> frozenset[str]:
    missing = _missing(api, group)
    group_id = group if _ID.fullmatch(group) else await _named(api, group)
    found: set[str] = set()
    async for page in api.pages(f"{_GROUPS}/{group_id}/users", missing=missing):
        found.update(_id(user) for user in page.items)
    return frozenset(found)


async def _named(api: OktaApi, name: str) -> str:
    """The id of the one group with this name; Okta compares without regard to case, and so does this."""
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    missing = _missing(api, name)
    ids: list[str] = []
    async for page in api.pages(_GROUPS, missing=missing, search=f'profile.name eq "{quoted}"'):
        ids += [_id(group) for group in page.items if _name(group).casefold() == name.casefold()]
    if not ids:
        raise DirectoryNotRead(Cause.NOT_FOUND, missing)
    if len(ids) > 1:
        message = (
            f"Okta at {api.url} has {len(ids)} groups named '{name}'. Write the id of the one that is meant "
            f"into the roster's rule or the directory's `only`: {', '.join(sorted(ids))}."
        )
        raise DirectoryNotRead(Cause.NOT_FOUND, message)
    return ids[0]


def _missing(api: OktaApi, group: str) -> str:
    return (
        f"Okta at {api.url} has no group '{group}'. Correct its name in the roster's rule or the directory's `only`, "
        "or make the group."
    )


def _id(entry: dict[str, Any]) -> str:
    object_id = entry.get("id")
    if not isinstance(object_id, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", object_id):
        raise malformed("a group or a member without an id")
    return object_id


def _name(group: dict[str, Any]) -> str:
    profile = group.get("profile")
    name = profile.get("name") if isinstance(profile, dict) else None
    if not isinstance(name, str):
        raise malformed("a group without a name")
    return name
