"""What the app may do in a tenant, and what it would have to be allowed there.

Microsoft Graph documents for each call the application permissions of which any one is enough, the least first.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass

READ_APPS = "Application.Read.All"


@dataclass(frozen=True, slots=True)
class Need:
    """The least permission for something, the larger ones that include it, and what can't be done without any."""

    permission: str
    included_in: frozenset[str]
    without: str

    def met_by(self, roles: frozenset[str]) -> bool:
        """Whether one of the permissions is there."""
        return bool(roles & {self.permission, *self.included_in})


_DIRECTORY = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})
_USERS = Need("User.Read.All", _DIRECTORY | {"User.ReadWrite.All"}, "nobody's account can be read")
_LICENCES = Need(
    "Organization.Read.All",
    _DIRECTORY | {"LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All", "Organization.ReadWrite.All"},
    "licences have no names, and a roster whose rule counts licences can't be read",
)


def needs(*, licences: bool) -> tuple[Need, ...]:
    """What a reading takes; a permission that no rule makes use of isn't among them."""
    return (_USERS, _LICENCES) if licences else (_USERS,)


def beyond_need(roles: frozenset[str], *, licences: bool) -> Iterator[str]:
    """The permissions that Rollcall makes no use of in this tenant."""
    used = {READ_APPS}
    for need in needs(licences=licences):
        used |= {need.permission, *need.included_in}
    yield from sorted(roles - used)


def roles_in(token: str) -> frozenset[str] | None:
    """The application permissions that a token carries; None where it can't be looked into."""
    parts = token.split(".")
    try:
        said = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (IndexError, binascii.Error, ValueError):
        return None
    if not isinstance(said, dict) or not isinstance(roles := said.get("roles", []), list):
        return None
    return frozenset(role for role in roles if isinstance(role, str))
