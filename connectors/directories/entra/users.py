"""One user of Graph's list of changes, as an entry of the directory."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import UNSET

from connectors.directories.entra.shapes import User
from connectors.directories.entries import CLEARED, Entry, Removal, Sighting
from rosters.rules import Wanted

_LICENCES = "assignedLicenses"
# Only what is selected is returned, and only that wakes the list of changes.
_PROPERTIES = (
    "id", "displayName", "mail", "userPrincipalName", "department", "employeeId", "accountEnabled", "userType",
)  # fmt: skip

SkuNames = Mapping[str, str]


def selected(wanted: Wanted) -> tuple[str, ...]:
    """The properties to ask for.

    With mailboxes, licences as well: a leaver's mailbox is made a shared one and the licence taken away, and nothing
    else of the user tells of it.
    """
    return (*_PROPERTIES, _LICENCES) if wanted.licences or wanted.mailboxes else _PROPERTIES


class UserReader:
    """Makes entries of users, with what one reading knows beside them.

    A property that is absent stays absent, null becomes the cleared value. What isn't wanted is written as if it had
    never been read, so that nothing of an earlier rule stays with an account.
    """

    def __init__(self, wanted: Wanted, sku_names: SkuNames, sign_ins: Mapping[str, date] | None = None) -> None:
        """`sku_names` are part numbers by lower-case id, `sign_ins` the days of the last ones by object id."""
        self._licences = wanted.licences
        self._sku_names = sku_names
        self._sign_ins = sign_ins or {}
        self._always: dict[str, Any] = {} if wanted.licences else {"licences": None}
        if not wanted.mailboxes:
            self._always["mailbox"] = CLEARED["mailbox"]
        self.unknown: set[str] = set()
        """Lower-case ids of licences that users had and the list of licences didn't."""
        # The people of a tenant share a handful of sets of licences.
        self._named: dict[tuple[str, ...], tuple[str, ...]] = {}

    def entry(self, user: User) -> Entry:
        """The entry for one object of a page."""
        if user.removed is not None:
            return Removal(user.id, permanent=user.removed.reason == "deleted")
        fields = self._always.copy()
        _write_texts(fields, user)
        if (enabled := user.account_enabled) is not UNSET:
            fields["enabled"] = CLEARED["enabled"] if enabled is None else enabled
        if user.user_type is not UNSET:
            fields["guest"] = (user.user_type or "").casefold() == "guest"
        if self._licences and user.assigned_licenses is not UNSET:
            fields["licences"] = self._part_numbers([one.sku_id for one in user.assigned_licenses or ()])
        if (day := self._sign_ins.get(user.id)) is not None:
            fields["last_sign_in"] = day
        return Sighting(user.id, fields)

    def _part_numbers(self, sku_ids: Sequence[str]) -> tuple[str, ...]:
        """SKU part numbers; an id that the tenant's own list doesn't know stands for itself."""
        key = tuple(sku_ids)
        if key not in self._named:
            self.unknown.update(one.casefold() for one in key if one.casefold() not in self._sku_names)
            self._named[key] = tuple(sorted({self._sku_names.get(one.casefold(), one) for one in key}))
        return self._named[key]


def _write_texts(fields: dict[str, Any], user: User) -> None:
    """The texts that were sent; written out, since a loop takes three times as long, and for everybody."""
    if (name := user.display_name) is not UNSET:
        fields["name"] = name or ""
    if (mail := user.mail) is not UNSET:
        fields["mail"] = mail or ""
    if (upn := user.user_principal_name) is not UNSET:
        fields["upn"] = upn or ""
    if (department := user.department) is not UNSET:
        fields["department"] = department or ""
    if (employee_id := user.employee_id) is not UNSET:
        fields["employee_id"] = employee_id or ""
