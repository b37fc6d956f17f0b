"""The file that the Microsoft 365 admin centre saves under Users, Active users, Export users, taken as it is.

Its columns have changed over the years (`State` became `StateOrProvince`); the ones read here are in all of them.
"""

import re

from connectors.directories.csv_file.layout import Layout, Taken, flag
from connectors.directories.csv_file.licences import licences_in
from connectors.directories.csv_file.table import Row, Table, fold, refused
from connectors.directories.entries import Entry, Removal, Sighting

_ID, _NAME, _UPN = fold("Object Id"), fold("Display name"), fold("User principal name")
_BLOCKED, _LICENCES = fold("Block credential"), fold("Licenses")
_ADDRESSES, _DELETED, _DEPARTMENT = fold("Proxy addresses"), fold("Soft deletion time stamp"), fold("Department")
# One with a space on either side is part of a name: Enterprise Mobility + Security E3.
_SEPARATORS = re.compile(r"(?<! )\+|\+(?! )|[;|]")
_REQUIRED = (
    (Taken("id", _ID), "Object Id"),
    (Taken("name", _NAME), "Display name"),
    (Taken("upn", _UPN), "User principal name"),
    (Taken("licences", _LICENCES), "Licenses"),
    (Taken("enabled", _BLOCKED, "flag"), "Block credential"),
)
_OPTIONAL = (Taken("mail", _ADDRESSES), Taken("department", _DEPARTMENT), Taken("deleted", _DELETED, "mark"))


def is_export(table: Table) -> bool:
    """Whether the header is the admin centre's."""
    return _UPN in table.columns and _LICENCES in table.columns


def layout(table: Table) -> Layout:
    """How to read this table; raises `DirectoryNotRead` when the header is that of a shortened export."""
    for taken, name in _REQUIRED:
        if taken.column not in table.columns:
            what = f"there is no column '{name}'; expected the full file that Users > Active users > Export users saves"
            raise refused(table.path, table.head, what)
    optional = (taken for taken in _OPTIONAL if taken.column in table.columns)
    return Layout("microsoft365", (*(taken for taken, _ in _REQUIRED), *optional), _entry)


def _entry(row: Row) -> Entry:
    if row.cells.get(_DELETED):
        return Removal(row.cells[_ID], permanent=False)
    return Sighting(row.cells[_ID], _fields(row))


def _fields(row: Row) -> dict[str, object]:
    cells = row.cells
    fields: dict[str, object] = {
        "name": cells[_NAME],
        "upn": cells[_UPN],
        "enabled": not flag(row, cells[_BLOCKED] or "false"),
        # A guest's principal name is made of the foreign address; the export has no column that says it.
        "guest": "#EXT#" in cells[_UPN].upper(),
        "licences": licences_in(cells[_LICENCES], _SEPARATORS),
    }
    if _ADDRESSES in cells:
        fields["mail"] = _primary(cells[_ADDRESSES])
    if _DEPARTMENT in cells:
        fields["department"] = cells[_DEPARTMENT]
    return fields


def _primary(addresses: str) -> str:
    """The address that Exchange marks as primary by writing its type in capitals."""
    return next((part.strip()[5:] for part in addresses.split("+") if part.strip().startswith("SMTP:")), "")
