"""Finding the one group that a rule means."""

from ldap3.utils.conv import escape_filter_chars

from connectors.directories.ldap.session import Session
from connectors.directories.ldap.values import Found
from connectors.errors import Cause, DirectoryNotRead

_SHOWN = 5


def escaped(text: str) -> str:
    """A text that stands for itself within a filter."""
    return str(escape_filter_chars(text))


def meant(
    session: Session, context: str, groups: str, named: tuple[str, ...], name: str, attributes: tuple[str, ...]
) -> Found:
    """The group that a rule calls `name`: by its full DN, or by one of the attributes `named`.

    Raises `DirectoryNotRead` when there is none, or more than one.
    """
    # The first of them holds the DN, which a server need not compare with what can't be one.
    by = named if "=" in name else named[1:]
    search = f"(&{groups}(|{''.join(f'({attribute}={escaped(name)})' for attribute in by)}))"
    found = list(session.every(context, search, attributes))
    if len(found) == 1:
        return found[0]
    if not found:
        message = (
            f"The directory has no group '{name[:100]}', or we may not see it. A rule or the directory's `only` "
            "names it; write it by its name, by its sAMAccountName, or by its full distinguished name."
        )
        raise DirectoryNotRead(Cause.NOT_FOUND, message)
    which = "; ".join(sorted(group.dn for group in found)[:_SHOWN])
    message = (
        f"The directory has {len(found)} groups '{name[:100]}': {which}. Write the full distinguished name of the one "
        "that is meant into the rule or the directory's `only`."
    )
    raise DirectoryNotRead(Cause.NOT_FOUND, message)
