"""The file that Google's Admin console saves under Directory, Users, Download users, taken as it is.

It has no id that stays, only addresses. A sign-in is written as 2027/01/31 08:15:00, or as `Never logged in`.
"""

import re
from collections.abc import Mapping

from connectors.directories.csv_file.layout import Layout, Taken, day, names_in, one_of
from connectors.directories.csv_file.table import Row, Table, fold, refused
from connectors.directories.entries import Entry, Sighting
from connectors.directories.examined import Observation

_FIRST, _LAST = fold("First Name [Required]"), fold("Last Name [Required]")
_ADDRESS, _STATUS = fold("Email Address [Required]"), fold("Status [READ ONLY]")
_SIGN_IN, _LICENCES = fold("Last Sign In [READ ONLY]"), fold("Licenses [READ ONLY]")
_EMPLOYEE, _DEPARTMENT = fold("Employee ID"), fold("Department")
_REQUIRED = (
    (Taken("id, mail and upn", _ADDRESS), "Email Address [Required]"),
    (Taken("name", _FIRST), "First Name [Required]"),
    (Taken("name", _LAST), "Last Name [Required]"),
    (Taken("enabled", _STATUS), "Status [READ ONLY]"),
)
_OPTIONAL = (
    Taken("licences", _LICENCES),
    Taken("employee_id", _EMPLOYEE),
    Taken("department", _DEPARTMENT),
    Taken("last_sign_in", _SIGN_IN, "day"),
)
# Who is suspended or archived can't sign in.
_ENABLED: Mapping[str, bool] = {"active": True, "suspended": False, "archived": False}
_NEVER = "never logged in"
_SEPARATORS = re.compile(r"[+;|,]")
_DOUBT = Observation(
    "key",
    "doubtful",
    "Google's export has no id that stays, so the address is the key: a rename looks like a leave and a join",
    "Where people are renamed, read Google's API instead, or a plain file with an id that never changes.",
)


def is_export(table: Table) -> bool:
    """Whether the header is the Admin console's."""
    return _ADDRESS in table.columns and _FIRST in table.columns


def layout(table: Table) -> Layout:
    """How to read this table; raises `DirectoryNotRead` when the header is that of a shortened export."""
    for taken, name in _REQUIRED:
        if taken.column not in table.columns:
            what = f"there is no column '{name}'; expected all columns that Directory > Users > Download users offers"
            raise refused(table.path, table.head, what)
    optional = (taken for taken in _OPTIONAL if taken.column in table.columns)
    return Layout("google", (*(taken for taken, _ in _REQUIRED), *optional), _entry, (_DOUBT,))


def _entry(row: Row) -> Entry:
    cells = row.cells
    fields: dict[str, object] = {
        "name": " ".join(filter(None, (cells[_FIRST], cells[_LAST]))),
        "mail": cells[_ADDRESS],
        "upn": cells[_ADDRESS],
        "enabled": _ENABLED[one_of(row, cells[_STATUS], "status", _ENABLED)],
    }
    if _LICENCES in cells:
        fields["licences"] = names_in(cells[_LICENCES], _SEPARATORS)
    if _EMPLOYEE in cells:
        fields["employee_id"] = cells[_EMPLOYEE]
    if _DEPARTMENT in cells:
        fields["department"] = cells[_DEPARTMENT]
    if _SIGN_IN in cells:
        never = cells[_SIGN_IN].casefold() in ("", _NEVER)
        fields["last_sign_in"] = None if never else day(row, cells[_SIGN_IN].replace("/", "-"))
    # Google compares addresses without case, and a program on the way may have altered it.
    return Sighting(cells[_ADDRESS].casefold(), fields)
