"""One object of Graph's user list, as an entry of the directory."""

from collections.abc import Callable, Mapping
from typing import Any

from connectors.directories.entries import CLEARED, Entry, Removal, Sighting
from connectors.errors import Cause, DirectoryNotRead

_LICENCES = "assignedLicenses"

SkuNames = Mapping[str, str]


def selected(*, licences: bool) -> tuple[str, ...]:
    """The properties to ask for: only those are returned, and only they wake the list of changes."""
    return ("id", *(name for name in _FIELDS if licences or name != _LICENCES))


def entry_of(user: object, sku_names: SkuNames | None) -> Entry:
    """The entry for one object of a page; a property that is absent stays absent, null becomes the cleared value.

    Without names of licences, the licences are those of an account whose licences were not read.
    """
    if not isinstance(user, dict) or not isinstance(user.get("id"), str) or not user["id"]:
        raise malformed("a user without an id")
    if (removed := user.get("@removed")) is not None:
        return Removal(user["id"], permanent=_is_permanent(removed))
    if sku_names is None:
        told = {name: value for name, value in user.items() if name != _LICENCES}
        return Sighting(user["id"], {**_fields(told, {}), "licences": None})
    return Sighting(user["id"], _fields(user, sku_names))


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
    _LICENCES: ("licences", _licences),
}


def _fields(told: Mapping[str, object], sku_names: SkuNames) -> dict[str, Any]:
    return {
        field: CLEARED[field] if told[name] is None else read(told[name], sku_names)
        for name, (field, read) in _FIELDS.items()
        if name in told
    }
