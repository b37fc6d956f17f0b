"""A look at each server of a directory: the sign-in, its certificate, and what it lets us see."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from connectors.directories.examined import Examined, Observation
from connectors.directories.ldap.active_directory import ActiveDirectory
from connectors.directories.ldap.dialects import dialect
from connectors.directories.ldap.open_ldap import OpenLdap
from connectors.directories.ldap.session import Access, Session, signed_in
from connectors.directories.ldap.settings import Host, LdapSettings
from connectors.directories.patience import TryAgain
from connectors.errors import DirectoryNotRead
from rosters.rules import Wanted

NO_LICENCES = (
    "A directory of kind ldap knows no licences, but a roster of this client asks for them. Give that roster's rule "
    "`basis: enabled`, or read a directory of kind entra as well, which knows them."
)
_SOON = timedelta(days=30)
_RENEW = "Renew the certificate on that server; once it is over, nothing is read."


def examined(settings: LdapSettings, access: Access, wanted: Wanted, now: Callable[[], datetime]) -> Examined:
    """Everything that can be seen; what stands in the way is told as an observation."""
    observations: list[Observation] = []
    ahead: timedelta | None = None
    if wanted.needs_licences:
        said, _, remedy = NO_LICENCES.partition(". ")
        observations.append(Observation("licences", "broken", said, remedy))
    for host in settings.hosts():
        try:
            with signed_in(access, host, settings.base) as session:
                server = dialect(session, settings)
                ahead = server.root.now - now() if server.root.now is not None else ahead
                observations.extend(_server(session, server, settings, wanted, now()))
        except (DirectoryNotRead, TryAgain) as failure:
            observations.append(_broken(f"sign-in {host}", failure))
    return Examined(tuple(observations), ahead=ahead)


def _server(
    session: Session, server: ActiveDirectory | OpenLdap, settings: LdapSettings, wanted: Wanted, now: datetime
) -> Iterator[Observation]:
    named = f", {server.root.name}" if server.root.name else ""
    yield Observation(f"sign-in {session.host}", "well", f"{settings.user}{named}, {server.root.described()}")
    yield _certificate(session.host, session.certificate_ends(), now)
    if session.one(settings.base, ("1.1",)) is None:
        remedy = f"Correct `base` in the book, or let {settings.user} read it."
        yield Observation("base", "broken", f"{settings.base} isn't there, or may not be seen", remedy)
    if isinstance(server, ActiveDirectory):
        seen = (
            "are seen: a day's first reading is full" if server.sees_deleted() else "aren't seen: every reading is full"
        )
        yield Observation("deleted accounts", "well", seen)
    for name in wanted.groups:
        try:
            yield Observation(f"group {name}", "well", server.group(name).dn)
        except DirectoryNotRead as failure:
            yield _broken(f"group {name}", failure)


def _certificate(host: Host, ends: datetime | None, now: datetime) -> Observation:
    what = f"certificate {host}"
    if ends is None:
        return Observation(what, "doubtful", "doesn't say when it ends", "Renew it by the usual tools.")
    said = f"expires on {ends:%Y-%m-%d}, in {(ends - now).days} days"
    return Observation(what, "doubtful", said, _RENEW) if ends - now <= _SOON else Observation(what, "well", said)


def _broken(what: str, failure: DirectoryNotRead | TryAgain) -> Observation:
    said, _, remedy = str(failure).partition(". ")
    return Observation(what, "broken", said.rstrip("."), remedy)
