"""One user of Okta, as an entry of the directory."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from connectors.directories.entries import Entry, Removal, Sighting
from connectors.errors import Cause, DirectoryNotRead

_GONE = "DEPROVISIONED"
# Whoever was activated has the account, also while a password is forgotten, expired, locked or not yet chosen. An
# account that was only prepared isn't in use yet, a suspended one no longer.
_ENABLED: Mapping[str, bool] = {
    "ACTIVE": True,
    "LOCKED_OUT": True,
    "PASSWORD_EXPIRED": True,
    "PROVISIONED": True,
    "RECOVERY": True,
    "STAGED": False,
    "SUSPENDED": False,
}
_TEXTS = {"mail": "email", "upn": "login", "department": "department", "employee_id": "employeeNumber"}


def entry_of(user: Mapping[str, Any]) -> Entry:
    """The entry for one object of a page; Okta leaves out what is empty, so what isn't there was cleared."""
    object_id, status = user.get("id"), user.get("status")
    if not isinstance(object_id, str) or not object_id:
        raise malformed("a user without an id")
    if status == _GONE:
        return Removal(object_id, permanent=False)
    profile = user.get("profile")
    if not isinstance(status, str) or status not in _ENABLED:
        raise malformed("a user in a status that it doesn't document")
    if not isinstance(profile, dict):
        raise malformed("a user without a profile")
    texts = {field: _text(profile, name) for field, name in _TEXTS.items()}
    signed_in = _day(user.get("lastLogin"))
    return Sighting(
        object_id,
        {"name": _name(profile), "enabled": _ENABLED[status], "last_sign_in": signed_in, "licences": None, **texts},
    )


def is_listed(user: Mapping[str, Any]) -> bool:
    """Whether the list of everybody has the user."""
    return isinstance(entry_of(user), Sighting)


def malformed(what: str) -> DirectoryNotRead:
    """The error for an answer that is JSON, but not what Okta documents."""
    message = f"Okta sent {what}, so its answer can't be trusted. Check `url`; else sync again later."
    return DirectoryNotRead(Cause.MALFORMED, message)


def _name(profile: Mapping[str, Any]) -> str:
    whole = " ".join(filter(None, (_text(profile, "firstName"), _text(profile, "lastName"))))
    return _text(profile, "displayName") or whole


def _text(profile: Mapping[str, Any], name: str) -> str:
    value = profile.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise malformed("a text of a profile that isn't a text")
    return value


def _day(value: object) -> date | None:
    if value is None:
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise malformed("a lastLogin that is no moment")
    return moment.astimezone(UTC).date()
