"""The file that the Microsoft 365 admin centre saves under Users, Active users, Export users, taken as it is.

Its columns have changed over the years (`State` became `StateOrProvince`); the ones read here are in all of them.
"""

from connectors.directories.csv_file.plain import EntryReader, flag, licence_names
from connectors.directories.csv_file.table import Row, Table, fold, refused
from connectors.directories.entries import Entry, Removal, Sighting

_ID, _NAME, _UPN = fold("Object Id"), fold("Display name"), fold("User principal name")
_BLOCKED, _LICENCES = fold("Block credential"), fold("Licenses")
_ADDRESSES, _DELETED = fold("Proxy addresses"), fold("Soft deletion time stamp")
_REQUIRED = {_ID: "Object Id", _NAME: "Display name", _UPN: "User principal name", _LICENCES: "Licenses"}


def is_export(table: Table) -> bool:
    """Whether the header is the admin centre's."""
    return _UPN in table.columns and _LICENCES in table.columns


def reader(table: Table) -> EntryReader:
    """How to read one row; raises `DirectoryNotRead` when the header is that of a shortened export."""
    for column, name in (*_REQUIRED.items(), (_BLOCKED, "Block credential")):
        if column not in table.columns:
            what = f"there is no column '{name}'; expected the full file that Users > Active users > Export users saves"
            raise refused(table.path, 1, what)

    def entry(row: Row) -> Entry:
        if row.cells.get(_DELETED):
            return Removal(row.cells[_ID], permanent=False)
        return Sighting(row.cells[_ID], _fields(table, row))

    return entry


def _fields(table: Table, row: Row) -> dict[str, object]:
    cells = row.cells
    fields: dict[str, object] = {
        "name": cells[_NAME],
        "upn": cells[_UPN],
        "enabled": not flag(table.path, row.line, cells[_BLOCKED] or "false"),
        # A guest's principal name is made of the foreign address; the export has no column that says it.
        "guest": "#EXT#" in cells[_UPN].upper(),
        "licences": () if cells[_LICENCES].casefold() == "unlicensed" else licence_names(cells[_LICENCES]),
    }
    if _ADDRESSES in cells:
        fields["mail"] = _primary(cells[_ADDRESSES])
    return fields


def _primary(addresses: str) -> str:
    """The address that Exchange marks as primary by writing its type in capitals."""
    return next((part.strip()[5:] for part in addresses.split("+") if part.strip().startswith("SMTP:")), "")
