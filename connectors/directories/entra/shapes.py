"""What Graph sends, as types: an answer that doesn't fit them is refused with a sentence, and absent isn't null."""

import re
from typing import Annotated, Generic, Literal, TypeVar

from msgspec import UNSET, DecodeError, Meta, Struct, UnsetType, ValidationError, field
from msgspec.json import Decoder

from connectors.directories.patience import TryAgain
from connectors.errors import Cause, DirectoryNotRead

Shape = TypeVar("Shape")
One = TypeVar("One")

ObjectId = Annotated[str, Meta(min_length=1)]
Told = str | UnsetType | None


class Page(Struct, Generic[One], frozen=True, gc=False):
    """A page of a list; the last one of a list of changes has a link for the next time."""

    value: list[One]
    next_link: str | None = field(default=None, name="@odata.nextLink")
    delta_link: str | None = field(default=None, name="@odata.deltaLink")


class Removed(Struct, frozen=True, gc=False):
    """Into the bin (changed) or for good (deleted)."""

    reason: Literal["changed", "deleted"]


class AssignedLicence(Struct, frozen=True, gc=False, rename="camel"):
    """A licence that a user holds."""

    sku_id: str


class User(Struct, frozen=True, gc=False, rename="camel"):
    """A user in the list of changes. A property is UNSET where it is absent, and None where Graph says null."""

    id: ObjectId
    removed: Removed | None = field(default=None, name="@removed")
    display_name: Told = UNSET
    mail: Told = UNSET
    user_principal_name: Told = UNSET
    department: Told = UNSET
    employee_id: Told = UNSET
    user_type: Told = UNSET
    account_enabled: bool | UnsetType | None = UNSET
    assigned_licenses: list[AssignedLicence] | UnsetType | None = UNSET


# What to say of a property that is missing or of another type; the longest path that fits is told.
_WRONG = {
    "value": "an answer without the list or value that was asked for",
    "id": "an entry without an id",
    "status": "a reply of a batch without its id or status",
    "responses": "a batch without a list of replies",
    "@odata.type": "a member of a group without its type",
    "signInActivity": "a sign-in without a moment",
    "lastSuccessfulSignInDateTime": "a sign-in without a moment",
    "reason": "a removal without a known reason",
    "@removed": "a removal without a known reason",
    "@odata.nextLink": "a link that isn't a text",
    "@odata.deltaLink": "a link that isn't a text",
    "accountEnabled": "an accountEnabled that is neither true nor false",
    "assignedLicenses": "assignedLicenses that aren't a list of licences",
    "assignedLicenses.skuId": "assignedLicenses that aren't a list of licences",
    "skuId": "a licence without an id or a name",
    "skuPartNumber": "a licence without an id or a name",
    **dict.fromkeys(
        ("displayName", "mail", "userPrincipalName", "department", "employeeId", "userType"),
        "a text property that isn't a text",
    ),
}
_MISSING = re.compile(r"missing required field `([^`]+)`")
_PLACE = re.compile(r"at `\$\.?([^`]*)`")
_INDEX = re.compile(r"\[[^\]]*\]")


def fitted(content: bytes, decoder: Decoder[Shape]) -> Shape:
    """The answer in its shape.

    One that breaks off or is no object may be whole the next time; one of wrong properties is `malformed`.
    """
    try:
        return decoder.decode(content)
    except ValidationError as problem:
        if path := _path(str(problem)):
            raise malformed(_what(path)) from problem
        raise _no_object() from problem
    except (DecodeError, UnicodeDecodeError) as problem:
        raise _no_object() from problem


def malformed(what: str) -> DirectoryNotRead:
    """The error for an answer that is JSON, but not what Graph documents."""
    message = f"Microsoft Graph sent {what}, so its answer can't be trusted. Check `graph_url`; else sync again later."
    return DirectoryNotRead(Cause.MALFORMED, message)


def _no_object() -> TryAgain:
    message = "Microsoft Graph sent an answer that breaks off or isn't a JSON object. The next sync tries again."
    return TryAgain(DirectoryNotRead(Cause.MALFORMED, message))


def _path(said: str) -> str:
    """Where msgspec found the fault, without indexes: `value.assignedLicenses.skuId`; empty for the whole answer."""
    place = _PLACE.search(said)
    missing = _MISSING.search(said)
    parts = (_INDEX.sub("", place[1]) if place else "", missing[1] if missing else "")
    return ".".join(part for part in parts if part)


def _what(path: str) -> str:
    fits = [name for name in _WRONG if path == name or path.endswith(f".{name}")]
    return _WRONG[max(fits, key=len)] if fits else "something other than what its documentation promises"
