"""One object of Graph's user list, as an entry of the directory."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.directories.entries import CLEARED, Entry, Removal, Sighting
from connectors.errors import Cause, DirectoryNotRead

# Only selected properties are returned, and only they wake the list of changes.
SELECTED = ("id", "displayName", "mail", "userPrincipalName", "accountEnabled", "userType", "assignedLicenses")

SkuNames = Mapping[str, str]


def entry_of(user: object, sku_names: SkuNames) -> Entry:
    """The entry for one object of a page; a property that is absent stays absent, null becomes the cleared value."""
    if not isinstance(user, dict) or not isinstance(user.get("id"), str) or not user["id"]:
        raise malformed("a user without an id")
    if (removed := user.get("@removed")) is not None:
        return Removal(user["id"], permanent=_is_permanent(removed))
    return Sighting(user["id"], dict(_field(name, user[name], sku_names) for name in SELECTED[1:] if name in user))


def malformed(what: str) -> DirectoryNotRead:
    """The error for an answer that is JSON, but not what Graph documents."""
    message = f"Microsoft Graph sent {what}, so its answer can't be trusted. Check `graph_url`; else sync again later."
    return DirectoryNotRead(Cause.MALFORMED, message)


def _is_permanent(removed: object) -> bool:
    reason = removed.get("reason") if isinstance(removed, dict) else None
    if reason not in {"changed", "deleted"}:
        raise malformed("a removal without a known reason")
    return bool(reason == "deleted")


def _text(value: object, _: SkuNames) -> str:
    if not isinstance(value, str):
        raise malformed("a text property that isn't a text")
    return value


def _flag(value: object, _: SkuNames) -> bool:
    if not isinstance(value, bool):
        raise malformed("an accountEnabled that is neither true nor false")
    return value


def _is_guest(value: object, names: SkuNames) -> bool:
    return _text(value, names).casefold() == "guest"


def _licences(value: object, names: SkuNames) -> tuple[str, ...]:
    """SKU part numbers; an id that the tenant's own list doesn't know stands for itself."""
    if not isinstance(value, list) or not all(isinstance(licence, dict) for licence in value):
        raise malformed("assignedLicenses that aren't a list")
    ids = [licence.get("skuId") for licence in value]
    return tuple(sorted({names.get(sku_id.casefold(), sku_id) for sku_id in ids if isinstance(sku_id, str)}))


_FIELDS: Mapping[str, tuple[str, Callable[[object, SkuNames], Any]]] = {
    "displayName": ("name", _text),
    "mail": ("mail", _text),
    "userPrincipalName": ("upn", _text),
    "accountEnabled": ("enabled", _flag),
    "userType": ("guest", _is_guest),
    "assignedLicenses": ("licences", _licences),
}


def _field(name: str, value: object, sku_names: SkuNames) -> tuple[str, Any]:
    field, read = _FIELDS[name]
    return field, CLEARED[field] if value is None else read(value, sku_names)
