"""Values of LDAP attributes, which come as lists of bytes, as values of ours."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from connectors.errors import Cause, DirectoryNotRead

# Windows counts the time in tenths of a microsecond since 1601.
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_NEVER = (0, 0x7FFF_FFFF_FFFF_FFFF)


@dataclass(frozen=True, slots=True)
class Found:
    """One entry that a search found: its distinguished name, and its attributes by name in lower case."""

    dn: str
    values: Mapping[str, tuple[bytes, ...]]

    def texts(self, name: str) -> tuple[str, ...]:
        """All values of an attribute as texts."""
        return tuple(value.decode("utf-8", "replace") for value in self.values.get(name.casefold(), ()))

    def text(self, *names: str) -> str:
        """The first value of the first attribute that has one; empty where none has, or where we may not see it."""
        return next((text for name in names for text in self.texts(name)[:1]), "")

    def number(self, name: str) -> int | None:
        """The number in an attribute, None where there is none."""
        text = self.text(name)
        if not text:
            return None
        try:
            return int(text)
        except ValueError as problem:
            raise malformed(f"a {name} that isn't a number") from problem

    def first(self, name: str) -> bytes:
        """The first value as it came; empty where there is none."""
        return next(iter(self.values.get(name.casefold(), ())), b"")


def guid(value: bytes) -> str:
    """A Windows GUID in the form in which every tool of Microsoft's shows it."""
    if len(value) != len(uuid.UUID(int=0).bytes):
        raise malformed("an entry without an objectGUID")
    return str(uuid.UUID(bytes_le=value))


def day_of(filetime: int | None) -> date | None:
    """The day (UTC) of a Windows time, None for one that means never."""
    if filetime is None or filetime in _NEVER:
        return None
    try:
        return (_EPOCH + timedelta(microseconds=filetime // 10)).date()
    except OverflowError as problem:
        raise malformed("a time beyond the calendar") from problem


def moment(text: str) -> datetime | None:
    """LDAP's generalized time, as servers write their clock; None where it can't be understood."""
    try:
        return datetime.strptime(text.partition(".")[0].rstrip("Z"), "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def relative_id(sid: bytes) -> int:
    """The last part of a Windows security id, by which accounts name their primary group."""
    return int.from_bytes(sid[-4:], "little")


def malformed(what: str) -> DirectoryNotRead:
    """The error for an answer that is LDAP, but not what the server's documentation promises."""
    message = f"The LDAP server sent {what}, so its answer can't be trusted. Nothing was taken; sync again later."
    return DirectoryNotRead(Cause.MALFORMED, message)
