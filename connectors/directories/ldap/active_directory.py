"""Reading Active Directory, from Windows or Samba: everything, or what one controller has changed since.

Sources: "Polling for Changes Using USNChanged" and "Retrieving Deleted Objects" in Microsoft's documentation of AD DS.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from connectors.directories.entries import Entry, Removal, Sighting
from connectors.directories.ldap.cursor import Cursor
from connectors.directories.ldap.groups import escaped, meant
from connectors.directories.ldap.root import Root
from connectors.directories.ldap.session import Session
from connectors.directories.ldap.settings import LdapSettings
from connectors.directories.ldap.tally import Tally
from connectors.directories.ldap.values import Found, day_of, guid, malformed, relative_id
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead

# People by their category, which contacts share, and by their kind of account, which contacts have not. What Windows
# itself brings along (Administrator, Guest, krbtgt) is marked as critical, and nobody's colleague.
_PEOPLE = "(objectCategory=person)(sAMAccountType=805306368)(!(isCriticalSystemObject=TRUE))"
_GROUPS = "(objectCategory=group)"
_GROUP_NAMES = ("distinguishedName", "cn", "sAMAccountName")
_IN_CHAIN = "1.2.840.113556.1.4.1941"
_DISABLED = 0x2
_ATTRIBUTES = (
    "objectGUID",
    "displayName",
    "cn",
    "mail",
    "userPrincipalName",
    "sAMAccountName",
    "userAccountControl",
    "department",
    "employeeID",
    "lastLogonTimestamp",
)


@dataclass(frozen=True, slots=True)
class ActiveDirectory:
    """One controller, as long as the session lasts."""

    session: Session
    root: Root
    settings: LdapSettings

    def read(self, cursor: str | None, spool: Spool, groups: Iterable[str]) -> Reading:
        """Everybody, or what changed since the cursor and who was deleted."""
        # The controller's newest change comes first: whatever changes from here on belongs to the next reading too.
        now = self._position() if self.sees_deleted() else None
        before = Cursor.parsed(cursor)
        tally = Tally(spool)
        full = now is None or before is None or not before.leads_to(now)
        if full or before is None:
            self._keep(tally, None)
            # An account that is moved while the pages come may slip from those ahead to those behind.
            self._keep(tally, self.root.usn)
        else:
            self._keep(tally, before.usn)
            self._keep_deleted(tally, before.usn)
        return Reading(
            full=full,
            cursor=now.model_dump_json() if now is not None else None,
            pages=tally.pages,
            people=tally.people,
            members={name: self.members(name) for name in groups},
            licences=False,
        )

    def sees_deleted(self) -> bool:
        """Whether we may see who was deleted: proved by one, since a server shows nobody instead of refusing."""
        pages = self.session.pages(self._domain, "(&(isDeleted=TRUE)(objectClass=user))", ["objectGUID"], deleted=True)
        return any(any(found.first("objectguid") for found in page) for page in pages)

    def group(self, name: str) -> Found:
        """The group that a rule calls so."""
        return meant(self.session, self._domain, _GROUPS, _GROUP_NAMES, name, ("objectSid",))

    def members(self, name: str) -> frozenset[str]:
        """Who is in the group, also through others, and also those whose primary group it is, which it doesn't list."""
        group = self.group(name)
        chain = f"(memberOf:{_IN_CHAIN}:={escaped(group.dn)})"
        within = [group, *self.session.every(self._domain, f"(&{_GROUPS}{chain})", ["objectSid"])]
        primary = "".join(f"(primaryGroupID={relative_id(sid)})" for one in within if (sid := one.first("objectSid")))
        search = self._people(f"(|{chain}{primary})")
        return frozenset(
            guid(one.first("objectGUID")) for one in self.session.every(self._base, search, ["objectGUID"])
        )

    @property
    def _base(self) -> str:
        return self.settings.base

    @property
    def _domain(self) -> str:
        return self.root.context_of(self.settings.base)

    def _people(self, also: str = "") -> str:
        return f"(&{_PEOPLE}{self.settings.filter or ''}{also})"

    def _keep(self, tally: Tally, since: int | None) -> None:
        search = self._people() if since is None else self._people(_after(since))
        for page in self.session.pages(self._base, search, _ATTRIBUTES):
            tally.keep(_sighting(found) for found in page)

    def _keep_deleted(self, tally: Tally, since: int) -> None:
        search = f"(&(isDeleted=TRUE)(objectClass=user){_after(since)})"
        for page in self.session.pages(self._domain, search, ["objectGUID", "isRecycled"], deleted=True):
            tally.keep(_removal(found) for found in page)

    def _position(self) -> Cursor | None:
        """Where we would go on from; None where the controller doesn't say which one it is."""
        root = self.root
        entry = self.session.one(root.service, ["invocationId"]) if root.service else None
        invocation = entry.first("invocationId") if entry is not None else b""
        if not invocation or root.usn is None or root.now is None:
            return None
        scope = f"{self.settings.base} {self.settings.filter or ''}"
        return Cursor(
            host=str(self.session.host),
            controller=f"{guid(invocation)} {root.service}",
            usn=root.usn,
            full=root.now.date(),
            scope=scope,
        )


def _after(usn: int | None) -> str:
    if usn is None:
        raise malformed("no number of its newest change")
    return f"(uSNChanged>={usn + 1})"


def _removal(found: Found) -> Entry:
    return Removal(guid(found.first("objectGUID")), permanent=found.text("isRecycled") == "TRUE")


def _sighting(found: Found) -> Entry:
    control = found.number("userAccountControl")
    if control is None:
        message = (
            "The account by which we sign in may not see whether others are disabled (userAccountControl), so nothing "
            "was taken. Grant it the right to read all properties of the users below the base."
        )
        raise DirectoryNotRead(Cause.FORBIDDEN, message)
    fields: Mapping[str, object] = {
        "name": found.text("displayName", "cn"),
        "mail": found.text("mail"),
        # An account of old may have no principal name; whoever has it signs in by this one.
        "upn": found.text("userPrincipalName", "sAMAccountName"),
        "enabled": not control & _DISABLED,
        "licences": None,
        "department": found.text("department"),
        "employee_id": found.text("employeeID"),
        "last_sign_in": day_of(found.number("lastLogonTimestamp")),
    }
    return Sighting(guid(found.first("objectGUID")), fields)
