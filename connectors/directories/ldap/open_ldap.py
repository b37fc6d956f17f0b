"""Reading OpenLDAP, and any server that gives its entries an entryUUID (RFC 4530): always everything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from connectors.directories.entries import Entry, Sighting
from connectors.directories.ldap.groups import meant
from connectors.directories.ldap.root import Root, plain
from connectors.directories.ldap.session import Session
from connectors.directories.ldap.settings import LdapSettings
from connectors.directories.ldap.tally import Tally
from connectors.directories.ldap.values import Found
from connectors.directories.port import Reading
from connectors.directories.spool import Spool
from connectors.errors import Cause, DirectoryNotRead

_PEOPLE = "(objectClass=person)"
_GROUPS = (
    "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=groupOfMembers)(objectClass=posixGroup))"
)
_GROUP_NAMES = ("entryDN", "cn")
_MEMBERS = ("member", "uniqueMember", "memberUid")
_NO_ATTRIBUTES = ("1.1",)
# By this moment the password policy marks an account that an administrator has locked for good; any other one is that
# of a lock after wrong passwords, which passes. Source: draft-behera-ldap-password-policy, section 5.3.3.
_LOCKED_FOR_GOOD = "000001010000Z"
_ATTRIBUTES = (
    "entryUUID",
    "displayName",
    "cn",
    "mail",
    "userPrincipalName",
    "uid",
    "departmentNumber",
    "employeeNumber",
    "pwdAccountLockedTime",
)


@dataclass(slots=True)
class _Membership:
    """Who a group lists, by distinguished names as they are compared and by user ids; and who of them was seen."""

    dns: set[str] = field(default_factory=set)
    uids: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def mark(self, found: Found, object_id: str) -> None:
        """Takes the account if it is a member."""
        if plain(found.dn) in self.dns or not self.uids.isdisjoint(found.texts("uid")):
            self.seen.add(object_id)


@dataclass(frozen=True, slots=True)
class OpenLdap:
    """One server, as long as the session lasts."""

    session: Session
    root: Root
    settings: LdapSettings

    def read(self, cursor: str | None, spool: Spool, groups: Iterable[str]) -> Reading:
        """Everybody: there are no traces of who was deleted, so only a full list tells."""
        members = {name: self._membership(name) for name in groups}
        tally = Tally(spool)
        search = f"(&{_PEOPLE}{self.settings.filter or ''})"
        for page in self.session.pages(self.settings.base, search, _ATTRIBUTES):
            entries = [_sighting(found) for found in page]
            tally.keep(entries)
            for membership in members.values():
                for found, entry in zip(page, entries, strict=True):
                    membership.mark(found, entry.object_id)
        return Reading(
            full=True,
            cursor=None,
            pages=tally.pages,
            people=tally.people,
            members={name: frozenset(membership.seen) for name, membership in members.items()},
            licences=False,
        )

    def sees_deleted(self) -> bool:
        """Nobody does here."""
        return False

    def group(self, name: str) -> Found:
        """The group that a rule calls so."""
        return meant(self.session, self._top, _GROUPS, _GROUP_NAMES, name, _MEMBERS)

    @property
    def _top(self) -> str:
        return self.root.context_of(self.settings.base)

    def _membership(self, name: str) -> _Membership:
        """Everybody whom the group lists, and the groups within it, however they may refer to each other."""
        others = {plain(group.dn) for group in self.session.every(self._top, _GROUPS, _NO_ATTRIBUTES)}
        membership = _Membership()
        waiting = [self.group(name)]
        walked = {plain(waiting[0].dn)}
        while waiting:
            group = waiting.pop()
            membership.uids.update(group.texts("memberUid"))
            for dn in (*group.texts("member"), *group.texts("uniqueMember")):
                if plain(dn) not in others:
                    membership.dns.add(plain(dn))
                elif plain(dn) not in walked:
                    walked.add(plain(dn))
                    within = self.session.one(dn, _MEMBERS)
                    waiting.extend([within] if within is not None else [])
        return membership


def _sighting(found: Found) -> Entry:
    key = found.text("entryUUID")
    if not key:
        message = (
            "The LDAP server gives its entries no entryUUID, so a renamed account would look like a new one. Rollcall "
            "reads Active Directory, OpenLDAP, and others with entryUUID; let the account see operational attributes."
        )
        raise DirectoryNotRead(Cause.MALFORMED, message)
    fields: Mapping[str, object] = {
        "name": found.text("displayName", "cn"),
        "mail": found.text("mail"),
        "upn": found.text("userPrincipalName", "uid"),
        "enabled": found.text("pwdAccountLockedTime") != _LOCKED_FOR_GOOD,
        "licences": None,
        "department": found.text("departmentNumber"),
        "employee_id": found.text("employeeNumber"),
    }
    return Sighting(key.casefold(), fields)
