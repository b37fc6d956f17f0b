"""The groups that rules ask for, as a file says who is in them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from connectors.directories.entries import Entry, Removal, Sighting
from connectors.errors import Cause, DirectoryNotRead

_MOST_LISTED = 10


def marked(path: Path, entries: Iterable[Entry], asked: tuple[str, ...]) -> Iterator[Entry]:
    """The same entries with the groups that were asked for, as the rules call them; without groups if none was.

    Raises:
        DirectoryNotRead: after the last entry, that nobody is in a group that was asked for.

    """
    called = {group.casefold(): group for group in asked}
    there: dict[str, None] = {}
    for entry in entries:
        if isinstance(entry, Removal):
            yield entry
            continue
        fields = {field: value for field, value in entry.fields.items() if field != "groups"}
        if asked:
            theirs: tuple[str, ...] = entry.fields["groups"] or ()
            there.update(dict.fromkeys(theirs))
            fields["groups"] = tuple(sorted(called[name] for name in map(str.casefold, theirs) if name in called))
        yield Sighting(entry.object_id, fields)
    missing = called.keys() - {name.casefold() for name in there}
    if missing:
        names = sorted(there)
        listed = ", ".join(names[:_MOST_LISTED]) + (" and more" if len(names) > _MOST_LISTED else "")
        wanted = ", ".join(sorted(called[name] for name in missing))
        message = (
            f"{path}: nobody is in the group {wanted}, which a rule or the directory's `only` names; the file has "
            f"{listed or 'no groups'}. Correct the name in the book, or the file; nothing was read from it."
        )
        raise DirectoryNotRead(Cause.NOT_FOUND, message)


def no_groups(path: Path, asked: tuple[str, ...]) -> DirectoryNotRead:
    """The error for a file that doesn't say who is in which group."""
    message = (
        f"{path} has no column of groups, and a rule or the directory's `only` names {', '.join(asked)}. Add a column "
        "`groups` to a plain file (several separated by +), or name no group in the book."
    )
    return DirectoryNotRead(Cause.MALFORMED, message)
