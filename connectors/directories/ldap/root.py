"""What an LDAP server says about itself before it is asked for anybody."""

import re
from dataclasses import dataclass
from datetime import datetime

from connectors.directories.ldap.session import Session
from connectors.directories.ldap.values import moment

_ACTIVE_DIRECTORY = "1.2.840.113556.1.4.800"
_ATTRIBUTES = (
    "supportedCapabilities",
    "namingContexts",
    "dsServiceName",
    "dnsHostName",
    "highestCommittedUSN",
    "domainFunctionality",
    "currentTime",
    "vendorName",
)
# Source: the attribute msDS-Behavior-Version in Microsoft's schema.
_LEVELS = {0: "2000", 2: "2003", 3: "2008", 4: "2008 R2", 5: "2012", 6: "2012 R2", 7: "2016", 10: "2025"}
_AROUND_SIGNS = re.compile(r"\s*([,=])\s*")


@dataclass(frozen=True, slots=True)
class Root:
    """`service` names the controller's own entry, `usn` its newest change; both only where it is Active Directory."""

    is_active_directory: bool
    contexts: tuple[str, ...]
    name: str
    service: str
    usn: int | None
    level: int | None
    now: datetime | None

    def context_of(self, base: str) -> str:
        """The top of the tree to which `base` belongs, where groups and what was deleted may be; else the base."""
        held = [context for context in self.contexts if context and f",{plain(base)}".endswith(f",{plain(context)}")]
        return max(held, key=len, default=base)

    def described(self) -> str:
        """The kind of server in words."""
        if not self.is_active_directory:
            return "a server with entryUUID, such as OpenLDAP"
        level = _LEVELS.get(self.level, str(self.level)) if self.level is not None else "unknown"
        return f"Active Directory, functional level {level}"


def root_of(session: Session) -> Root:
    """The server's words about itself, as they are now."""
    found = session.root(_ATTRIBUTES)
    return Root(
        is_active_directory=_ACTIVE_DIRECTORY in found.texts("supportedCapabilities"),
        contexts=found.texts("namingContexts"),
        name=found.text("dnsHostName"),
        service=found.text("dsServiceName"),
        usn=found.number("highestCommittedUSN"),
        level=found.number("domainFunctionality"),
        now=moment(found.text("currentTime")),
    )


def plain(dn: str) -> str:
    """A distinguished name as it is compared: without the spaces and the case that mean nothing."""
    return _AROUND_SIGNS.sub(r"\1", dn.strip()).casefold()
