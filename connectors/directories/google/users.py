"""One user of Google Workspace, as an entry of the directory."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from connectors.directories.entries import Sighting
from connectors.directories.google.answers import malformed

# Only what is made use of is asked for.
FIELDS = (
    "kind,nextPageToken,users(id,primaryEmail,name/fullName,suspended,archived,aliases,nonEditableAliases,"
    "externalIds,organizations(primary,department),lastLoginTime)"
)
# What Google says of somebody who never signed in.
_NEVER = date(1970, 1, 1)

Licences = Mapping[str, tuple[str, ...]]


def entry_of(user: Mapping[str, Any], licences: Licences | None) -> Sighting:
    """The entry for one object of a page; what isn't there is empty, since every reading is full.

    `licences` are those of each folded mail address, None where they weren't read.
    """
    object_id, mail = user.get("id"), user.get("primaryEmail")
    if not isinstance(object_id, str) or not object_id or not isinstance(mail, str) or not mail:
        raise malformed("a user without an id or an address")
    return Sighting(
        object_id,
        {
            "name": _name(user.get("name")),
            "mail": mail,
            "upn": mail,
            # Both can't sign in; whoever is archived only keeps the data of somebody who left.
            "enabled": not (_flag(user, "suspended") or _flag(user, "archived")),
            "licences": None if licences is None else _licences(user, mail, licences),
            "department": _text(_chosen(user, "organizations", "primary", wanted=True).get("department")),
            "employee_id": _text(_chosen(user, "externalIds", "type", wanted="organization").get("value")),
            "last_sign_in": _day(user.get("lastLoginTime")),
        },
    )


def _licences(user: Mapping[str, Any], mail: str, licences: Licences) -> tuple[str, ...]:
    """Those of the address; of an old one if the user was renamed after the licences were read.

    Google keeps an old address as an alias.
    """
    aliases = [*_texts(user, "aliases"), *_texts(user, "nonEditableAliases")]
    return next((found for one in (mail, *aliases) if (found := licences.get(one.casefold()))), ())


def _name(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, dict):
        raise malformed("a name that isn't one")
    return _text(value.get("fullName"))


def _flag(user: Mapping[str, Any], name: str) -> bool:
    value = user.get(name, False)
    if not isinstance(value, bool):
        raise malformed(f"a user whose `{name}` is neither true nor false")
    return value


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise malformed("a text that isn't one")
    return value


def _texts(user: Mapping[str, Any], name: str) -> list[str]:
    listed = user.get(name, [])
    if not isinstance(listed, list):
        raise malformed(f"a user whose `{name}` aren't a list")
    return [_text(entry) for entry in listed]


def _chosen(user: Mapping[str, Any], name: str, key: str, *, wanted: object) -> Mapping[str, Any]:
    """The first entry of a list in which the key has this value; nothing where there is none."""
    listed = user.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        raise malformed(f"a user whose `{name}` aren't a list")
    return next((entry for entry in listed if entry.get(key) == wanted), {})


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        day = datetime.fromisoformat(value).astimezone(UTC).date() if isinstance(value, str) else None
    except ValueError:
        day = None
    if day is None:
        raise malformed("a lastLoginTime that is no moment")
    return None if day == _NEVER else day
