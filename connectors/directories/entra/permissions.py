"""What the app may do in a tenant, and what it would have to be allowed there.

Microsoft Graph documents for each call the application permissions of which any one is enough, the least first.
"""

import base64
import binascii
import json
from collections.abc import Iterable
from dataclasses import dataclass

from rosters.rules import Wanted

READ_APPS = "Application.Read.All"


@dataclass(frozen=True, slots=True)
class Need:
    """The least permission for a feature, the larger ones that include it, and what can't be done without any.

    Without one that isn't `vital`, a reading goes on and leaves the feature out.
    """

    permission: str
    included_in: frozenset[str]
    feature: str
    without: str
    vital: bool = True

    def met_by(self, roles: frozenset[str]) -> bool:
        """Whether one of the permissions is there."""
        return not self.sufficient.isdisjoint(roles)

    @property
    def sufficient(self) -> frozenset[str]:
        """All that will do."""
        return self.included_in | {self.permission}


_DIRECTORY = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})
_USERS = Need("User.Read.All", _DIRECTORY | {"User.ReadWrite.All"}, "the accounts", "nobody's account can be read")
_LICENCES = Need(
    "Organization.Read.All",
    _DIRECTORY | {"LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All", "Organization.ReadWrite.All"},
    "licences",
    "licences have neither names nor numbers, and a roster or a line that counts them can't be read",
)
_GROUPS = Need(
    "GroupMember.Read.All",
    _DIRECTORY | {"GroupMember.ReadWrite.All", "Group.Read.All", "Group.ReadWrite.All"},
    "groups",
    "nobody's groups can be read, and a rule or the directory's `only` names some",
)
_MAILBOXES = Need(
    "MailboxSettings.Read",
    frozenset({"MailboxSettings.ReadWrite"}),
    "shared and room mailboxes",
    "they can't be told from people",
)
_SIGN_INS = Need("AuditLog.Read.All", frozenset(), "last sign-ins", "they are left out", vital=False)
SECRETS_END = Need(READ_APPS, frozenset({"Application.ReadWrite.All"}), "the end of the secret", "it can't be seen")


def needs(wanted: Wanted, *, sign_ins: bool) -> tuple[Need, ...]:
    """What a reading takes; a permission that no rule makes use of isn't among them."""
    asked = (
        (_USERS, True),
        (_LICENCES, wanted.licences or wanted.units),
        (_GROUPS, bool(wanted.groups)),
        (_MAILBOXES, wanted.mailboxes),
        (_SIGN_INS, sign_ins),
    )
    return tuple(need for need, is_asked in asked if is_asked)


def used_for(roles: frozenset[str], asked: Iterable[Need]) -> dict[str, str]:
    """What each permission of the app serves, empty for one of which Rollcall makes no use in this tenant."""
    listed = tuple(asked)
    return {role: ", ".join(need.feature for need in listed if role in need.sufficient) for role in sorted(roles)}


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
